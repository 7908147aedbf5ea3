namespace Serverless.Training.Credit;

/// <summary>Finds the cuts of a number or date column.</summary>
internal static class NumberBins
{
    /// <summary>Steps merged by <see cref="OptimalBinning"/>; bins set by hand are taken as they are.</summary>
    /// <param name="prebins">The column in steps.</param>
    /// <param name="rows">Rows of each step.</param>
    /// <param name="bads">Bad loans of each step.</param>
    /// <param name="limits">What the bins must keep.</param>
    /// <returns>For each bin the step after its last one.</returns>
    public static int[] Find(Prebins prebins, int[] rows, int[] bads, BinLimits limits)
    {
        if (prebins.Input.Column.Cuts is not null) return [.. Enumerable.Range(1, prebins.Ordinary)];
        var any = rows.AsSpan(0, prebins.Ordinary).ContainsAnyExcept(0);
        return any ? OptimalBinning.Solve(Real(rows), Real(bads), limits, prebins.Input.Column.Monotone) : [prebins.Ordinary];

        double[] Real(int[] counts) => Array.ConvertAll(counts[..prebins.Ordinary], count => (double)count);
    }

    /// <summary>The number with the fewest digits that is at least <paramref name="low"/> and below <paramref name="high"/>, from their middle down: cuts that people can read.</summary>
    internal static double Between(double low, double high)
    {
        var middle = low + ((high - low) / 2);
        for (var zeros = 15; zeros > 0; zeros--)
        {
            var step = Math.Pow(10, zeros);
            var round = Math.Floor(middle / step) * step;
            if (round >= low && round < high) return round;
        }

        for (var digits = 0; digits <= 15; digits++)
        {
            var round = Math.Round(middle, digits, MidpointRounding.ToNegativeInfinity);
            if (round >= low && round < high) return round;
        }

        return low;
    }
}
