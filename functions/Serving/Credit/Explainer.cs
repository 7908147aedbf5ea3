namespace Serverless.Serving.Credit;

/// <summary>
/// Reasons of a score. They are exact, since a score is the sum of its columns' points: a column costs what its bin has below the
/// portfolio's average for that column (Siddiqi, Credit Risk Scorecards, 2006).
/// </summary>
internal sealed class Explainer(CreditContract contract, Scorecard card)
{
    // In the contract's order, which decides between columns that cost the same.
    private readonly (ScorecardColumn Column, int Place, string Sentence)[] _columns =
    [
        .. from named in contract.Columns
           join scored in card.Columns.Index() on named.Name equals scored.Item.Name
           select (scored.Item, scored.Index, named.Reason ?? $"The value of '{named.Name}' is less favourable than on average."),
    ];

    /// <summary>What cost most, worst first; at most as many as the contract allows, none that cost nothing.</summary>
    /// <param name="bins">The bin of each column, in the scorecard's order.</param>
    public IReadOnlyList<Reason> Reasons(ReadOnlySpan<long> bins)
    {
        List<Reason> reasons = [];
        foreach (var (column, place, sentence) in _columns)
        {
            var lost = column.AveragePoints - column.Bins[(int)bins[place]].Points;
            if (lost > 0) reasons.Add(new Reason(column.Name, sentence, lost / 100m));
        }

        return [.. reasons.OrderByDescending(r => r.PointsLost).Take(contract.MaxReasons)];
    }
}
