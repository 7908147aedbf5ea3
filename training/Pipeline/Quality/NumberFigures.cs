using System.Globalization;

namespace Serverless.Training.Quality;

/// <summary>Figures of numbers from their counters and a sample.</summary>
internal static class NumberFigures
{
    private const int Bars = 20;
    private static readonly int[] Percents = [1, 5, 25, 50, 75, 95, 99];

    /// <summary>The figures; null when there are no numbers.</summary>
    /// <param name="codes">What the rows of the sample hold; from 0 on a number.</param>
    /// <param name="numbers">Their numbers.</param>
    /// <param name="rows">How many numbers there are in all.</param>
    /// <param name="least">The least of all.</param>
    /// <param name="most">The greatest of all.</param>
    /// <param name="sum">The sum of all.</param>
    public static NumberQuality? Of(ReadOnlySpan<int> codes, ReadOnlySpan<double> numbers, int rows, double least, double most, double sum)
    {
        var sorted = Sorted(codes, numbers);
        if (sorted.Length == 0) return null;
        var (low, high) = (Quantile(sorted, 25), Quantile(sorted, 75));
        var reach = 3 * (high - low);
        double? outside = reach > 0 ? (double)sorted.Count(n => n < low - reach || n > high + reach) / sorted.Length : null;
        return new(rows, least, most, sum / rows, sorted.Length, Quantiles(sorted), Histogram(sorted), outside, outside is { } share ? (int)Math.Round(share * rows) : null);
    }

    /// <summary>p1 to p99 of ascending numbers.</summary>
    public static IReadOnlyDictionary<string, double> Quantiles(double[] sorted) =>
        Percents.ToDictionary(p => string.Create(CultureInfo.InvariantCulture, $"p{p}"), p => Quantile(sorted, p));

    // Linear between the two nearest, definition 7 of Hyndman and Fan (1996), as pandas and R do.
    private static double Quantile(double[] sorted, int percent)
    {
        var at = (sorted.Length - 1) * percent / 100.0;
        var below = (int)at;
        return below + 1 < sorted.Length ? sorted[below] + ((at - below) * (sorted[below + 1] - sorted[below])) : sorted[below];
    }

    private static double[] Sorted(ReadOnlySpan<int> codes, ReadOnlySpan<double> numbers)
    {
        var sorted = new double[codes.Length];
        var count = 0;
        for (var row = 0; row < codes.Length; row++)
        {
            if (codes[row] >= 0) sorted[count++] = numbers[row];
        }

        Array.Resize(ref sorted, count);
        Array.Sort(sorted);
        return sorted;
    }

    private static double[] Histogram(double[] sorted)
    {
        var (from, to) = (Quantile(sorted, 1), Quantile(sorted, 99));
        var bars = new double[Bars];
        foreach (var number in sorted) bars[to > from ? (int)Math.Clamp((number - from) / (to - from) * Bars, 0, Bars - 1) : 0] += 1.0 / sorted.Length;
        return bars;
    }
}
