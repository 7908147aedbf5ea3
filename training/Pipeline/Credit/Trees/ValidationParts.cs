namespace Serverless.Training.Credit.Trees;

/// <summary>
/// Which of the rows are held out to choose settings and rounds: the last by date, where rows have dates; a share of each class, where they are many; else
/// each fold in turn, and for a few thousand rows in several draws, since one small part tells mostly about its own rows.
/// </summary>
internal static class ValidationParts
{
    private const int Folds = 5, Many = 10_000, Few = 3_000, Draws = 2, MinOfAClass = 5;

    /// <summary>The parts, each as ascending places in <paramref name="on"/>.</summary>
    public static IReadOnlyList<int[]> Of(CreditRows rows, int[] on, double share)
    {
        if (rows.Dates.Length > 0 && Last(rows, on, share) is { } last) return [last];
        List<int[]> parts = [];
        for (var draw = 0; draw < (on.Length <= Few ? Draws : 1); draw++)
        {
            var folds = on.Length > Many ? Math.Max(2, (int)Math.Round(1 / share)) : Folds;
            var fold = Split.Folds(rows, on, folds, rows.Contract.Training.Seed + 1 + draw);
            for (var f = 0; f < (on.Length > Many ? 1 : folds); f++) parts.Add([.. Enumerable.Range(0, on.Length).Where(i => fold[i] == f)]);
        }

        return parts;
    }

    private static int[]? Last(CreditRows rows, int[] on, double share)
    {
        double[] days = [.. on.Select(row => Math.Floor(rows.Dates[row])).Order()];
        var from = days[Math.Clamp((int)(days.Length * (1 - share)), 0, days.Length - 1)];
        int[] last = [.. Enumerable.Range(0, on.Length).Where(i => rows.Dates[on[i]] >= from)];
        var (bads, allBads) = (last.Count(i => rows.Bad[on[i]]), on.Count(row => rows.Bad[row]));
        var fewest = Math.Min(Math.Min(bads, last.Length - bads), Math.Min(allBads - bads, on.Length - last.Length - (allBads - bads)));
        return fewest >= MinOfAClass ? last : null;
    }
}
