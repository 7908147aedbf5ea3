using Serverless.Serving.Credit;

namespace Serverless.Training.Credit;

/// <summary>Bins that a person keeps in the contract: written from what training finds, edited by hand, and taken by later trainings as they are.</summary>
public static class KeptBins
{
    /// <summary>The contract of some rows with the bins that a scorecard trained on them has; those that it keeps already stay.</summary>
    /// <param name="rows">A drop, read under the contract.</param>
    /// <param name="columns">The inputs to keep; null for all.</param>
    public static CreditContract Find(CreditRows rows, IReadOnlyCollection<string>? columns)
    {
        var rules = rows.Contract.Training;
        int[] fittedOn = rules.Refit ? [.. Enumerable.Range(0, rows.Count)] : Split.Holdout(rows, rules.Holdout, rules.Seed).Train;
        var found = ScorecardFit.BinsOf(rows, fittedOn).ToDictionary(c => c.Name);
        return Change(rows.Contract, columns, column => column.Type == ColumnType.Category
            ? column with { Groups = found[column.Name].Categories }
            : column with { Cuts = found[column.Name].Cuts });
    }

    /// <summary>The contract without bins, so that training finds them.</summary>
    /// <param name="contract">The contract.</param>
    /// <param name="columns">The inputs to find; null for all.</param>
    public static CreditContract Clear(CreditContract contract, IReadOnlyCollection<string>? columns) =>
        Change(contract, columns, column => column with { Cuts = null, Groups = null });

    private static CreditContract Change(CreditContract contract, IReadOnlyCollection<string>? columns, Func<Column, Column> change) => contract with
    {
        Columns = [.. contract.Columns.Select(c => c.Role == ColumnRole.Input && (columns is null || columns.Contains(c.Name)) ? change(c) : c)],
    };
}
