namespace Serverless.Serving.Credit;

/// <summary>
/// How far a change goes, 0 to 1. Of a number or date that the model bins: the share of the portfolio between the two values, that is the shift of its
/// percentile (Ustun, Spangher and Liu 2019), by the rows in the bins; within a bin rows are taken as spread evenly, beyond the outer cuts as thinning out.
/// Of another number: the difference relative to the greater of the two. Of a category: 1, as in Gower's distance (1971).
/// </summary>
internal static class LeverDistance
{
    /// <summary>The distance of two numbers.</summary>
    /// <param name="column">The column of the model; null where it bins only what is computed from it.</param>
    /// <param name="from">The one.</param>
    /// <param name="to">The other.</param>
    public static double Of(ScorecardColumn? column, double from, double to) => column is { Cuts.Count: > 0 }
        ? Math.Abs(Share(column, from) - Share(column, to))
        : from == to ? 0 : Math.Min(1, Math.Abs(from - to) / Math.Max(Math.Abs(from), Math.Abs(to)));

    // The share of the portfolio up to a value; strictly ascending.
    private static double Share(ScorecardColumn column, double value)
    {
        var (cuts, bin) = (column.Cuts, column.BinOf(value));
        var rows = Enumerable.Range(0, cuts.Count + 1).Select(i => column.Bins[i].Rows + 1.0).ToArray(); // none is empty, so that every step counts
        var scale = cuts.Count > 1 ? cuts[^1] - cuts[0] : Math.Max(1, Math.Abs(cuts[0]));
        var within = bin == 0 ? 1 / (1 + ((cuts[0] - value) / scale))
            : bin == cuts.Count ? 1 - (1 / (1 + ((value - cuts[^1]) / scale)))
            : (value - cuts[bin - 1]) / (cuts[bin] - cuts[bin - 1]);
        return (rows.Take(bin).Sum() + (rows[bin] * within)) / rows.Sum();
    }
}
