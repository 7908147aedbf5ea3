using Serverless.Serving.Market;

namespace Serverless.Tests.Serving.Market;

/// <summary>Bars of a seeded random walk, for tests that need some.</summary>
internal static class MadeBars
{
    public static Bars Of(int seed, int days, string symbol = "A")
    {
        var random = new Random(seed);
        var (open, high, low, close, traded, dates) = (new double[days], new double[days], new double[days], new double[days], new double[days], new DateOnly[days]);
        var (price, date) = (100.0, new DateOnly(2010, 1, 4));
        for (var t = 0; t < days; t++, date = date.AddDays(date.DayOfWeek == DayOfWeek.Friday ? 3 : 1))
        {
            double Step() => 0.02 * (random.NextDouble() - 0.5);
            (dates[t], open[t]) = (date, price * Math.Exp(Step() / 2));
            close[t] = price = open[t] * Math.Exp(Step());
            (high[t], low[t], traded[t]) = (Math.Max(open[t], price) * Math.Exp(Math.Abs(Step())), Math.Min(open[t], price) * Math.Exp(-Math.Abs(Step())), 1e9 * Math.Exp(10 * Step()));
        }

        return new(symbol, dates, open, high, low, close, traded);
    }

    /// <summary>The same bars with everything after the first days replaced by other prices.</summary>
    public static Bars CorruptedAfter(Bars bars, int days)
    {
        double[] Changed(ReadOnlySpan<double> prices, double factor) => [.. prices[..days], .. prices[days..].ToArray().Select((p, i) => p * factor * (1 + (i % 3)))];
        return new(bars.Symbol, bars.Days.ToArray(), Changed(bars.Open, 7), Changed(bars.High, 9), Changed(bars.Low, 5), Changed(bars.Close, 8), Changed(bars.Traded, 0.3));
    }
}
