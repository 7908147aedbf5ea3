namespace Serverless.Serving.Market;

/// <summary>What forecasts of one symbol's variance are made from, day by day, oldest first; what stands at a day was known when it closed.</summary>
/// <param name="Returns">Logarithm of the day's adjusted close over that of the day before; 0 on the first day, which has none.</param>
/// <param name="Ranges">Variance of the day by its bar: Garman and Klass (1980) from open to close, and the squared move overnight; 0 or more.</param>
/// <param name="Levels">Positive series to look at besides, such as an index of implied volatility, a list a series.</param>
public sealed record PastDays(double[] Returns, double[] Ranges, IReadOnlyList<double[]> Levels)
{
    /// <summary>Least variance of a day, so that a day on which nothing moved has a logarithm: a hundredth of a percent squared is 1e-8.</summary>
    public const double LeastVariance = 1e-7;

    /// <summary>Number of days.</summary>
    public int Count => Returns.Length;

    /// <summary>What bars say.</summary>
    /// <param name="bars">The symbol.</param>
    /// <param name="exogenous">Series to look at besides: a day sees their latest close that is not after it, and before their first one that.</param>
    public static PastDays Of(Bars bars, IReadOnlyList<Bars> exogenous)
    {
        var (returns, ranges) = (bars.LogReturns(), MarketFeatures.Variances(bars).GarmanKlass);
        for (var t = 0; t < ranges.Length; t++)
        {
            var overnight = t == 0 ? 0 : Math.Log(bars.Open[t] / bars.Close[t - 1]);
            ranges[t] = Math.Max(0, ranges[t]) + (overnight * overnight); // of a bar that only rose or fell the estimate is below 0
        }

        return new(returns, ranges, [.. exogenous.Select(e => bars.Days.ToArray().Select(day => e.Close[Math.Max(0, e.Known(day) - 1)]).ToArray())]);
    }

    /// <summary>The first days alone, as they were known then.</summary>
    public PastDays Until(int count) => new(Returns[..count], Ranges[..count], [.. Levels.Select(l => l[..count])]);
}
