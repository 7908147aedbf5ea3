namespace Serverless.Training.Credit;

/// <summary>Finds the cuts of a number or date column.</summary>
internal static class NumberBins
{
    private const int MaxPrebins = 64;

    /// <summary>Prebins of about equal count that keep equal values together, merged by <see cref="OptimalBinning"/>.</summary>
    /// <returns>Ascending upper bounds of the ordinary bins but the last; none when one bin is best.</returns>
    public static double[] Find(InputColumn input, bool[] bad, int[] rows, BinLimits limits)
    {
        var ordinary = Array.FindAll(rows, row => input.Codes[row] >= 0);
        if (ordinary.Length == 0) return [];
        var values = Array.ConvertAll(ordinary, row => input.Numbers[row]);
        var outcomes = Array.ConvertAll(ordinary, row => bad[row]);
        Array.Sort(values, outcomes);

        List<double> counts = [], bads = [], cuts = [];
        var (count, bad0, closed) = (0, 0, 0);
        for (var i = 0; i < values.Length; i++)
        {
            count++;
            if (outcomes[i]) bad0++;
            var last = i + 1 == values.Length;
            if (!last && (values[i + 1] == values[i] || count < (values.Length - closed) / (double)Math.Max(1, MaxPrebins - counts.Count))) continue;
            counts.Add(count);
            bads.Add(bad0);
            if (!last) cuts.Add(Between(values[i], values[i + 1]));
            (closed, count, bad0) = (i + 1, 0, 0);
        }

        var ends = OptimalBinning.Solve([.. counts], [.. bads], limits, input.Column.Monotone);
        return [.. ends.SkipLast(1).Select(end => cuts[end - 1])];
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
