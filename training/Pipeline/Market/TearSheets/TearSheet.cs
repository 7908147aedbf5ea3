using System.Globalization;
using Serverless.Serving;
using Serverless.Serving.Cards;
using Serverless.Serving.Market;
using Serverless.Training.Cards;
using Serverless.Training.Market.Strategies;

namespace Serverless.Training.Market.TearSheets;

/// <summary>What a strategy has shown, for people (<c>tearsheet.html</c>) and programs (<c>tearsheet.json</c>).</summary>
public static class TearSheet
{
    /// <summary>The files of a symbol, by name.</summary>
    public static IReadOnlyDictionary<string, byte[]> Files(StrategyStudy study)
    {
        var figures = TearSheetFigures.Of(study);
        return new Dictionary<string, byte[]> { ["tearsheet.html"] = Page(study, figures), ["tearsheet.json"] = Json.File(figures) };
    }

    private static byte[] Page(StrategyStudy study, TearSheetFigures f) => new CardPage($"Tear sheet: {f.Symbol}", Lead(f))
        .Text(MarketOutlook.Disclaimer)
        .Heading("Verdict")
        .List(f.Promoted ? ["Every check was passed: the strategy's weight is the target."] : [.. f.Reasons, "It is not promoted: the target is to hold the symbol, which is the benchmark."])
        .Table("Evidence on days that no choice had seen", ["Figure", "#Value"], Evidence(f))
        .Heading("Performance")
        .Table($"All judged days, {Day(f.Whole.From)} to {Day(f.Whole.To)}", ["Figure", "#Strategy, net", "#Strategy, gross", "#Holding the symbol"], Figures(f.Whole))
        .Table($"The last days alone, {Day(f.Last.From)} to {Day(f.Last.To)}", ["Figure", "#Strategy, net", "#Strategy, gross", "#Holding the symbol"], Figures(f.Last))
        .Charts(TearSheetCharts.Equity(study), TearSheetCharts.Costs(study), TearSheetCharts.Drawdown(study), TearSheetCharts.RollingSharpe(study), TearSheetCharts.Exposure(study), TearSheetCharts.Calibration(f.Risk))
        .Table("Net return by month, in percent", ["Year", "#Jan", "#Feb", "#Mar", "#Apr", "#May", "#Jun", "#Jul", "#Aug", "#Sep", "#Oct", "#Nov", "#Dec", "#Year", "#Symbol"], Months(study))
        .Heading("Risk")
        .Table("Losses forecast by filtered historical simulation, and what came", ["Figure", "#Value"], Risk(f.Risk))
        .Table("By volatility as it was forecast, and by the series that are looked at, in thirds of the days", ["Days", "#Sharpe, strategy", "#Sharpe, symbol", "#Volatility, strategy", "#Volatility, symbol"], f.Regimes.Select(r => new CardCell[] { r.Name, Number(r.Net.Sharpe), Number(r.Benchmark.Sharpe), Percent(r.Net.Volatility), Percent(r.Benchmark.Volatility) }))
        .Table("Storms of the past", ["Episode", "Days", "#Strategy", "#Symbol", "#With today's weight"], f.Episodes.Select(e => new CardCell[] { e.Name, $"{Day(e.From)} to {Day(e.To)}", Percent(e.Net), Percent(e.Benchmark), Percent(e.NowWeight) }))
        .Heading("What was chosen")
        .Text(study.Rules.Sizing is { } sizing
            ? string.Create(CultureInfo.InvariantCulture, $"Positions are sized by forecasts of volatility and return, fitted anew every {sizing.RefitDays} days on the days before, {(sizing.Networks == 0 ? "without networks" : $"with {sizing.Networks} networks")}.")
            : "Positions are sized by the volatility of the range of past days and the mean return so far.")
        .Table("Each choice was made from the days before it alone; the weights of the settings kept are averaged", ["From", "Kind", "#Share", "#Settings kept", "Best of them"], f.Choices.Select(c => new CardCell[] { Day(c.From), c.Kind.ToString(), Percent(c.Share), CardParts.Count(c.Kept), c.Best }))
        .Html();

    private static string Lead(TearSheetFigures f) => string.Create(
        CultureInfo.InvariantCulture,
        $"From {f.Whole.From:yyyy-MM-dd} to {f.Whole.To:yyyy-MM-dd}, after costs: Sharpe ratio {f.Whole.Net.Sharpe:0.00} against {f.Whole.Benchmark.Sharpe:0.00} of holding the symbol, greatest fall {100 * f.Whole.Net.MaxDrawdown:0} % against {100 * f.Whole.Benchmark.MaxDrawdown:0} %. {(f.Promoted ? "Promoted." : "Not promoted.")} Target weight after the close of {f.AsOf:yyyy-MM-dd}: {f.TargetWeight:0.00}.");

