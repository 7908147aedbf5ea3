using Serverless.Training.Market.Strategies;

namespace Serverless.Training.Market.TearSheets;

/// <summary>Several symbols with the same part of the capital each, on the days that all were judged on.</summary>
/// <param name="From">First such day.</param>
/// <param name="Net">The strategies after costs, parts made equal each day at no cost.</param>
/// <param name="Benchmark">Holding the symbols, the same way.</param>
/// <param name="Next95">Value at risk of the day to come, 95 %, of the target weights.</param>
/// <param name="NextShortfall">Its expected shortfall beyond 97.5 %.</param>
public sealed record PortfolioFigures(DateOnly From, Performance Net, Performance Benchmark, double Next95, double NextShortfall)
{
    private const int Window = 1000;

    /// <summary>Measures; null where no day is common to all.</summary>
    public static PortfolioFigures? Of(IReadOnlyList<StrategyStudy> studies)
    {
        var common = studies.Select(s => s.Bars.Days[s.From..].ToArray().AsEnumerable()).Aggregate((a, b) => a.Intersect(b)).Order().ToArray();
        if (common.Length == 0) return null;
        var places = studies.Select(s => common.Select(day => s.Bars.Known(day) - 1).ToArray()).ToArray();
        double[] Mean(Func<StrategyStudy, int, double> of) => [.. common.Select((_, i) => studies.Select((s, k) => of(s, places[k][i])).Average())];

        // Filtered historical simulation: what each past day did to all symbols together, in units of their forecast volatility then, scaled to now.
        var now = Mean((s, t) => s.TargetWeight * s.Signals.Volatility[^1] * ((s.Bars.Close[t] / s.Bars.Close[t - 1]) - 1) / s.Signals.Volatility[t - 1])[^Math.Min(Window, common.Length)..];
        Array.Sort(now);
        return new(common[0], Performance.Of(Mean((s, t) => s.Days.Net[t])), Performance.Of(Mean((s, t) => s.Benchmark.Net[t])), -now[(int)(0.05 * (now.Length - 1))], -now[..Math.Max(1, now.Length / 40)].Average());
    }
}
