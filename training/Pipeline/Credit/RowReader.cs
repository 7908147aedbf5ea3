using System.Globalization;
using System.Text;
using Serverless.Serving;
using Serverless.Serving.Credit;
using Serverless.Training.Drops;
using Serverless.Training.Quality;

namespace Serverless.Training.Credit;

/// <summary>Reads a loan export row by row; rows with a fault are left out and judged at the end, and so are rows that are too young to have an outcome.</summary>
internal sealed class RowReader
{
    /// <summary>Fewest rows that a model is trained on.</summary>
    public const int MinRows = 50;

    /// <summary>Fewest rows of each class.</summary>
    public const int MinOfAClass = 10;

    private readonly CreditContract _contract;
    private readonly ReadingContext _context;
    private readonly DropTable _table;
    private readonly RowFaults _faults = new();
    private readonly OutcomeCalendar _calendar = new();
    private readonly LoanProfile? _profile;
    private readonly RowRules _rules;
    private readonly Derivation _derivation;
    private readonly int[] _sources;
    private readonly Operand[] _operands;
    private readonly LoanColumn _target;
    private readonly LoanColumn? _idColumn;
    private readonly LoanColumn? _date;
    private readonly LoanColumn[] _inputs;
    private readonly LoanColumn[] _others;
    private readonly int _id;
    private readonly int _targetAt;
    private readonly int[] _content;
    private readonly bool _keeps;
    private readonly double _latestDay;
    private readonly OutcomeRule _outcome;
    private readonly SeenHashes<ulong> _seenIds = new();
    private readonly List<LoanOutcome> _outcomes = [];
    private readonly List<ulong> _keys = [];
    private readonly List<double> _dates = [];
    private readonly StringBuilder _row = new();
    private int _rows, _repeated;

    private RowReader(CreditContract contract, DropTable table, ReadingContext context)
    {
        (_contract, _table, _context, _keeps) = (contract, table, context, context.KeepRows);
        _faults.Of(table);
        var codes = ValueFormat.Of(contract.Format);
        var columns = contract.Columns.Where(c => table.IndexOf(c.Name) >= 0 || c.Expression is not null).ToList();
        _profile = !context.Profiled ? null : new LoanProfile(contract, context, columns.Count);
        LoanColumn Open(ColumnReader reader) => new(reader, table.IndexOf(reader.Column.Name), _profile?.Watch(reader), _keeps && reader.Column.Role == ColumnRole.Input);
        LoanColumn? Single(ColumnRole role) => columns.FirstOrDefault(c => c.Role == role) is { } column ? Open(Reader(column)) : null;
        ColumnReader Reader(Column column) => new(column, false, table.Format, codes);
        (_target, _idColumn, _date) = (Single(ColumnRole.Target)!, Single(ColumnRole.Id), Single(ColumnRole.Date));
        _inputs = [.. ColumnReader.Inputs(contract, table.Format).Select(Open)];
        _others = _profile is null ? [] : [.. columns.Where(c => c.Role is ColumnRole.Protected or ColumnRole.Ignored).Select(c => Open(Reader(c)))];
        _id = _idColumn is null ? -1 : table.IndexOf(_idColumn.Column.Name);
        _targetAt = table.IndexOf(_target.Column.Name);
        _outcome = new OutcomeRule(contract);
        _content = [.. columns.Where(c => c.Role != ColumnRole.Ignored && c.Expression is null).Select(c => table.IndexOf(c.Name))];
        _rules = new RowRules(contract, table);
        _derivation = new Derivation(contract, _inputs.Select(i => i.Column), table.Format);
        _sources = [.. _derivation.Sources.Select(s => table.IndexOf(s.Column.Name))];
        _operands = new Operand[_sources.Length];
        _latestDay = (context.Latest.UtcTicks - DateTime.UnixEpoch.Ticks) / (double)TimeSpan.TicksPerDay;
    }

    /// <summary>Reads a drop and says what was seen of it; where the context says so without keeping its rows. Columns that the contract does not name are not read.</summary>
    public static async Task<DropReading> ReadAsync(CreditContract contract, LocalDrop drop, ReadingContext context, IProgress<TrainingProgress> progress, CancellationToken cancel)
    {
        var opened = await DropTable.OpenAsync(drop, contract.Format, contract.Limits, cancel);
        if (opened is not Outcome<DropTable>.Done { Value: var table }) return new(opened.Pass<TrainingRows>(), null);
        await using var open = table;
        var sources = new Derivation(contract, contract.Columns).Sources.Select(s => s.Column).ToHashSet();
        var absent = contract.Columns.Where(c => c.Expression is null && (c.Role != ColumnRole.Ignored || sources.Contains(c)) && table.IndexOf(c.Name) < 0).Select(c => $"'{c.Name}'").ToList();
        if (absent.Count > 0)
        {
            var reason = $"The header lacks {string.Join(", ", absent)}, which version '{contract.Version}' of the contract of '{contract.Portfolio}' asks for: add the columns, or activate a contract without them.{table.DelimiterAdvice}";
            return new(Outcome<TrainingRows>.Reject(reason), Describe(contract, drop, context, table) with { Reasons = [reason] });
        }

        var reader = new RowReader(contract, table, context);
        string? unreadable = null;
        try
        {
            while (await table.ReadAsync(cancel))
            {
                reader.ReadRow();
                if (reader._rows % 4096 != 0) continue;
                cancel.ThrowIfCancellationRequested();
                progress.Report(new TrainingProgress("reading", table.Fraction));
            }
        }
        catch (InvalidDataException error)
        {
            unreadable = error.Message;
        }

        return reader.Finish(drop, unreadable);
    }

