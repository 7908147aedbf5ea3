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
        var worst = new int[Math.Min(contract.MaxReasons, _columns.Length)];
        var reasons = new Reason[Worst(bins, worst)];
        for (var i = 0; i < reasons.Length; i++)
        {
            var (column, place, sentence) = _columns[worst[i]];
            reasons[i] = new Reason(column.Name, sentence, Lost(column, bins[place]) / 100m);
        }

        return reasons;
    }

    /// <summary>The same without allocating: names of the columns that cost most, worst first.</summary>
    /// <param name="bins">The bin of each column, in the scorecard's order.</param>
    /// <param name="names">Gets the names; as long as the contract allows reasons.</param>
    /// <returns>How many names there are.</returns>
    public int Reasons(ReadOnlySpan<long> bins, Span<string> names)
    {
        Span<int> worst = stackalloc int[Math.Min(names.Length, _columns.Length)];
        var count = Worst(bins, worst);
        for (var i = 0; i < count; i++) names[i] = _columns[worst[i]].Column.Name;
        return count;
    }

    // Insertion into a short sorted list; strictly greater, so that of equal ones the first in the contract's order stays before.
    private int Worst(ReadOnlySpan<long> bins, Span<int> worst)
    {
        var count = 0;
        for (var candidate = 0; candidate < _columns.Length; candidate++)
        {
            var lost = LostBy(candidate, bins);
            if (lost <= 0) continue;
            var at = count;
            while (at > 0 && lost > LostBy(worst[at - 1], bins)) at--;
            if (at == worst.Length) continue;
            count = Math.Min(count + 1, worst.Length);
            worst[at..(count - 1)].CopyTo(worst[(at + 1)..]);
            worst[at] = candidate;
        }

        return count;
    }

    private long LostBy(int column, ReadOnlySpan<long> bins) => Lost(_columns[column].Column, bins[_columns[column].Place]);

    private static long Lost(ScorecardColumn column, long bin) => column.AveragePoints - column.Bins[(int)bin].Points;
}
