using Serverless.Training.Market.Statistics;
using Serverless.Training.Market.Strategies;

namespace Serverless.Training.Market.TearSheets;

/// <summary>What was forecast of each day's loss, and what came.</summary>
/// <param name="Days">Days with a position and a forecast.</param>
/// <param name="At95">Losses beyond the 95 % value at risk, of one day.</param>
/// <param name="At99">Losses beyond the 99 % value at risk.</param>
/// <param name="MeanShortfall">Mean forecast expected shortfall beyond 97.5 %, as a share of the capital.</param>
/// <param name="ShortfallRatio">Mean loss on days beyond the 95 % value at risk, over what their expected shortfall said; 1 is right, null where there is none.</param>
/// <param name="Next95">Value at risk of the day after the last one, 95 %.</param>
/// <param name="NextShortfall">Its expected shortfall beyond 97.5 %.</param>
/// <param name="Pit">Counts of where the symbol's returns fell in their forecast distributions, tenths from the worst: even when calibrated.</param>
public sealed record RiskForecasts(int Days, KupiecTest At95, KupiecTest At99, double MeanShortfall, double? ShortfallRatio, double Next95, double NextShortfall, IReadOnlyList<int> Pit)
{
    private const int Window = 1000, Least = 250, Refresh = 21;

    /// <summary>
    /// Forecasts by filtered historical simulation (Barone-Adesi, Giannopoulos and Vosper 1999): past returns over their forecast volatility, scaled by
    /// that of today and by the weight that the next open will hold.
    /// </summary>
    public static RiskForecasts Of(StrategyStudy study)
    {
        var (bars, volatility) = (study.Bars, study.Signals.Volatility);
        var scaled = new double[bars.Count];
        for (var t = 1; t < bars.Count; t++) scaled[t] = ((bars.Close[t] / bars.Close[t - 1]) - 1) / volatility[t - 1];
        double[] sorted = [];
        var (days, beyond95, beyond99, shortfall, pit) = (0, 0, 0, 0.0, new int[10]);
        var (lost, said) = (0.0, 0.0);
        for (var t = Math.Max(study.From, Least + 1); t < bars.Count; t++)
        {
            if (sorted.Length == 0 || t % Refresh == 0) sorted = Sorted(scaled, t);
            pit[Math.Min(9, 10 * Below(sorted, scaled[t]) / sorted.Length)]++;
            var weight = Held(study, t);
            if (weight == 0) continue;
            var (var95, var99, es) = Losses(sorted, weight * volatility[t - 1]);
            days++;
            shortfall += es;
            if (study.Days.Net[t] < -var99) beyond99++;
            if (study.Days.Net[t] >= -var95) continue;
            beyond95++;
            (lost, said) = (lost - study.Days.Net[t], said + Losses(sorted, weight * volatility[t - 1], 0.05).Es);
        }

        var next = bars.Count > Least ? Losses(Sorted(scaled, bars.Count), study.TargetWeight * volatility[^1]) : default;
        return new(days, new(days, beyond95, 0.05), new(days, beyond99, 0.01), days == 0 ? 0 : shortfall / days, said > 0 ? lost / said : null, next.Var95, next.Es, pit);
    }

    private static double[] Sorted(double[] scaled, int until)
    {
        var past = scaled[Math.Max(1, until - Window)..until];
        Array.Sort(past);
        return past;
    }

    private static int Below(double[] sorted, double value)
    {
        var place = Array.BinarySearch(sorted, value);
        return place >= 0 ? place : ~place;
    }

    /// <summary>The weight that the day's open trades to, which the close before decides.</summary>
    private static double Held(StrategyStudy study, int t)
    {
        var limits = study.Rules.Limits;
        var before = study.Days.Weight[t - 1];
        var target = Math.Clamp(study.Search.Targets[t - 1], limits.LongOnly ? 0 : -limits.MaxLeverage, limits.MaxLeverage);
        var change = Math.Clamp(target - before, -limits.MaxDailyTurnover, limits.MaxDailyTurnover);
        return Math.Abs(change) >= limits.NoTradeBand || target == 0 ? before + change : before;
    }

    private static (double Var95, double Var99, double Es) Losses(double[] sorted, double exposure, double tail = 0.025)
    {
        double At(double share) => exposure >= 0 ? -exposure * sorted[(int)(share * (sorted.Length - 1))] : -exposure * sorted[^(1 + (int)(share * (sorted.Length - 1)))];
        var count = Math.Max(1, (int)(tail * sorted.Length));
        var worst = 0.0;
        for (var i = 0; i < count; i++) worst += -exposure * (exposure >= 0 ? sorted[i] : sorted[^(1 + i)]) / count;
        return (At(0.05), At(0.01), worst);
    }
}