    private static DropQuality Describe(CreditContract contract, LocalDrop drop, ReadingContext context, DropTable table) => new()
    {
        Family = contract.Family,
        Portfolio = contract.Portfolio,
        ContractVersion = contract.Version,
        DataSha256 = drop.Sha256,
        ReadAt = context.Now,
        Rows = 0,
        RowsInError = 0,
        ColumnsOutsideContract = table.Header.Except(contract.Columns.Select(c => c.Name)).Count(),
        ComparedWith = context.Champion is null ? null : context.ChampionVersion,
    };

    private void ReadRow()
    {
        _rows++;
        if (!_table.Complete)
        {
            _faults.Add(_table.Row, "has another number of fields than the header.");
            return;
        }

        var faultless = ReadOutcome(out var outcome) & ReadKey(out var key) & ReadDate(out var date);
        faultless &= ReadSources();
        foreach (var input in _inputs)
        {
            if (input.Computed) input.Take(_derivation.Compute(input.Column.Name, _operands), default);
            else faultless &= Note(input.Read(_table, date).Fault);
        }

        foreach (var other in _others) other.Read(_table, date);
        foreach (var broken in _rules.Broken(_table)) faultless &= Note(broken);
        _profile?.EndRow(_date is null ? double.NaN : date);
        if (faultless && _idColumn is not null && !_seenIds.Add(RowHash.Of(_table[_id].Trim())))
        {
            _repeated++;
            faultless = Note($"'{_idColumn.Column.Name}' repeats the id of an earlier row: drop each loan once.");
        }

        if (!double.IsNaN(date)) _calendar.Add(_table.Row, (int)Math.Floor(date), outcome, faultless);
        if (!faultless || !_keeps) return;
        foreach (var input in _inputs) input.Keep();
        _outcomes.Add(outcome);
        _keys.Add(key);
        _dates.Add(date);
    }

    // What other columns are computed from; faults of inputs are told where these are read.
    private bool ReadSources()
    {
        var faultless = true;
        for (var i = 0; i < _sources.Length; i++)
        {
            var cell = _derivation.Sources[i].Read(_table[_sources[i]]);
            if (_derivation.Sources[i].Column.Role != ColumnRole.Input) faultless &= Note(cell.Fault);
            _operands[i] = Operand.Of(cell);
        }

        return faultless;
    }

    private bool ReadOutcome(out LoanOutcome outcome)
    {
        var cell = _target.Read(_table);
        outcome = _outcome.Of(cell, _table[_targetAt]);
        // Whether a loan is too young to need one shows only at the end.
        return outcome == LoanOutcome.None && _contract.PerformanceMonths is null ? Note(NoOutcome) : Note(cell.Fault);
    }

    private string NoOutcome => $"'{_target.Column.Name}' is empty: a training row needs its outcome.";

    private bool ReadKey(out ulong key)
    {
        key = 0;
        _row.Clear();
        if (_idColumn is not null)
        {
            _idColumn.Read(_table);
            var id = _table[_id].Trim();
            if (_keeps) key = RowKeys.Of(id.ToString());
            return !id.IsEmpty || Note($"'{_idColumn.Column.Name}' is empty: each loan needs its id.");
        }

        if (!_keeps) return true;
        foreach (var column in _content) _row.Append(_table[column]).Append('\u001f');
        key = RowKeys.Of(_row.ToString());
        return true;
    }

    // A date that cannot be used is NaN.
    private bool ReadDate(out double date)
    {
        date = 0;
        if (_date is null) return true;
        var cell = _date.Read(_table);
        date = cell.Kind == CellKind.Number && cell.Number <= _latestDay ? cell.Number : double.NaN;
        return cell.Kind switch
        {
            CellKind.Fault => Note(cell.Fault),
            CellKind.Number => !double.IsNaN(date) || Note($"'{_date.Column.Name}' lies in the future: correct it, or the clock of the system that wrote it."),
            _ => Note($"'{_date.Column.Name}' is empty: each loan needs its date."),
        };
    }

