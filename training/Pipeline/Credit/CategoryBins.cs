using Serverless.Serving.Credit;

namespace Serverless.Training.Credit;

/// <summary>Finds the groups of values of a category column.</summary>
internal static class CategoryBins
{
    private const int MaxPrebins = 64;

    /// <summary>
    /// Shrinks each value's share of bads towards the portfolio's, the more the fewer rows it has (empirical Bayes: beta-binomial,
    /// its spread by moments as in Kleinman 1973), sorts the values by it and merges neighbours by <see cref="OptimalBinning"/>. Values whose
    /// shares differ no more than chance makes them differ fall into one bin.
    /// </summary>
    /// <param name="column">The column.</param>
    /// <param name="values">Its values.</param>
    /// <param name="rows">Rows of each value.</param>
    /// <param name="bad">Bad loans of each value.</param>
    /// <param name="limits">What the bins must keep.</param>
    /// <returns>The values of each bin, least risk first or as set by hand, and each bin's shrunken share of bads.</returns>
    public static (IReadOnlyList<IReadOnlyList<string>> Categories, double[] Shares) Find(Column column, string[] values, int[] rows, int[] bad, BinLimits limits)
    {
        var (counts, bads) = (Array.ConvertAll(rows, n => (double)n), Array.ConvertAll(bad, n => (double)n));
        var seen = Enumerable.Range(0, values.Length).Where(v => counts[v] > 0).ToArray();
        if (seen.Length == 0) return (column.Groups ?? [], new double[column.Groups?.Count ?? 0]);
        var all = seen.Sum(v => counts[v]);
        var mean = seen.Sum(v => bads[v]) / all;
        var prior = PriorRows(seen, counts, bads, all, mean);
        var share = new double[values.Length];
        foreach (var v in seen) share[v] = double.IsInfinity(prior) ? mean : (bads[v] + (prior * mean)) / (counts[v] + prior);
        if (column.Groups is { } groups) return (groups, [.. groups.Select(group => Share([.. seen.Where(v => group.Contains(values[v]))]))]);
        var sorted = seen.OrderBy(v => share[v]).ThenBy(v => values[v], StringComparer.Ordinal).ToArray();

        var prebins = Prebin(sorted, counts, all);
        var ends = OptimalBinning.Solve(
            [.. prebins.Select(p => p.Sum(v => counts[v]))], [.. prebins.Select(p => p.Sum(v => counts[v] * share[v]))], limits, Monotone.None);
        List<IReadOnlyList<string>> categories = [];
        List<double> shares = [];
        foreach (var (bin, end) in ends.Index())
        {
            var inBin = prebins[(bin == 0 ? 0 : ends[bin - 1])..end].SelectMany(p => p).Order().ToArray();
            categories.Add([.. inBin.Select(v => values[v]).Order(StringComparer.Ordinal)]);
            shares.Add(Share(inBin));
        }

        return (categories, [.. shares]);

        double Share(int[] inBin) => inBin.Sum(v => counts[v]) is var all and > 0 ? inBin.Sum(v => counts[v] * share[v]) / all : mean;
    }

    // Rows of the mean that each value is given; infinite when the shares spread no more than by chance.
    private static double PriorRows(int[] seen, double[] counts, double[] bads, double all, double mean)
    {
        var chance = mean * (1 - mean);
        var spread = seen.Sum(v => counts[v] * Math.Pow((bads[v] / counts[v]) - mean, 2));
        var between = (spread - ((seen.Length - 1) * chance)) / (all - (seen.Sum(v => counts[v] * counts[v]) / all));
        return between > 0 && double.IsFinite(between) ? Math.Max(0, (chance / between) - 1) : double.PositiveInfinity;
    }

    private static List<int[]> Prebin(int[] sorted, double[] counts, double all)
    {
        if (sorted.Length <= MaxPrebins) return [.. sorted.Select(v => new[] { v })];
        List<int[]> prebins = [];
        List<int> open = [];
        double inOpen = 0;
        foreach (var v in sorted)
        {
            open.Add(v);
            inOpen += counts[v];
            if (inOpen < all / MaxPrebins) continue;
            prebins.Add([.. open]);
            (inOpen, open) = (0, []);
        }

        if (open.Count > 0) prebins.Add([.. open]);
        return prebins;
    }
}