    private static IEnumerable<CardCell[]> Evidence(TearSheetFigures f) =>
    [
        ["Deflated Sharpe ratio: how sure it is that more than luck and the market is in it", Number(f.Evidence.DeflatedSharpe, 3)],
        ["Trials in the ledger, each setting once", CardParts.Count(f.Evidence.Trials)],
        ["Yearly Sharpe ratio that the best of as many without skill would have", Number(f.Evidence.LuckSharpe)],
        ["Yearly Sharpe ratio of what is left beside the symbol", Number(f.Evidence.HedgedSharpe)],
        ["Yearly mean of what is left (α), and how much of the symbol is in it (β)", $"{Percent(f.Evidence.Alpha)}, {Number(f.Evidence.Beta)}"],
        ["Sharpe ratio less that of holding, with its 95 % interval", $"{Number(f.Evidence.SharpeDifference)} ({Number(f.Evidence.DifferenceLow)} to {Number(f.Evidence.DifferenceHigh)})"],
        ["Break-even cost, in multiples of the assumed one", f.Evidence.BreakEven is { } times ? Number(times) : "nothing is traded"],
        ["Break-even cost, in basis points of the traded value", f.Evidence.BreakEven is { } bp ? $"{Number(Math.Max(0, bp) * f.AssumedCostBp, 1)} against {Number(f.AssumedCostBp, 1)} assumed" : "nothing is traded"],
    ];

    private static IEnumerable<CardCell[]> Figures(PeriodFigures p)
    {
        CardCell[] Row(string name, Func<Performance, string> of) => [name, of(p.Net), of(p.Gross), of(p.Benchmark)];
        return
        [
            Row("Sharpe ratio, yearly", x => Number(x.Sharpe)), Row("Return, yearly", x => Percent(x.YearlyReturn)), Row("Volatility, yearly", x => Percent(x.Volatility)),
            Row("Greatest fall from a height", x => Percent(x.MaxDrawdown)), Row("Days until that height was reached again", x => x.RecoveryDays is { } days ? CardParts.Count(days) : "not yet"),
            Row("Loss that one day in twenty exceeds", x => Percent(x.ValueAtRisk95)), Row("Mean loss of these days", x => Percent(x.ExpectedShortfall95)), Row("Worst day", x => Percent(x.WorstDay)),
            Row("Skewness", x => Number(x.Skewness)), Row("Kurtosis (3 is normal)", x => Number(x.Kurtosis)),
            ["Mean weight held", Number(p.Exposure), "", "1.00"], ["Traded in a year, multiples of the capital", Number(p.YearlyTurnover), "", ""], ["Costs of trades in a year", Percent(p.YearlyCost), "", ""],
        ];
    }

    private static IEnumerable<CardCell[]> Risk(RiskForecasts r) =>
    [
        ["Days beyond the 95 % value at risk", $"{r.At95.Exceptions} of {r.Days}, {Number(100.0 * r.At95.Exceptions / Math.Max(1, r.Days), 1)} %"],
        ["Kupiec's test of it, p", Number(r.At95.PValue, 3)],
        ["Days beyond the 99 % value at risk", $"{r.At99.Exceptions} of {r.Days}, {Number(100.0 * r.At99.Exceptions / Math.Max(1, r.Days), 1)} %"],
        ["Kupiec's test of it, p", Number(r.At99.PValue, 3)],
        ["Loss on days beyond, over the expected shortfall forecast", r.ShortfallRatio is { } ratio ? Number(ratio) : "none"],
        ["Next day: value at risk 95 %, expected shortfall 97.5 %", $"{Percent(r.Next95)}, {Percent(r.NextShortfall)}"],
    ];

    private static IEnumerable<CardCell[]> Months(StrategyStudy study)
    {
        var days = Enumerable.Range(study.From, study.Bars.Count - study.From).Select(t => (Day: study.Bars.Days[t], Net: study.Days.Net[t], Symbol: study.Benchmark.Net[t])).ToList();
        static string Total(IEnumerable<double> returns) => (100 * (returns.Aggregate(1.0, (equity, r) => equity * (1 + r)) - 1)).ToString("0.0", CultureInfo.InvariantCulture);
        return days.GroupBy(d => d.Day.Year).Select(year => (CardCell[])
        [
            year.Key.ToString(CultureInfo.InvariantCulture),
            .. Enumerable.Range(1, 12).Select(m => year.Any(d => d.Day.Month == m) ? (CardCell)Total(year.Where(d => d.Day.Month == m).Select(d => d.Net)) : ""),
            Total(year.Select(d => d.Net)), Total(year.Select(d => d.Symbol)),
        ]);
    }

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Percent(double share) => CardParts.Share(share);

    private static string Number(double value, int decimals = 2) => value.ToString("F" + decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
}
