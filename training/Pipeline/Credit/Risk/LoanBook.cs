using Serverless.Serving.Credit;
using Serverless.Training.Drops;
using Serverless.Training.Quality;

namespace Serverless.Training.Credit.Risk;

/// <summary>What the risk report needs of a loan besides its score, read from the present row of a table.</summary>
internal sealed class LoanBook
{
    private const double MostExposure = 1e12;

    private readonly DropTable _table;
    private readonly RiskRules _risk;
    private readonly Field? _exposure, _lgd, _target, _date, _id;
    private readonly OutcomeRule _outcome;
    private readonly double _latestDay;
    private readonly SeenHashes<ulong> _ids = new();

    public LoanBook(CreditContract contract, DropTable table, DateTimeOffset now)
    {
        (_table, _risk, _outcome) = (table, contract.Risk, new OutcomeRule(contract));
        _latestDay = (new ReadingContext(now).Latest.UtcTicks - DateTime.UnixEpoch.Ticks) / (double)TimeSpan.TicksPerDay;
        var codes = Serving.ValueFormat.Of(contract.Format);
        Field? Named(string? name) => name is null ? null : new(new ColumnReader(contract.Columns.Single(c => c.Name == name), false, table.Format, codes), table.IndexOf(name));
        Field? Present(ColumnRole role) => Named(contract.Columns.FirstOrDefault(c => c.Role == role && table.IndexOf(c.Name) >= 0)?.Name);
        (_exposure, _lgd, _target, _date, _id) = (Named(_risk.ExposureColumn), Named(_risk.LgdColumn), Present(ColumnRole.Target), Present(ColumnRole.Date), Present(ColumnRole.Id));
        // Without its date nobody can tell whether a loan is old enough to have an outcome.
        if (contract.PerformanceMonths is not null && _date is null) _target = null;
    }

    /// <summary>The columns of the risk rules that the header lacks, in quotes.</summary>
    public IEnumerable<string> Lacking() => new[] { _exposure, _lgd }.Where(f => f?.At < 0).Select(f => $"'{f!.Reader.Column.Name}'").Distinct();

    /// <summary>Reads the present row; a field that cannot be used is told.</summary>
    public Loan Read(List<string> faults)
    {
        var exposure = Number(_exposure, _risk.Exposure ?? 0, MostExposure, "exposure, 0 or more money", faults);
        var lgd = Number(_lgd, _risk.Lgd ?? 0, 1, "loss given default, 0 to 1", faults);
        if (_id is { } id && _table[id.At].Trim() is { IsEmpty: false } text && !_ids.Add(RowHash.Of(text))) faults.Add($"'{id.Reader.Column.Name}' repeats the id of an earlier row: list each loan once.");
        return new(exposure, lgd, Outcome(faults), Day(faults));
    }

    private decimal Number(Field? field, decimal constant, double most, string what, List<string> faults)
    {
        if (field is null) return constant;
        var cell = field.Reader.Read(_table[field.At]);
        if (cell.Kind == CellKind.Number && cell.Number >= 0 && cell.Number <= most) return (decimal)cell.Number;
        faults.Add(cell.Fault ?? $"'{field.Reader.Column.Name}' is no {what}: give it for every loan.");
        return 0;
    }

    private LoanOutcome Outcome(List<string> faults)
    {
        if (_target is not { } target) return LoanOutcome.None;
        var cell = target.Reader.Read(_table[target.At]);
        if (cell.Fault is { } fault) faults.Add(fault);
        return _outcome.Of(cell, _table[target.At]);
    }

    private int Day(List<string> faults)
    {
        if (_date is not { } date) return 0;
        var cell = date.Reader.Read(_table[date.At]);
        if (cell.Kind == CellKind.Number && cell.Number <= _latestDay) return (int)Math.Floor(cell.Number);
        faults.Add(cell.Fault ?? $"'{date.Reader.Column.Name}' is {(cell.Kind == CellKind.Number ? "in the future: correct it" : "empty: each loan needs its date")}.");
        return 0;
    }

    private sealed record Field(ColumnReader Reader, int At);
}

/// <summary>A loan of the book.</summary>
/// <param name="Exposure">Exposure at default, in money.</param>
/// <param name="Lgd">Loss given default, 0 to 1.</param>
/// <param name="Outcome">What became of it.</param>
/// <param name="Day">Its day since 1970-01-01; 0 where the contract has no date.</param>
internal readonly record struct Loan(decimal Exposure, decimal Lgd, LoanOutcome Outcome, int Day);
