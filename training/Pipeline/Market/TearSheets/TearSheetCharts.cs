using System.Globalization;
using Serverless.Serving.Cards;
using Serverless.Training.Market.Statistics;
using Serverless.Training.Market.Strategies;

namespace Serverless.Training.Market.TearSheets;

/// <summary>The plots of a tear sheet, over the judged days.</summary>
internal static class TearSheetCharts
{
    private const int MaxPoints = 400, Year = 252;

    /// <summary>Growth of the strategy and of the symbol.</summary>
    public static CardChart Equity(StrategyStudy study)
    {
        var (strategy, symbol) = (Growth(study, study.Days.Net), Growth(study, study.Benchmark.Net));
        return Two(study, "Growth of 1, as logarithm to base 10", "log10 of growth", ("strategy, net", strategy), ("holding the symbol", symbol), $"The strategy ends at {Math.Pow(10, strategy[^1]):0.00}, the symbol at {Math.Pow(10, symbol[^1]):0.00}.");
    }

    /// <summary>Growth before and after costs of trades.</summary>
    public static CardChart Costs(StrategyStudy study)
    {
        var (net, gross) = (Growth(study, study.Days.Net), Growth(study, study.Gross()));
        return Two(study, "Growth of 1 after and before costs of trades, as logarithm to base 10", "log10 of growth", ("net", net), ("gross", gross), $"Costs of trades take {1 - Math.Pow(10, net[^1] - gross[^1]):P1} of what would be there at the end.");
    }

    /// <summary>How far both stand below their earlier heights.</summary>
    public static CardChart Drawdown(StrategyStudy study)
    {
        var (strategy, symbol) = (Falls(study, study.Days.Net), Falls(study, study.Benchmark.Net));
        return Two(study, "Fall from the earlier height", "fall", ("strategy, net", strategy), ("holding the symbol", symbol), $"The greatest fall is {-strategy.Min():P1} of the strategy and {-symbol.Min():P1} of the symbol.", percent: true);
    }

    /// <summary>Sharpe ratio of the last year, day by day.</summary>
    public static CardChart RollingSharpe(StrategyStudy study)
    {
        double[] Rolling(double[] net) => [.. Enumerable.Range(study.From, net.Length - study.From).Select(t => t < study.From + Year ? 0 : SharpeRatio.Of(net.AsSpan(t - Year + 1, Year)).Yearly)];
        var (strategy, symbol) = (Rolling(study.Days.Net), Rolling(study.Benchmark.Net));
        return Two(study, "Sharpe ratio of the year before each day (0 in the first year)", "yearly Sharpe ratio", ("strategy, net", strategy), ("holding the symbol", symbol), $"At the end {strategy[^1]:0.00} and {symbol[^1]:0.00}.");
    }

    /// <summary>Weight held.</summary>
    public static CardChart Exposure(StrategyStudy study)
    {
        var weights = study.Days.Weight[study.From..];
        return new("Weight held at the close", string.Create(CultureInfo.InvariantCulture, $"On average {weights.Average():0.00}, at most {weights.Max():0.00}."), Time(study), Axis("weight", [.. weights, 0]), [CardSeries.Of("", CardSeriesKind.Line, Thin(study, weights))]);
    }

    /// <summary>Where returns fell in their forecast distributions.</summary>
    public static CardChart Calibration(RiskForecasts risk)
    {
        var total = Math.Max(1, risk.Pit.Sum());
        var shares = risk.Pit.Select(c => (double)c / total).ToList();
        return new(
            "Where the symbol's returns fell in their forecast distributions (probability integral transform): even tenths are right",
            string.Create(CultureInfo.InvariantCulture, $"Shares by tenth from {shares.Min():P1} to {shares.Max():P1}; 10 % each is right."),
            CardAxis.Share("place in the forecast distribution"), CardAxis.Share("share of the days", Math.Max(0.2, 1.2 * shares.Max())),
            [CardSeries.Of("", CardSeriesKind.Area, shares.SelectMany((s, i) => new[] { (i / 10.0, s), ((i + 1) / 10.0, s) }))]);
    }

    private static CardChart Two(StrategyStudy study, string title, string axis, (string Name, double[] Values) first, (string Name, double[] Values) second, FormattableString says, bool percent = false) => new(
        title, says.ToString(CultureInfo.InvariantCulture), Time(study), Axis(axis, [.. first.Values, .. second.Values], percent),
        [CardSeries.Of(first.Name, CardSeriesKind.Line, Thin(study, first.Values)), CardSeries.Of(second.Name, CardSeriesKind.Line, Thin(study, second.Values))]);

    private static double[] Growth(StrategyStudy study, double[] returns)
    {
        var log = 0.0;
        return [.. returns[study.From..].Select(r => log += Math.Log10(Math.Max(1e-6, 1 + r)))];
    }

    private static double[] Falls(StrategyStudy study, double[] returns)
    {
        var (equity, height) = (1.0, 1.0);
        return [.. returns[study.From..].Select(r =>
        {
            equity *= 1 + r;
            height = Math.Max(height, equity);
            return (equity / height) - 1;
        })];
    }

    private static CardAxis Time(StrategyStudy study) => new("year", At(study.Bars.Days[study.From]), At(study.Bars.Days[^1]) + 0.01);

    private static CardAxis Axis(string name, double[] values, bool percent = false)
    {
        var (least, most) = (values.Min(), values.Max());
        var room = Math.Max(1e-3, 0.05 * (most - least));
        return new(name, least - room, most + room, percent);
    }

    private static IEnumerable<(double, double)> Thin(StrategyStudy study, double[] values)
    {
        var stride = Math.Max(1, values.Length / MaxPoints);
        return values.Index().Where(v => v.Index % stride == 0 || v.Index == values.Length - 1).Select(v => (At(study.Bars.Days[study.From + v.Index]), v.Item));
    }

    private static double At(DateOnly day) => day.Year + ((day.DayOfYear - 1) / 365.25);
}
