using System.Globalization;
using System.Text;
using Serverless.Serving;
using Serverless.Serving.Credit;
using Serverless.Training.Drops;

namespace Serverless.Training.Credit;

/// <summary>Reads a loan export into columns, row by row; rows with a fault are left out and judged at the end.</summary>
internal sealed class RowReader
{
    /// <summary>Fewest rows that a model is trained on.</summary>
    public const int MinRows = 50;

    /// <summary>Fewest rows of each class.</summary>
    public const int MinOfAClass = 10;

    private readonly CreditContract _contract;
    private readonly DropTable _csv;
    private readonly RowFaults _faults = new();
    private readonly InputBuilder[] _inputs;
    private readonly int _id;
    private readonly int[] _content;
    private readonly (int At, ColumnReader Reader)? _date;
    private readonly (int At, ColumnReader Reader) _target;
    private readonly HashSet<string> _bad;
    private readonly HashSet<double> _badNumbers;
    private readonly HashSet<string> _seenIds = new(StringComparer.Ordinal);
    private readonly List<bool> _outcomes = [];
    private readonly List<ulong> _keys = [];
    private readonly List<double> _dates = [];
    private readonly StringBuilder _row = new();
    private int _rows;

    private RowReader(CreditContract contract, DropTable csv)
    {
        (_contract, _csv) = (contract, csv);
        _faults.Place = csv.Place;
        _inputs = [.. ColumnReader.Inputs(contract, csv.Format).Select(r => new InputBuilder(r, csv.IndexOf(r.Column.Name)))];
        _id = contract.Columns.FirstOrDefault(c => c.Role == ColumnRole.Id) is { } id ? csv.IndexOf(id.Name) : -1;
        _date = ColumnReader.RowDate(contract, csv.Format) is { } date ? (csv.IndexOf(date.Column.Name), date) : null;
        var target = contract.Columns.Single(c => c.Role == ColumnRole.Target);
        var codes = ValueFormat.Of(contract.Format);
        _target = (csv.IndexOf(target.Name), new ColumnReader(target, false, csv.Format, codes));
        _bad = new HashSet<string>(contract.Bad, StringComparer.Ordinal);
        _badNumbers = [.. contract.Bad.Select(code => ValueFormat.Code(code, codes)).Where(double.IsFinite)];
        _content = [.. contract.Columns.Where(c => c.Role != ColumnRole.Ignored).Select(c => csv.IndexOf(c.Name))];
    }

    /// <summary>Reads a drop; rejected with every fault that was found. Columns that the contract does not name are not read.</summary>
    public static async Task<Outcome<CreditRows>> ReadAsync(CreditContract contract, LocalDrop drop, IProgress<TrainingProgress> progress, CancellationToken cancel)
    {
        var opened = await DropTable.OpenAsync(drop, contract.Format, contract.Limits, cancel);
        if (opened is Outcome<DropTable>.Rejected rejected) return Outcome<CreditRows>.Reject(rejected.Reasons);
        await using var csv = ((Outcome<DropTable>.Done)opened).Value;
        var absent = contract.Columns.Where(c => c.Role != ColumnRole.Ignored && csv.IndexOf(c.Name) < 0).Select(c => $"'{c.Name}'").ToList();
        if (absent.Count > 0)
            return Outcome<CreditRows>.Reject($"The header lacks {string.Join(", ", absent)}, which version '{contract.Version}' of the contract of '{contract.Portfolio}' asks for: add the columns, or activate a contract without them.{csv.DelimiterAdvice}");

        var reader = new RowReader(contract, csv);
        try
        {
            while (await csv.ReadAsync(cancel))
            {
                reader.ReadRow();
                if (reader._rows % 4096 == 0)
                {
                    cancel.ThrowIfCancellationRequested();
                    progress.Report(new TrainingProgress("reading", csv.Fraction));
                }
            }
        }
        catch (InvalidDataException error)
        {
            return Outcome<CreditRows>.Reject(error.Message);
        }

        return reader.Finish();
    }

    private void ReadRow()
    {
        _rows++;
        if (!_csv.Complete)
        {
            _faults.Add(_csv.Row, "has another number of fields than the header.");
            return;
        }

        var faultless = ReadOutcome(out var bad) & ReadKey(out var key) & ReadDate(out var date);
        foreach (var input in _inputs) faultless &= Note(input.Read(_csv, date));
        if (!faultless) return;
        if (_id >= 0 && !_seenIds.Add(_csv[_id].Trim().ToString()))
        {
            _faults.Add(_csv.Row, $"'{_csv.Header[_id]}' repeats the id of an earlier row: drop each loan once.");
            return;
        }

        foreach (var input in _inputs) input.Keep();
        _outcomes.Add(bad);
        _keys.Add(key);
        if (_date is not null) _dates.Add(date);
    }