    private bool Note(string? fault)
    {
        if (fault is not null) _faults.Add(_table.Row, fault);
        return fault is null;
    }

    /// <summary>
    /// Rows that are younger than the window are left out, bad ones too: a bad loan is known early and a good one only at the end, so
    /// the young bad ones alone would raise the rate. For the same reason an outcome that a young row lacks is no fault.
    /// </summary>
    private DropReading Finish(LocalDrop drop, string? unreadable)
    {
        var observed = _contract.PerformanceMonths is null || _date is null || _calendar.Latest is not { } latest
            ? (DateOnly?)null : _context.ObservedOn ?? _contract.ObservedOn ?? OutcomeCalendar.DateOf(latest);
        var until = observed is { } day ? OutcomeCalendar.LastMature(day, _contract.PerformanceMonths!.Value) : int.MaxValue;
        if (_contract.PerformanceMonths is not null)
        {
            var (open, first) = _calendar.OpenUntil(until);
            _faults.Add(open, first, NoOutcome);
        }

        var immature = _calendar.After(until);
        var rate = _calendar.Rate(until);
        IReadOnlyList<string> reasons = unreadable is not null ? [unreadable] : _faults.Judge(_rows, _contract.Training);
        if (reasons.Count == 0 && observed is { } said && OutcomeCalendar.DayOf(said) > _latestDay)
            reasons = [string.Create(CultureInfo.InvariantCulture, $"The outcomes are said to be those of {said:yyyy-MM-dd}, which lies in the future: correct the day of observation.")];
        if (reasons.Count == 0 && !_context.Addition) reasons = TooLittle(rate, immature, observed);
        var quality = _profile is null ? null : Quality(drop, reasons, until, immature, observed, rate);
        if (reasons.Count > 0) return new(Outcome<TrainingRows>.Reject(reasons), quality);
        return new(_keeps ? Build(until, immature) : new CountedRows(rate?.Rows ?? 0, _faults.Rows), quality);
    }

    private IReadOnlyList<string> TooLittle(EventRate? rate, int immature, DateOnly? observed)
    {
        var (rows, bads) = (rate?.Rows ?? 0, rate?.Events ?? 0);
        var target = _target.Column.Name;
        var young = immature == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" {immature} rows younger than {_contract.PerformanceMonths} months on {observed:yyyy-MM-dd} were left out, since their outcome is not known yet: drop older loans, or correct the day of observation.");
        if (rows > 0 && bads == 0) return [$"Every row is good: a model needs both good and bad loans. Check '{target}', and what the contract lists as bad.{young}"];
        if (rows > 0 && bads == rows) return [$"Every row is bad: a model needs both good and bad loans. Check '{target}', and what the contract lists as bad.{young}"];
        return rows < MinRows || bads < MinOfAClass || rows - bads < MinOfAClass
            ? [string.Create(CultureInfo.InvariantCulture, $"{rows} rows with {bads} bad loans are too few: a model needs at least {MinRows} rows with {MinOfAClass} good and {MinOfAClass} bad loans.{young}")]
            : [];
    }

    private DropQuality Quality(LocalDrop drop, IReadOnlyList<string> reasons, int until, int immature, DateOnly? observed, EventRate? rate)
    {
        var (columns, duplicates) = _profile!.End(_date is null ? null : _calendar.LastFifth(until), until, _seenIds.Count);
        var quality = Describe(_contract, drop, _context, _table) with
        {
            Reasons = reasons,
            Rows = _rows,
            RowsInError = _faults.Rows,
            RowsImmature = immature,
            ObservedOn = observed,
            RepeatedIds = _repeated,
            DuplicateRows = duplicates,
            FirstFaults = _faults.First,
            Outcomes = rate,
            Months = _date is null ? [] : _calendar.Months(until),
            OutcomeDrift = _date is null ? null : _calendar.Drift(until),
            Columns = columns,
            Rules = _rules.Quality(),
        };
        return quality with { Findings = Findings.Of(quality) };
    }

    private CreditRows Build(int until, int immature)
    {
        int[]? rows = _contract.PerformanceMonths is null
            ? null : [.. Enumerable.Range(0, _outcomes.Count).Where(row => Math.Floor(_dates[row]) <= until && _outcomes[row] != LoanOutcome.None)];
        T[] Of<T>(List<T> values) => rows is null ? [.. values] : Array.ConvertAll(rows, row => values[row]);
        return new CreditRows(
            _contract, [.. _inputs.Select(i => i.Build(rows))], Array.ConvertAll(Of(_outcomes), o => o == LoanOutcome.Bad), Of(_keys), _date is null ? [] : Of(_dates), _faults.Rows)
        { RowsImmature = immature };
    }
}
