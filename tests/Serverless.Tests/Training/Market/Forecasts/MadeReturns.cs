using Serverless.Serving.Market;

namespace Serverless.Tests.Training.Market.Forecasts;

/// <summary>Returns and bars drawn from a GARCH(1,1) whose numbers are known.</summary>
internal static class MadeReturns
{
    public static Garch Truth { get; } = new(0.0004, 2e-6, 0.1, 0.88, null, 1e-4);

    public static double[] Of(int count, int seed, Garch? truth = null)
    {
        var (random, of) = (new Random(seed), truth ?? Truth);
        var returns = new double[count];
        var variance = of.Constant / (1 - of.Shock - of.Persistence);
        for (var t = 0; t < count; t++)
        {
            var surprise = Math.Sqrt(variance) * Normal(random);
            returns[t] = of.Mean + surprise;
            variance = of.Constant + (of.Shock * surprise * surprise) + (of.Persistence * variance);
        }

        return returns;
    }

    /// <summary>Bars of a symbol whose day is a walk of many steps with the day's variance.</summary>
    public static Bars Bars(string symbol, int count, int seed)
    {
        const int Steps = 20;
        var (random, closes) = (new Random(seed), new double[count]);
        var (open, high, low, traded) = (new double[count], new double[count], new double[count], new double[count]);
        var (price, variance) = (100.0, Truth.Constant / (1 - Truth.Shock - Truth.Persistence));
        for (var t = 0; t < count; t++)
        {
            var before = price;
            (open[t], high[t], low[t]) = (price, price, price);
            for (var s = 0; s < Steps; s++)
            {
                price *= Math.Exp((Truth.Mean / Steps) + (Math.Sqrt(variance / Steps) * Normal(random)));
                (high[t], low[t]) = (Math.Max(high[t], price), Math.Min(low[t], price));
            }

            (closes[t], traded[t]) = (price, 1e6 * (1 + random.NextDouble()));
            var surprise = Math.Log(price / before) - Truth.Mean;
            variance = Truth.Constant + (Truth.Shock * surprise * surprise) + (Truth.Persistence * variance);
        }

        var days = new DateOnly[count];
        for (var (t, day) = (0, new DateOnly(2010, 1, 4)); t < count; day = day.AddDays(1))
        {
            if (day.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday)) days[t++] = day;
        }

        return new(symbol, days, open, high, low, closes, traded);
    }

    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
