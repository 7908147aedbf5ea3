namespace Serverless.Training.Credit;

/// <summary>Resampling of the holdout with replacement (Efron 1979): how much a figure hangs on the rows that happened to be in it.</summary>
internal static class Bootstrap
{
    private const int Samples = 200, Seed = 20261124, MostOfAClass = 20_000;

    /// <summary>
    /// The area under the ROC curve below which 5 of 100 samples lie; NaN when a class is absent. Of a class with more than 20,000 rows so many are
    /// taken at equal distances: more make no difference that shows, and the area does not hang on the share of the bads.
    /// </summary>
    public static double AucLow(ReadOnlySpan<bool> bad, ReadOnlySpan<double> score)
    {
        var kept = Spread(bad, score);
        bad = kept.Bad;
        score = kept.Score;
        var allBads = bad.Count(true);
        if (allBads == 0 || allBads == bad.Length) return double.NaN;
        var order = ScoreMetrics.Order(score);
        var draws = new int[bad.Length];
        var areas = new double[Samples];
        var random = new Random(Seed);
        for (var sample = 0; sample < Samples; sample++)
        {
            Array.Clear(draws);
            for (var i = 0; i < draws.Length; i++) draws[random.Next(draws.Length)]++;
            areas[sample] = Area(bad, score, order, draws);
        }

        Array.Sort(areas); // a sample without one of the classes is NaN, which sorts first
        return areas[Samples / 20];
    }

    private static (bool[] Bad, double[] Score) Spread(ReadOnlySpan<bool> bad, ReadOnlySpan<double> score)
    {
        long bads = bad.Count(true), goods = bad.Length - bads, seenBads = 0, seenGoods = 0;
        if (bads <= MostOfAClass && goods <= MostOfAClass) return (bad.ToArray(), score.ToArray());
        var (outcomes, scores) = (new List<bool>(2 * MostOfAClass), new List<double>(2 * MostOfAClass));
        for (var row = 0; row < bad.Length; row++)
        {
            var taken = bad[row] ? Take(seenBads++, bads) : Take(seenGoods++, goods);
            if (!taken) continue;
            outcomes.Add(bad[row]);
            scores.Add(score[row]);
        }

        return ([.. outcomes], [.. scores]);

        static bool Take(long place, long all) => all <= MostOfAClass || (place + 1) * MostOfAClass / all > place * MostOfAClass / all;
    }

    // Sweeps the rows by ascending score; those with equal scores together.
    private static double Area(ReadOnlySpan<bool> bad, ReadOnlySpan<double> score, int[] order, int[] draws)
    {
        double area = 0;
        long bads = 0, goods = 0;
        for (var from = 0; from < order.Length;)
        {
            long badHere = 0, goodHere = 0;
            var at = from;
            for (; at < order.Length && score[order[at]] == score[order[from]]; at++)
            {
                if (bad[order[at]]) badHere += draws[order[at]];
                else goodHere += draws[order[at]];
            }

            area += badHere * (goods + (goodHere / 2.0));
            (bads, goods, from) = (bads + badHere, goods + goodHere, at);
        }

        return area / ((double)bads * goods);
    }
}
