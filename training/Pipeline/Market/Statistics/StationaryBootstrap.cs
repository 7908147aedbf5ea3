namespace Serverless.Training.Market.Statistics;

/// <summary>
/// Resamples a series in blocks of random length that begin anywhere and wrap around its end, so that what days have to do with each other is kept
/// (Politis and Romano 1994).
/// </summary>
public static class StationaryBootstrap
{
    /// <summary>Ends of the middle <paramref name="confidence"/> of a figure over resampled days.</summary>
    /// <param name="days">Number of days.</param>
    /// <param name="meanBlock">Mean length of a block, in days; see <see cref="BlockLength"/>.</param>
    /// <param name="figure">Measures the days whose numbers it is given, and keeps none of them.</param>
    /// <param name="samples">Number of samples.</param>
    /// <param name="seed">The only source of chance.</param>
    /// <param name="confidence">0.95 leaves 2.5 % out at either end.</param>
    public static (double Low, double High) Interval(int days, double meanBlock, Func<int[], double> figure, int samples, int seed, double confidence = 0.95)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(days, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(meanBlock, 1);
        var random = new Random(seed);
        var (drawn, figures) = (new int[days], new double[samples]);
        for (var s = 0; s < samples; s++)
        {
            for (var t = 0; t < days; t++)
                drawn[t] = t == 0 || random.NextDouble() * meanBlock < 1 ? random.Next(days) : (drawn[t - 1] + 1) % days;
            figures[s] = figure(drawn);
        }

        Array.Sort(figures);
        var tail = (1 - confidence) / 2;
        return (figures[(int)(tail * (samples - 1))], figures[(int)Math.Ceiling((1 - tail) * (samples - 1))]);
    }

    /// <summary>The mean length of blocks that suits a series best (Politis and White 2004, corrected by Patton, Politis and White 2009), for the stationary bootstrap.</summary>
    /// <param name="series">The series, such as daily returns.</param>
    /// <returns>Days, 1 to a third of the series.</returns>
    public static double BlockLength(ReadOnlySpan<double> series)
    {
        var n = series.Length;
        if (n < 10) return 1;
        var most = Math.Min(n / 3, 3 * (int)Math.Ceiling(Math.Sqrt(n)));
        var covariances = Autocovariances(series, Math.Min(n - 1, most));
        if (covariances[0] <= 1e-300) return 1;

        // The first lag after which a run of correlations is as small as those of independent days.
        var run = Math.Max(5, (int)Math.Sqrt(Math.Log10(n)));
        var small = 2 * Math.Sqrt(Math.Log10(n) / n);
        var last = 0;
        for (var k = 1; k < covariances.Length && k <= last + run; k++)
        {
            if (Math.Abs(covariances[k] / covariances[0]) >= small) last = k;
        }

        var bandwidth = Math.Min(2 * Math.Max(last, 1), covariances.Length - 1);
        var (slope, spectrum) = (0.0, covariances[0]);
        for (var k = 1; k <= bandwidth; k++)
        {
            var weight = Math.Min(1, 2 * (1 - ((double)k / bandwidth))); // the flat-top window
            slope += 2 * weight * k * covariances[k];
            spectrum += 2 * weight * covariances[k];
        }

        var length = Math.Pow(2 * slope * slope / (2 * spectrum * spectrum) * n, 1.0 / 3);
        return double.IsFinite(length) ? Math.Clamp(length, 1, n / 3.0) : 1;
    }

    private static double[] Autocovariances(ReadOnlySpan<double> series, int lags)
    {
        var mean = 0.0;
        foreach (var x in series) mean += x / series.Length;
        var covariances = new double[lags + 1];
        for (var k = 0; k <= lags; k++)
        {
            for (var t = k; t < series.Length; t++) covariances[k] += (series[t] - mean) * (series[t - k] - mean) / series.Length;
        }

        return covariances;
    }
}
