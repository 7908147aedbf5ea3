using Serverless.Serving.Credit;

namespace Serverless.Training.Credit;

/// <summary>What the bins of a column must keep.</summary>
/// <param name="MinRows">Fewest rows of a bin.</param>
/// <param name="MaxBins">Most bins.</param>
/// <param name="Penalty">Log-likelihood that a further bin must gain.</param>
/// <param name="TurnPenalty">Log-likelihood that one turn of the trend must gain, where the data choose it.</param>
internal sealed record BinLimits(double MinRows, int MaxBins, double Penalty, double TurnPenalty);

/// <summary>
/// Merges ordered prebins into bins. The problem is that of Navas-Palencia (2020, arXiv:2001.08025): the best partition under a
/// trend, least bin sizes and a most number of bins. Solved here exactly by dynamic programming over (last bin, direction).
/// The objective is the binomial log-likelihood less a penalty for each bin, instead of the information value, because a likelihood
/// can be weighed against the number of bins that it took (as AIC does), so that few rows give few bins.
/// </summary>
internal static class OptimalBinning
{
    // Raising the penalty in such steps gives the best partitions of fewer and fewer bins; no likelihood outweighs the last one.
    private const double Step = 1.25;
    private const int MaxSteps = 128;

    /// <summary>Solves one column.</summary>
    /// <param name="rows">Rows of each prebin.</param>
    /// <param name="bads">Bad loans of each prebin; need not be whole numbers.</param>
    /// <param name="limits">What the bins must keep; a single bin over everything is always allowed.</param>
    /// <param name="trend">How the share of bads must move.</param>
    /// <returns>For each bin the prebin after its last one, ascending; the last entry is the number of prebins.</returns>
    public static int[] Solve(double[] rows, double[] bads, BinLimits limits, Monotone trend)
    {
        var intervals = new BinIntervals(rows, bads, limits.MinRows);
        var found = Best(intervals, limits, trend);
        if (found.Length <= limits.MaxBins) return found;
        // The least step with few enough bins, doubled up to and then halved in on, since the number of bins falls with the penalty.
        var (above, below) = (0, 0);
        for (var step = 4; below == 0 || below - above > 1; step = below == 0 ? step * 2 : (above + below) / 2)
        {
            var ends = Best(intervals, limits with { Penalty = limits.Penalty * Math.Pow(Step, step) }, trend);
            if (ends.Length <= limits.MaxBins) (below, found) = (step, ends);
            else if ((above = step) >= MaxSteps) return [rows.Length];
        }

        return found;
    }

    private static int[] Best(BinIntervals intervals, BinLimits limits, Monotone trend)
    {
        var penalty = limits.Penalty;
        return trend switch
        {
            Monotone.Increasing => intervals.Partition(1, turns: false, penalty).Ends,
            Monotone.Decreasing => intervals.Partition(-1, turns: false, penalty).Ends,
            Monotone.None => intervals.Partition(0, turns: false, penalty).Ends,
            Monotone.Unimodal => new[] { intervals.Partition(1, turns: true, penalty), intervals.Partition(-1, turns: true, penalty) }.MaxBy(p => p.Value).Ends,
            _ => new[]
            {
                intervals.Partition(1, turns: false, penalty),
                intervals.Partition(-1, turns: false, penalty),
                Turned(1),
                Turned(-1),
            }.MaxBy(p => p.Value).Ends,
        };

        (int[] Ends, double Value) Turned(int direction) => intervals.Partition(direction, turns: true, penalty) is var found ? (found.Ends, found.Value - limits.TurnPenalty) : default;
    }
}
