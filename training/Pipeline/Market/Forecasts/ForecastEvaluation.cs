using Serverless.Serving.Market;

namespace Serverless.Training.Market.Forecasts;

/// <summary>What forecasts that were never fitted on their days show, and which of them is served.</summary>
/// <param name="Served">What is served.</param>
/// <param name="Best">The baseline that loses least.</param>
/// <param name="Test">Networks against it, all symbols together, day by day.</param>
/// <param name="Metrics">Figures, by their names in the manifest.</param>
/// <param name="Symbols">The same for each symbol.</param>
internal sealed record ForecastEvaluation(ForecastKind Served, ForecastKind Best, DieboldMariano Test, IReadOnlyDictionary<string, double> Metrics, IReadOnlyList<SymbolEvaluation> Symbols)
{
    /// <summary>The main metric: see <see cref="Score"/>.</summary>
    public const string MainMetric = "likelihoodScore";

    /// <summary>The baselines.</summary>
    public static readonly IReadOnlyList<ForecastKind> Baselines = [ForecastKind.Ewma, ForecastKind.Garch, ForecastKind.Har];

    /// <summary>Judges. The networks are served only when they lose less than the best baseline, and chance alone hardly explains it; else that baseline is.</summary>
    /// <param name="symbols">Forecasts of each symbol.</param>
    /// <param name="rules">State the significance.</param>
    public static ForecastEvaluation Of(IReadOnlyList<JudgedSymbol> symbols, ForecastRules rules)
    {
        var losses = Enum.GetValues<ForecastKind>().ToDictionary(kind => kind, kind => ByDay(symbols, s => s.Qlike(kind)));
        var best = Baselines.MinBy(kind => losses[kind].Average());
        var test = DieboldMariano.Of(losses[ForecastKind.Network], losses[best]);
        var served = test.PBetter < rules.Significance ? ForecastKind.Network : best;
        var metrics = new Dictionary<string, double>(MetricsOf(symbols, served))
        {
            ["pAgainstBaseline"] = test.PBetter,
            ["statisticAgainstBaseline"] = test.Statistic,
            ["servesNetwork"] = served == ForecastKind.Network ? 1 : 0,
        };
        foreach (var (i, name) in ReturnBaselines.Names.Index()) metrics[$"returnError{name}"] = ReturnError(symbols, s => s.Means[i]);
        metrics["returnError"] = ReturnError(symbols, s => [.. s.Of(served).Select(f => f.Ahead.Location)]);
        foreach (var (kind, loss) in losses)
        {
            metrics[$"qlike{kind}"] = loss.Average();
            metrics[$"qlikeByRange{kind}"] = symbols.SelectMany(s => s.QlikeByRange(kind)).Average();
        }

        return new(served, best, test, metrics, [.. symbols.Select(s => SymbolEvaluation.Of(s, served))]);
    }

    /// <summary>Figures of forecasts of a kind, over all days of all symbols.</summary>
    /// <param name="symbols">Their days; at least one.</param>
    /// <param name="kind">The kind.</param>
    public static IReadOnlyDictionary<string, double> MetricsOf(IReadOnlyList<JudgedSymbol> symbols, ForecastKind kind)
    {
        var days = symbols.SelectMany(s => s.Returns().Zip(s.Of(kind), (came, forecast) => (Came: came, Forecast: forecast))).ToList();
        return new Dictionary<string, double>
        {
            [MainMetric] = Score(symbols.SelectMany(s => LogScores(s.Returns(), s.Of(kind))).Average()),
            ["qlike"] = symbols.SelectMany(s => s.Qlike(kind)).Average(),
            ["varianceRatio"] = symbols.SelectMany(s => s.Of(kind).Select((f, i) => s.Symbol.SquareAfter(s.Day(i), 1) / f.Variance)).Average(),
            ["coverage90"] = days.Average(d => d.Forecast.Ahead.Below(d.Came) is >= 0.05 and <= 0.95 ? 1.0 : 0),
            ["direction"] = days.Average(d => d.Forecast.Ahead.Location > 0 == d.Came > 0 ? 1.0 : 0),
            ["directionAlwaysUp"] = days.Average(d => d.Came > 0 ? 1.0 : 0),
            ["crps"] = days.Average(d => d.Forecast.Ahead.Crps(d.Came)),
        };
    }

    /// <summary>
    /// How well the distributions told what came, 0 to 1: the logistic function of the mean log score over that of a normal distribution with the mean and variance
    /// of the judged returns themselves. Above a half they say more than a variance that never changes.
    /// </summary>
    public static double Score(double meanLogScore) => 1 / (1 + Math.Exp(-meanLogScore));

    /// <summary>The log score of each forecast of a symbol over that of the constant distribution.</summary>
    public static double[] LogScores(double[] returns, IReadOnlyList<DayForecast> forecasts)
    {
        if (returns.Length == 0) return [];
        var mean = returns.Average();
        var variance = Math.Max(returns.Average(r => (r - mean) * (r - mean)), PastDays.LeastVariance);
        return [.. returns.Select((r, i) => forecasts[i].Ahead.LogDensity(r) + (0.5 * (Math.Log(2 * Math.PI * variance) + ((r - mean) * (r - mean) / variance))))];
    }

    // Mean squared error of means of returns, in basis points of a return, its root.
    private static double ReturnError(IReadOnlyList<JudgedSymbol> symbols, Func<JudgedSymbol, double[]> means) =>
        1e4 * Math.Sqrt(symbols.SelectMany(s => s.Returns().Zip(means(s), (came, mean) => (came - mean) * (came - mean))).Average());

    // The mean of the symbols' losses of each day: symbols move together, so a day is one piece of evidence however many there are.
    private static double[] ByDay(IReadOnlyList<JudgedSymbol> symbols, Func<JudgedSymbol, double[]> losses) =>
        [.. symbols.SelectMany(s => losses(s).Select((loss, i) => (Day: s.Ends(i), Loss: loss))).GroupBy(l => l.Day).OrderBy(g => g.Key).Select(g => g.Average(l => l.Loss))];
}
