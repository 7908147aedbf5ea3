namespace Serverless.Training.Credit;

/// <summary>Figures of predicted probabilities of a bad loan against outcomes.</summary>
internal static class ScoreMetrics
{
    /// <summary>
    /// Every figure by its name in the manifest: <c>auc</c> with the 95 % interval <c>aucLow</c> to <c>aucHigh</c> (DeLong 1988),
    /// and <c>aucBootstrapLow</c>, below which 5 of 100 bootstrap samples lie; <c>ks</c>, <c>gini</c>, <c>brier</c>, <c>logLoss</c>, <c>ece</c> (ten bins
    /// of equal count), <c>calibrationSlope</c> and <c>calibrationIntercept</c> (<see cref="Calibration"/>).
    /// </summary>
    public static SortedDictionary<string, double> Of(ReadOnlySpan<bool> bad, ReadOnlySpan<double> probability)
    {
        var (auc, variance) = Auc(bad, probability);
        var (slope, intercept) = Calibration.Of(bad, probability);
        var reach = Normal.Z95 * Math.Sqrt(variance);
        return new SortedDictionary<string, double>(StringComparer.Ordinal)
        {
            ["auc"] = auc,
            ["aucLow"] = Math.Max(0, auc - reach),
            ["aucHigh"] = Math.Min(1, auc + reach),
            ["aucBootstrapLow"] = Bootstrap.AucLow(bad, probability),
            ["calibrationSlope"] = slope,
            ["calibrationIntercept"] = intercept,
            ["ks"] = Ks(bad, probability),
            ["gini"] = (2 * auc) - 1,
            ["brier"] = Brier(bad, probability),
            ["logLoss"] = LogLoss(bad, probability),
            ["ece"] = Ece(bad, probability, 10),
        };
    }

    /// <summary>Area under the ROC curve, ties count half, and its variance by DeLong, DeLong and Clarke-Pearson (1988) with the midranks of Sun and Xu (2014).</summary>
    /// <returns>NaN when a class is absent.</returns>
    public static (double Auc, double Variance) Auc(ReadOnlySpan<bool> bad, ReadOnlySpan<double> score)
    {
        var (ofBad, ofGood) = Components(bad, score);
        return ofBad.Length == 0 || ofGood.Length == 0
            ? (double.NaN, double.NaN)
            : (ofBad.Average(), (Variance(ofBad) / ofBad.Length) + (Variance(ofGood) / ofGood.Length));
    }

    /// <summary>Standard error of the difference of two areas on the same rows, by the same paper; NaN when a class is absent.</summary>
    public static double AucDifferenceError(ReadOnlySpan<bool> bad, ReadOnlySpan<double> one, ReadOnlySpan<double> other)
    {
        var (first, second) = (Components(bad, one), Components(bad, other));
        if (first.OfBad.Length == 0 || first.OfGood.Length == 0) return double.NaN;
        var (ofBad, ofGood) = (first.OfBad.Zip(second.OfBad, (a, b) => a - b).ToArray(), first.OfGood.Zip(second.OfGood, (a, b) => a - b).ToArray());
        return Math.Sqrt((Variance(ofBad) / ofBad.Length) + (Variance(ofGood) / ofGood.Length));
    }

    // Of each bad loan the share of the goods below it, and of each good loan the share of the bads above it; ties count half.
    private static (double[] OfBad, double[] OfGood) Components(ReadOnlySpan<bool> bad, ReadOnlySpan<double> score)
    {
        var all = Midranks(score.ToArray());
        var (bads, goods) = (Pick(bad, score, true), Pick(bad, score, false));
        var (badRanks, goodRanks) = (Midranks(bads), Midranks(goods));
        var (ofBad, ofGood) = (new double[bads.Length], new double[goods.Length]);
        for (int row = 0, b = 0, g = 0; row < bad.Length; row++)
        {
            if (bad[row]) ofBad[b] = (all[row] - badRanks[b++]) / goods.Length;
            else ofGood[g] = 1 - ((all[row] - goodRanks[g++]) / bads.Length);
        }

        return (ofBad, ofGood);
    }