    private bool ReadOutcome(out bool bad)
    {
        var text = _csv[_target.At];
        var cell = _target.Reader.Read(text);
        // By value too: an export that writes 1.0 here and 1 there must not turn a bad loan into a good one.
        bad = _bad.GetAlternateLookup<ReadOnlySpan<char>>().Contains(text.Trim()) || (cell.Kind == CellKind.Number && _badNumbers.Contains(cell.Number));
        return cell.Kind == CellKind.Missing && !bad
            ? Note($"'{_target.Reader.Column.Name}' is empty: a training row needs its outcome.")
            : Note(cell.Fault);
    }

    private bool ReadKey(out ulong key)
    {
        _row.Clear();
        if (_id >= 0)
        {
            _row.Append(_csv[_id].Trim());
            key = RowKeys.Of(_row.ToString());
            return _row.Length > 0 || Note($"'{_csv.Header[_id]}' is empty: each loan needs its id.");
        }

        foreach (var column in _content) _row.Append(_csv[column]).Append('\u001f');
        key = RowKeys.Of(_row.ToString());
        return true;
    }

    private bool ReadDate(out double date)
    {
        date = 0;
        if (_date is not var (at, reader)) return true;
        var cell = reader.Read(_csv[at]);
        date = cell.Number;
        return cell.Kind is CellKind.Number or CellKind.Fault
            ? Note(cell.Fault)
            : Note($"'{reader.Column.Name}' is empty: each loan needs its date.");
    }

    private bool Note(string? fault)
    {
        if (fault is not null) _faults.Add(_csv.Row, fault);
        return fault is null;
    }

    private Outcome<CreditRows> Finish()
    {
        var reasons = _faults.Judge(_rows, _contract.Training);
        if (reasons.Count > 0) return Outcome<CreditRows>.Reject(reasons);
        var bads = _outcomes.Count(b => b);
        var goods = _outcomes.Count - bads;
        var target = _target.Reader.Column.Name;
        if (bads == 0) return Outcome<CreditRows>.Reject($"Every row is good: a model needs both good and bad loans. Check '{target}', and what the contract lists as bad.");
        if (goods == 0) return Outcome<CreditRows>.Reject($"Every row is bad: a model needs both good and bad loans. Check '{target}', and what the contract lists as bad.");
        if (_outcomes.Count < MinRows || bads < MinOfAClass || goods < MinOfAClass)
            return Outcome<CreditRows>.Reject(string.Create(CultureInfo.InvariantCulture, $"{_outcomes.Count} rows with {bads} bad loans are too few: a model needs at least {MinRows} rows with {MinOfAClass} good and {MinOfAClass} bad loans."));
        return new CreditRows(_contract, [.. _inputs.Select(i => i.Build())], [.. _outcomes], [.. _keys], [.. _dates], _faults.Rows);
    }

    private sealed class InputBuilder(ColumnReader reader, int at)
    {
        private readonly List<double> _numbers = [];
        private readonly List<int> _codes = [];
        private readonly List<string> _values = [];
        private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _places =
            new Dictionary<string, int>(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();

        private double _number;
        private int _code;

        /// <summary>Reads the present row's field, to be kept when the whole row is good.</summary>
        /// <returns>What is wrong with it.</returns>
        public string? Read(DropTable csv, double rowDate)
        {
            var cell = reader.Read(csv[at], rowDate);
            _number = cell.Number;
            _code = cell.Kind switch
            {
                CellKind.Missing => InputColumn.Missing,
                CellKind.Special => InputColumn.Special(cell.Special),
                CellKind.Category => PlaceOf(cell.Category),
                _ => 0,
            };
            return cell.Fault;
        }

        public void Keep()
        {
            _codes.Add(_code);
            if (reader.Column.Type != ColumnType.Category) _numbers.Add(_number);
        }

        public InputColumn Build() => new(reader.Column, [.. _numbers], [.. _codes], [.. _values]);

        private int PlaceOf(ReadOnlySpan<char> value)
        {
            if (_places.TryGetValue(value, out var place)) return place;
            _places[value] = _values.Count;
            _values.Add(value.ToString());
            return _values.Count - 1;
        }
    }
}
