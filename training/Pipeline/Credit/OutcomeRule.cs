using Serverless.Serving;
using Serverless.Serving.Credit;

namespace Serverless.Training.Credit;

/// <summary>What a contract counts as a bad loan.</summary>
internal sealed class OutcomeRule
{
    private readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> _bad;
    private readonly HashSet<double> _badNumbers;

    public OutcomeRule(CreditContract contract)
    {
        var codes = ValueFormat.Of(contract.Format);
        _bad = new HashSet<string>(contract.Bad, StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();
        _badNumbers = [.. contract.Bad.Select(code => ValueFormat.Code(code, codes)).Where(double.IsFinite)];
    }

    /// <summary>The outcome that a field of the target states.</summary>
    /// <param name="cell">The field, as it was read.</param>
    /// <param name="text">Its text.</param>
    public LoanOutcome Of(in Cell cell, ReadOnlySpan<char> text) =>
        // By value too: an export that writes 1.0 here and 1 there must not turn a bad loan into a good one.
        _bad.Contains(text.Trim()) || (cell.Kind == CellKind.Number && _badNumbers.Contains(cell.Number)) ? LoanOutcome.Bad
            : cell.Kind == CellKind.Missing ? LoanOutcome.None : LoanOutcome.Good;
}
