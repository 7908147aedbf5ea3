using Serverless.Serving.Credit;

namespace Serverless.Training.Credit;

/// <summary>What the bins of a column must keep.</summary>
/// <param name="MinRows">Fewest rows of a bin.</param>
/// <param name="MaxBins">Most bins.</param>
/// <param name="Penalty">Log-likelihood that a further bin must gain.</param>
/// <param name="TurnPenalty">Log-likelihood that one turn of the trend must gain.</param>
internal sealed record BinLimits(double MinRows, int MaxBins, double Penalty, double TurnPenalty);

/// <summary>
/// Merges ordered prebins into bins. The problem is that of Navas-Palencia (2020, arXiv:2001.08025): the best partition under a
/// monotone trend, least bin sizes and a most number of bins. Solved here exactly by dynamic programming over (last bin, direction).
/// The objective is the binomial log-likelihood less a penalty for each bin, instead of the information value, because a likelihood
/// can be weighed against the number of bins that it took (as AIC does), so that few rows give few bins.
/// </summary>
internal static class OptimalBinning
{
    /// <summary>Solves one column.</summary>
    /// <param name="rows">Rows of each prebin.</param>
    /// <param name="bads">Bad loans of each prebin; need not be whole numbers.</param>
    /// <param name="limits">What the bins must keep; a single bin over everything is always allowed.</param>
    /// <param name="trend">How the share of bads must move.</param>
    /// <returns>For each bin the prebin after its last one, ascending; the last entry is the number of prebins.</returns>
    public static int[] Solve(double[] rows, double[] bads, BinLimits limits, Monotone trend)
    {
        // Raising the penalty gives the best partitions of fewer and fewer bins.
        while (true)
        {
            var (ends, _) = Best(rows, bads, limits, trend);
            if (ends.Length <= limits.MaxBins) return ends;
            limits = limits with { Penalty = limits.Penalty * 1.25 };
        }
    }

    private static (int[] Ends, double Value) Best(double[] rows, double[] bads, BinLimits limits, Monotone trend)
    {
        var goods = rows.Zip(bads, (n, b) => n - b).ToArray();
        return trend switch
        {
            Monotone.Increasing => Partition(rows, bads, limits, turns: false),
            Monotone.Decreasing => Partition(rows, goods, limits, turns: false),
            Monotone.None => Partition(rows, bads, limits, turns: null),
            _ => new[]
            {
                Partition(rows, bads, limits, turns: false),
                Partition(rows, goods, limits, turns: false),
                Less(Partition(rows, bads, limits, turns: true), limits.TurnPenalty),
                Less(Partition(rows, goods, limits, turns: true), limits.TurnPenalty),
            }.MaxBy(p => p.Value),
        };

        static (int[] Ends, double Value) Less((int[] Ends, double Value) found, double penalty) => (found.Ends, found.Value - penalty);
    }

    // The best partition whose shares of the class rise (turns: false), rise and then may fall (true), or move freely (null).
    private static (int[] Ends, double Value) Partition(double[] rows, double[] ofClass, BinLimits limits, bool? turns)
    {
        var count = rows.Length;
        var (n, e) = (Cumulate(rows), Cumulate(ofClass));
        var phases = turns == true ? 2 : 1;
        var value = new double[phases, count + 1, count + 1];
        var from = new (int Start, int Phase)[phases, count + 1, count + 1];
        for (var end = 1; end <= count; end++)
        {
            for (var start = 0; start < end; start++)
            {
                for (var phase = 0; phase < phases; phase++) value[phase, start, end] = double.NegativeInfinity;
                var (inBin, classed) = (n[end] - n[start], e[end] - e[start]);
                if (end - start < count && inBin < limits.MinRows) continue;
                var gain = LogLikelihood(inBin, classed) - limits.Penalty;
                if (start == 0)
                {
                    value[0, start, end] = gain;
                    continue;
                }

                for (var before = 0; before < start; before++)
                {
                    var slope = (classed * (n[start] - n[before])) - ((e[start] - e[before]) * inBin);
                    if (turns is null || slope >= 0) Offer(0, 0, before);
                    if (phases == 1 || slope > 0) continue;
                    Offer(1, 0, before);
                    Offer(1, 1, before);
                }

                void Offer(int phase, int previous, int before)
                {
                    var offered = value[previous, before, start] + gain;
                    if (offered <= value[phase, start, end]) return;
                    value[phase, start, end] = offered;
                    from[phase, start, end] = (before, previous);
                }
            }
        }

        var best = (Value: double.NegativeInfinity, Start: 0, Phase: 0);
        for (var phase = 0; phase < phases; phase++)
        {
            for (var start = 0; start < count; start++)
            {
                if (value[phase, start, count] > best.Value) best = (value[phase, start, count], start, phase);
            }
        }

        List<int> ends = [count];
        var (at, last, inPhase) = (best.Start, count, best.Phase);
        while (at > 0)
        {
            ends.Add(at);
            var (before, previous) = from[inPhase, at, last];
            (at, last, inPhase) = (before, at, previous);
        }

        ends.Reverse();
        return ([.. ends], best.Value);
    }

    private static double LogLikelihood(double rows, double ofClass) => XLogX(ofClass) + XLogX(rows - ofClass) - XLogX(rows);

    private static double XLogX(double x) => x > 0 ? x * Math.Log(x) : 0;

    private static double[] Cumulate(double[] values)
    {
        var sums = new double[values.Length + 1];
        for (var i = 0; i < values.Length; i++) sums[i + 1] = sums[i] + values[i];
        return sums;
    }
}
