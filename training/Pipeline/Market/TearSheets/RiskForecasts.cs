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
    private const int Window = 750, Least = 250;

    /// <summary>
    /// Forecasts by filtered historical simulation (Barone-Adesi, Giannopoulos and Vosper 1999): what past nights and days did, over their forecast
    /// volatility, scaled by that of today; the night by the weight held over it, the day by the weight that its open trades to.
    /// </summary>
    public static RiskForecasts Of(StrategyStudy study)
    {
        var past = new Scenarios(study);
        var (days, beyond95, beyond99, shortfall, pit) = (0, 0, 0, 0.0, new int[10]);
        var (lost, said) = (0.0, 0.0);
        for (var t = Math.Max(study.From, Least + 1); t < study.Bars.Count; t++)
        {
            past.Take(t, 1, 1);
            pit[Math.Min(9, (int)(10 * past.Below((study.Bars.Close[t] / study.Bars.Close[t - 1]) - 1)))]++;
            var (night, day) = (study.Days.Weight[t - 1], Traded(study, t));
            if (night == 0 && day == 0) continue;
            past.Take(t, night, day);
            days++;
            shortfall += past.Shortfall(0.025);
            if (study.Days.Net[t] < past.At(0.01)) beyond99++;
            if (study.Days.Net[t] >= past.At(0.05)) continue;
            beyond95++;
            (lost, said) = (lost - study.Days.Net[t], said + past.Shortfall(0.05));
        }

        past.Take(study.Bars.Count, study.Evidence.Promoted ? study.Days.Weight[^1] : 1, study.TargetWeight);
        return new(days, new(days, beyond95, 0.05), new(days, beyond99, 0.01), days == 0 ? 0 : shortfall / days, said > 0 ? lost / said : null, -past.At(0.05), past.Shortfall(0.025), pit);
    }

    /// <summary>The weight that the day's open trades to, which the close before decides.</summary>
    private static double Traded(StrategyStudy study, int t)
    {
        var limits = study.Rules.Limits;
        var before = study.Days.Weight[t - 1];
        var target = Math.Clamp(study.Search.Targets[t - 1], limits.LongOnly ? 0 : -limits.MaxLeverage, limits.MaxLeverage);
        var change = Math.Clamp(target - before, -limits.MaxDailyTurnover, limits.MaxDailyTurnover);
        return Math.Abs(change) >= limits.NoTradeBand || target == 0 ? before + change : before;
    }

    /// <summary>Returns of a day as each past day would have it, from the worst.</summary>
    private sealed class Scenarios
    {
        private readonly StrategyStudy _study;
        private readonly double[] _night, _day, _sorted = new double[Window];
        private int _count;

        public Scenarios(StrategyStudy study)
        {
            var (bars, volatility) = (study.Bars, study.Signals.Volatility);
            (_study, _night, _day) = (study, new double[bars.Count], new double[bars.Count]);
            for (var t = 1; t < bars.Count; t++)
            {
                _night[t] = ((bars.Open[t] / bars.Close[t - 1]) - 1) / volatility[t - 1];
                _day[t] = ((bars.Close[t] / bars.Open[t]) - 1) / volatility[t - 1];
            }
        }

        /// <summary>Takes the days before one, for its weights.</summary>
        public void Take(int t, double night, double day)
        {
            var from = Math.Max(1, t - Window);
            _count = t - from;
            for (var i = 0; i < _count; i++) _sorted[i] = _study.Signals.Volatility[t - 1] * ((night * _night[from + i]) + (day * _day[from + i]));
            Array.Sort(_sorted, 0, _count);
        }

        /// <summary>The return that a share of them is below.</summary>
        public double At(double share) => _sorted[(int)(share * (_count - 1))];

        /// <summary>Share of them below a return.</summary>
        public double Below(double value)
        {
            var place = Array.BinarySearch(_sorted, 0, _count, value);
            return (double)(place >= 0 ? place : ~place) / _count;
        }

        /// <summary>Mean loss of the worst share.</summary>
        public double Shortfall(double share)
        {
            var worst = Math.Max(1, (int)(share * _count));
            return -_sorted.AsSpan(0, worst).ToArray().Average();
        }
    }
}