    /// <summary>Kolmogorov-Smirnov: the greatest distance between the distributions of bads and goods.</summary>
    public static double Ks(ReadOnlySpan<bool> bad, ReadOnlySpan<double> score)
    {
        var order = Order(score);
        double bads = 0, goods = 0, greatest = 0;
        var allBads = bad.Count(true);
        for (var i = 0; i < order.Length; i++)
        {
            if (bad[order[i]]) bads++;
            else goods++;
            if (i + 1 < order.Length && score[order[i + 1]] == score[order[i]]) continue;
            greatest = Math.Max(greatest, Math.Abs((bads / allBads) - (goods / (bad.Length - allBads))));
        }

        return greatest;
    }

    /// <summary>Mean squared distance of probability and outcome (Brier 1950).</summary>
    public static double Brier(ReadOnlySpan<bool> bad, ReadOnlySpan<double> probability)
    {
        double sum = 0;
        for (var i = 0; i < bad.Length; i++) sum += (probability[i] - (bad[i] ? 1 : 0)) * (probability[i] - (bad[i] ? 1 : 0));
        return sum / bad.Length;
    }

    /// <summary>Mean negative log-likelihood in nats; probabilities are kept 1e-15 away from 0 and 1.</summary>
    public static double LogLoss(ReadOnlySpan<bool> bad, ReadOnlySpan<double> probability)
    {
        double sum = 0;
        for (var i = 0; i < bad.Length; i++)
        {
            var p = Math.Clamp(probability[i], 1e-15, 1 - 1e-15);
            sum -= Math.Log(bad[i] ? p : 1 - p);
        }

        return sum / bad.Length;
    }

    /// <summary>Expected calibration error: rows sorted by probability fall into bins of equal count; the mean over rows of the distance between a bin's mean probability and its share of bads.</summary>
    public static double Ece(ReadOnlySpan<bool> bad, ReadOnlySpan<double> probability, int bins)
    {
        var order = Order(probability);
        double error = 0;
        for (var bin = 0; bin < bins; bin++)
        {
            double difference = 0;
            var (from, to) = ((int)((long)bin * order.Length / bins), (int)((long)(bin + 1) * order.Length / bins));
            for (var i = from; i < to; i++) difference += probability[order[i]] - (bad[order[i]] ? 1 : 0);
            error += Math.Abs(difference);
        }

        return error / order.Length;
    }

    // Rows by ascending score; equal scores in the order of the rows.
    internal static int[] Order(ReadOnlySpan<double> score)
    {
        var (keys, rows) = (score.ToArray(), new int[score.Length]);
        for (var i = 0; i < rows.Length; i++) rows[i] = i;
        Array.Sort(keys, rows);
        for (int from = 0, i = 1; i <= keys.Length; i++)
        {
            if (i < keys.Length && keys[i] == keys[from]) continue;
            Array.Sort(rows, from, i - from);
            from = i;
        }

        return rows;
    }

    private static double[] Midranks(double[] values)
    {
        var order = Order(values);
        var ranks = new double[values.Length];
        for (int from = 0, i = 1; i <= order.Length; i++)
        {
            if (i < order.Length && values[order[i]] == values[order[from]]) continue;
            for (var k = from; k < i; k++) ranks[order[k]] = (from + 1 + i) / 2.0;
            from = i;
        }

        return ranks;
    }

    private static double[] Pick(ReadOnlySpan<bool> bad, ReadOnlySpan<double> score, bool which)
    {
        List<double> picked = [];
        for (var i = 0; i < bad.Length; i++)
        {
            if (bad[i] == which) picked.Add(score[i]);
        }

        return [.. picked];
    }

    private static double Variance(double[] values)
    {
        var mean = values.Average();
        return values.Length < 2 ? 0 : values.Sum(v => (v - mean) * (v - mean)) / (values.Length - 1);
    }
}
