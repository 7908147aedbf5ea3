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
    /// <returns>The values of each bin, least risk first, and each bin's shrunken share of bads.</returns>
    public static (IReadOnlyList<IReadOnlyList<string>> Categories, double[] Shares) Find(InputColumn input, bool[] bad, int[] rows, double rate, BinLimits limits)
    {
        var (counts, bads) = (new double[input.Values.Length], new double[input.Values.Length]);
        foreach (var row in rows)
        {
            var value = input.Codes[row];
            if (value < 0) continue;
            counts[value]++;
            if (bad[row]) bads[value]++;
        }

        var seen = Enumerable.Range(0, counts.Length).Where(v => counts[v] > 0).ToArray();
        if (seen.Length == 0) return ([], []);
        var all = seen.Sum(v => counts[v]);
        var mean = seen.Sum(v => bads[v]) / all;
        var prior = PriorRows(seen, counts, bads, all, mean);
        var share = new double[counts.Length];
        foreach (var v in seen) share[v] = double.IsInfinity(prior) ? mean : (bads[v] + (prior * mean)) / (counts[v] + prior);
        var sorted = seen.OrderBy(v => share[v]).ThenBy(v => input.Values[v], StringComparer.Ordinal).ToArray();

        var prebins = Prebin(sorted, counts, all);
        var ends = OptimalBinning.Solve(
            [.. prebins.Select(p => p.Sum(v => counts[v]))], [.. prebins.Select(p => p.Sum(v => counts[v] * share[v]))], limits, Serving.Credit.Monotone.None);
        List<IReadOnlyList<string>> categories = [];
        List<double> shares = [];
        foreach (var (bin, end) in ends.Index())
        {
            var values = prebins[(bin == 0 ? 0 : ends[bin - 1])..end].SelectMany(p => p).ToArray();
            categories.Add([.. values.Select(v => input.Values[v]).Order(StringComparer.Ordinal)]);
            shares.Add(values.Sum(v => counts[v] * share[v]) / values.Sum(v => counts[v]));
        }

        return (categories, [.. shares]);
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
