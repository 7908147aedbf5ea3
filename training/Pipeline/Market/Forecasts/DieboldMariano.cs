using Serverless.Serving.Market;

namespace Serverless.Training.Market.Forecasts;

/// <summary>
/// The test of Diebold and Mariano (1995) of whether two forecasts lose the same on average, with the small-sample correction of Harvey, Leybourne
/// and Newbold (1997).
/// </summary>
/// <param name="MeanDifference">Mean of the first one's losses less the second one's; below 0 the first is better.</param>
/// <param name="Statistic">That in standard errors, corrected; NaN when nothing differs.</param>
/// <param name="PValue">How likely chance alone gives a distance so great in either direction: Student's t with one degree of freedom fewer than days; 1 when nothing differs.</param>
/// <param name="Days">Days compared.</param>
internal sealed record DieboldMariano(double MeanDifference, double Statistic, double PValue, int Days)
{
    /// <summary>How likely chance alone makes the first one as much better or more.</summary>
    public double PBetter => double.IsNaN(Statistic) ? 1 : Statistic < 0 ? PValue / 2 : 1 - (PValue / 2);

    /// <summary>Compares.</summary>
    /// <param name="first">Losses of the first forecast, day by day.</param>
    /// <param name="second">Losses of the second, of the same days.</param>
    /// <param name="horizon">Days ahead, 1 or more: forecasts of several days overlap, so that differences may depend on those of as many days less one.</param>
    /// <exception cref="ArgumentException">The lists differ in length, or have no more days than the horizon.</exception>
    public static DieboldMariano Of(ReadOnlySpan<double> first, ReadOnlySpan<double> second, int horizon = 1)
    {
        if (first.Length != second.Length || first.Length <= horizon) throw new ArgumentException("Compare losses of the same days, more than the horizon has.");
        var days = first.Length;
        var differences = new double[days];
        var mean = 0.0;
        for (var t = 0; t < days; t++) mean += (differences[t] = first[t] - second[t]) / days;
        var variance = Autocovariance(0);
        for (var lag = 1; lag < horizon; lag++) variance += 2 * Autocovariance(lag);
        // The plain sum can come out negative; with falling weights (Newey and West 1987) it cannot.
        if (variance <= 0)
        {
            variance = Autocovariance(0);
            for (var lag = 1; lag < horizon; lag++) variance += 2 * (1 - ((double)lag / horizon)) * Autocovariance(lag);
        }

        if (!(variance > 0)) return new(mean, double.NaN, 1, days);
        var correction = Math.Sqrt((days + 1 - (2.0 * horizon) + ((double)horizon * (horizon - 1) / days)) / days);
        var statistic = mean / Math.Sqrt(variance / days) * correction;
        return new(mean, statistic, 2 * StudentT.StandardBelow(-Math.Abs(statistic), days - 1), days);

        double Autocovariance(int lag)
        {
            var sum = 0.0;
            for (var t = lag; t < days; t++) sum += (differences[t] - mean) * (differences[t - lag] - mean);
            return sum / days;
        }
    }
}
