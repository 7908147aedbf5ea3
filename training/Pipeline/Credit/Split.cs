namespace Serverless.Training.Credit;

/// <summary>Which rows train and which are held out, and how the trained ones fall into folds. Row numbers ascend in every part.</summary>
internal static class Split
{
    // A part with fewer of a class measures nothing.
    private const int MinOfAClass = 5;

    /// <summary>
    /// The holdout: where the rows have dates the last ones, cut at the boundary between two dates that comes nearest to the share;
    /// else (or where all dates are one) a share of each class, chosen by the hash of key and seed, so that a row stays in its part from drop to drop.
    /// </summary>
    /// <returns>The rows of both parts and whether the split is by date.</returns>
    public static (int[] Train, int[] Holdout, bool ByDate) Holdout(CreditRows rows, double share, int seed)
    {
        if (rows.Dates.Length > 0 && LastDates(rows, share) is { } from)
            return (Where(rows, r => rows.Dates[r] < from), Where(rows, r => rows.Dates[r] >= from), true);
        var held = new bool[rows.Count];
        foreach (var ofClass in Shuffled(rows, Enumerable.Range(0, rows.Count), seed))
        {
            foreach (var row in ofClass.Take(Math.Max(1, (int)Math.Round(share * ofClass.Length)))) held[row] = true;
        }

        return (Where(rows, r => !held[r]), Where(rows, r => held[r]), false);
    }

    /// <summary>Folds of the given rows with the same share of bad loans in each: the fold of each row, in their order.</summary>
    public static int[] Folds(CreditRows rows, int[] of, int folds, int seed)
    {
        var fold = new int[rows.Count];
        foreach (var ofClass in Shuffled(rows, of, seed ^ folds))
        {
            foreach (var (place, row) in ofClass.Index()) fold[row] = place % folds;
        }

        return Array.ConvertAll(of, row => fold[row]);
    }

    private static IEnumerable<int[]> Shuffled(CreditRows rows, IEnumerable<int> of, int seed) =>
        of.GroupBy(row => rows.Bad[row]).Select(g => g.OrderBy(row => Mix(rows.Keys[row] ^ Mix((ulong)seed))).ToArray());

    // The day whose rows and later ones are the holdout.
    private static double? LastDates(CreditRows rows, double share)
    {
        var days = Enumerable.Range(0, rows.Count)
            .GroupBy(row => Math.Floor(rows.Dates[row]), row => rows.Bad[row])
            .Select(g => (Day: g.Key, Rows: g.Count(), Bads: g.Count(bad => bad)))
            .OrderByDescending(day => day.Day)
            .ToList();
        var allBads = days.Sum(day => day.Bads);
        double? best = null;
        var nearest = double.PositiveInfinity;
        var (held, bads) = (0, 0);
        foreach (var day in days)
        {
            (held, bads) = (held + day.Rows, bads + day.Bads);
            var distance = Math.Abs(held - (share * rows.Count));
            var fewest = Math.Min(Math.Min(bads, held - bads), Math.Min(allBads - bads, rows.Count - held - (allBads - bads)));
            if (fewest >= MinOfAClass && distance < nearest) (best, nearest) = (day.Day, distance);
        }

        return best;
    }

    private static int[] Where(CreditRows rows, Func<int, bool> holds) => [.. Enumerable.Range(0, rows.Count).Where(holds)];

    // The finaliser of SplitMix64 (Steele, Lea and Flood 2014).
    private static ulong Mix(ulong x)
    {
        x += 0x9E3779B97F4A7C15;
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
        return x ^ (x >> 31);
    }
}
