using System.Globalization;
using Serverless.Serving;
using Serverless.Serving.Cards;
using Serverless.Serving.Market;
using Serverless.Training.Cards;
using Serverless.Training.Market.Forecasts;

namespace Serverless.Training.Market;

/// <summary>The model card of a forecast (Mitchell et al. 2019): what is served and why, how good it is against its baselines, what it cannot do.</summary>
internal static class MarketCard
{
    /// <summary>Writes <c>card.md</c> and <c>card.html</c>.</summary>
    public static IReadOnlyDictionary<string, byte[]> Files(Manifest manifest, MarketRows market, ForecastEvaluation evaluation)
    {
        var contract = market.Contract;
        var page = new CardPage(
            $"Forecasts for {contract.Portfolio}",
            $"Tells the distribution of the return over {Days(contract.Horizon)} and the volatility of the next day, for {string.Join(", ", market.Symbols.Select(s => s.Symbol))}. It sends no orders and is no advice.");
        page.Heading("What it is").Text(Verdict(evaluation, contract)).Table("Where the model comes from", ["Fact", "Value"],
        [
            .. CardParts.Facts(manifest, contract),
            ["Served", Name(evaluation.Served)],
            ["Horizon", Days(contract.Horizon)],
            ["Looks besides at", market.Exogenous.Count == 0 ? "nothing" : string.Join(", ", market.Exogenous.Select(e => e.Symbol))],
            ["Networks", string.Create(CultureInfo.InvariantCulture, $"{contract.Forecast.Networks} (LSTM and GRU in turn), {contract.Forecast.Units} units over {contract.Forecast.Window} days")],
            ["Judged", $"on the last {CardParts.Share(contract.Training.Holdout)} of the days, walking forward, fitted anew every {CardParts.Count(contract.Forecast.RefitDays)} days"],
        ]);
        page.Heading("How good it is")
            .Text("Losses are QLIKE (Patton 2011) of the next day's variance with the squared return from close to close as its proxy; lower is better. The statistic is that of Diebold and Mariano (1995) of the networks against each baseline with the correction of Harvey, Leybourne and Newbold (1997); below 0 the networks are better, and below -1.65 chance alone does so in fewer than one case of twenty.")
            .Table("Volatility", ["Symbol", "#Days", .. Enum.GetValues<ForecastKind>().Select(k => $"#{Name(k)}"), .. ForecastEvaluation.Baselines.Select(k => $"#Statistic against {Name(k)}")], evaluation.Symbols.Select(s => (CardCell[])
            [
                s.Symbol, CardParts.Count(s.Days), .. s.Qlike.Select(q => new CardCell(CardParts.Figure(q))), .. s.Tests.Select(t => new CardCell(CardParts.Figure(t.Statistic))),
            ]))
            .Table("Distribution of what is served", ["Symbol", "From", "To", "#Squared return by variance", "#Returns within the middle 90 %", "#CRPS"], evaluation.Symbols.Select(s => new CardCell[]
            {
                s.Symbol, Day(s.From), Day(s.To), CardParts.Figure(s.VarianceRatio), CardParts.Share(s.Coverage), CardParts.Figure(s.Crps),
            }))
            .Text("A distribution that is right has a tenth of the returns in each of its tenths (Diebold, Gunther and Tay 1998):")
            .Table("Shares of the returns in the tenths of their distribution", ["Symbol", .. Enumerable.Range(1, 10).Select(i => $"#{i}")], evaluation.Symbols.Select(s => (CardCell[])[s.Symbol, .. s.Pit.Select(p => CardCell.Filled(CardParts.Share(p), Math.Min(1, p * 3)))]))
            .Text("Whether a day rises is hardly told by anything. The sign of the mean is right as often as stands here; always saying 'up' is right as often as the share of rises:")
            .Table("Direction", ["Symbol", "#Right", "#Always up", "#Chance that it is better by luck"], evaluation.Symbols.Select(s => new CardCell[]
            {
                s.Symbol, CardParts.Share(s.Direction), CardParts.Share(s.AlwaysUp), CardParts.Figure(s.DirectionTest.PBetter),
            }));
        if (market.Findings.Count > 0) page.Heading("What was found in the data").List(market.Findings);
        page.Heading("Figures").Table("Figures on the judged days, all symbols together", ["Figure", "#Value"], manifest.Metrics.OrderBy(m => m.Key, StringComparer.Ordinal).Select(m => new CardCell[] { m.Key, CardParts.Figure(m.Value) }))
            .Gate(manifest.Gate)
            .Heading("Limits of use").List(
            [
                "It knows daily bars and the series beside them, and nothing of news, accounts or the order book.",
                "Its variance is that of ordinary times to come: no crash was ever forecast by the days before it.",
                "The best baseline was chosen on the judged days, which makes it look a little better than it is.",
                "It is retrained when bars are dropped; a forecast tells the day that it was made on, and how old it is.",
            ])
            .Replay($"dotnet run --project training/Cli -- train market --contract contract.json --data DATA.csv{string.Concat(market.Contract.Exogenous.Select(e => $" --exogenous {e}={e}.csv"))} --out again");
        return page.Files();
    }

    /// <summary>What a kind is called.</summary>
    public static string Name(ForecastKind kind) => kind switch
    {
        ForecastKind.Ewma => "EWMA",
        ForecastKind.Garch => "GARCH",
        ForecastKind.Har => "HAR",
        _ => "networks",
    };

    private static string Verdict(ForecastEvaluation evaluation, MarketContract contract)
    {
        var chance = string.Create(CultureInfo.InvariantCulture, $"{evaluation.Test.PBetter:0.0000} (the contract asks for less than {contract.Forecast.Significance:0.###})");
        return evaluation.Served == ForecastKind.Network
            ? $"The networks are served: on days that nothing was fitted on they lose less than the best baseline, {Name(evaluation.Best)}, and chance alone would do so with a probability of {chance}."
            : $"No network is served, but the best baseline, {Name(evaluation.Best)}: on days that nothing was fitted on the networks were not better beyond chance, which alone would do as well with a probability of {chance}.";
    }

    private static string Days(int days) => days == 1 ? "the next trading day" : string.Create(CultureInfo.InvariantCulture, $"{days} trading days");

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
