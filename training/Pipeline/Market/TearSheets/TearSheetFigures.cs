using Serverless.Serving.Market;
using Serverless.Training.Market.Strategies;

namespace Serverless.Training.Market.TearSheets;

/// <summary>The figures of a tear sheet, as <c>tearsheet.json</c> has them.</summary>
/// <param name="Symbol">The symbol.</param>
/// <param name="Promoted">Whether the strategy has shown enough.</param>
/// <param name="Reasons">Why not.</param>
/// <param name="TargetWeight">Weight decided at the last close.</param>
/// <param name="AsOf">The last close.</param>
/// <param name="Whole">All judged days.</param>
/// <param name="Last">The last of them, a share of all days that the contract's holdout states.</param>
/// <param name="Evidence">Deflated Sharpe ratio, trials, break-even cost.</param>
/// <param name="AssumedCostBp">Commission and half-spread, in basis points.</param>
/// <param name="Risk">Forecasts of losses and what came.</param>
/// <param name="Regimes">By volatility as it was forecast, and by the series that are looked at.</param>
/// <param name="Episodes">Storms of the past that the days cover.</param>
/// <param name="Choices">What was chosen, fold by fold.</param>
public sealed record TearSheetFigures(
    string Symbol, bool Promoted, IReadOnlyList<string> Reasons, double TargetWeight, DateOnly AsOf, PeriodFigures Whole, PeriodFigures Last, StrategyEvidence Evidence, double AssumedCostBp,
    RiskForecasts Risk, IReadOnlyList<RegimeFigures> Regimes, IReadOnlyList<EpisodeFigures> Episodes, IReadOnlyList<ChoiceFigures> Choices)
{
    private static readonly (string Name, DateOnly From, DateOnly To)[] Storms =
    [
        ("Dot-com crash", new(2000, 3, 24), new(2002, 10, 9)), ("Financial crisis", new(2007, 10, 9), new(2009, 3, 9)), ("Flash crash and after", new(2010, 4, 23), new(2010, 7, 2)),
        ("US downgrade", new(2011, 7, 22), new(2011, 10, 3)), ("August 2015", new(2015, 8, 17), new(2015, 8, 25)), ("End of 2018", new(2018, 9, 20), new(2018, 12, 24)),
        ("Pandemic", new(2020, 2, 19), new(2020, 3, 23)), ("Rise of rates 2022", new(2022, 1, 3), new(2022, 10, 12)),
    ];

    /// <summary>Measures a study.</summary>
    public static TearSheetFigures Of(StrategyStudy study) => new(
        study.Bars.Symbol, study.Evidence.Promoted, study.Evidence.Reasons, study.TargetWeight, study.Bars.Days[^1], PeriodFigures.Of(study, study.From), PeriodFigures.Of(study, study.HoldoutFrom),
        study.Evidence, 10_000 * study.Rules.Costs.Proportional, RiskForecasts.Of(study), RegimeFigures.Of(study),
        [.. Storms.Select(s => EpisodeFigures.Of(study, s.Name, s.From, s.To)).OfType<EpisodeFigures>()],
        [.. study.Search.Choices.SelectMany(c => c.Kinds.OrderByDescending(k => k.Share).Select(k => new ChoiceFigures(study.Bars.Days[c.Fold.TestFrom], k.Kind, k.Share, k.Kept.Count, study.Search.Trials[k.Kept[0]].Parameters.Words)))]);
}

/// <summary>Strategy and benchmark on the same days.</summary>
/// <param name="From">First day.</param>
/// <param name="To">Last day.</param>
/// <param name="Net">The strategy after costs.</param>
/// <param name="Gross">The strategy before costs of trades.</param>
/// <param name="Benchmark">Holding the symbol.</param>
/// <param name="Exposure">Mean weight held.</param>
/// <param name="YearlyTurnover">Value traded in a year, in multiples of the capital.</param>
/// <param name="YearlyCost">Cost of trades in a year, as a share of the capital.</param>
public sealed record PeriodFigures(DateOnly From, DateOnly To, Performance Net, Performance Gross, Performance Benchmark, double Exposure, double YearlyTurnover, double YearlyCost)
{
    /// <summary>Measures the days from one on.</summary>
    public static PeriodFigures Of(StrategyStudy study, int from) => new(
        study.Bars.Days[from], study.Bars.Days[^1], study.Strategy(from), Performance.Of(study.Gross().AsSpan(from)), study.Held(from),
        study.Days.Weight[from..].Average(), 252 * study.Days.Turnover[from..].Average(), 252 * study.Days.Cost[from..].Average());
}

/// <summary>Days of one kind.</summary>
/// <param name="Name">The kind.</param>
/// <param name="Net">The strategy after costs.</param>
/// <param name="Benchmark">Holding the symbol.</param>
public sealed record RegimeFigures(string Name, Performance Net, Performance Benchmark)
{
    /// <summary>
    /// Thirds of the judged days by the volatility forecast, and by the level of each series, the evening before, as ranked among all of them: the split
    /// is of hindsight, and nothing trades on it.
    /// </summary>
    public static IReadOnlyList<RegimeFigures> Of(StrategyStudy study) =>
    [
        .. Thirds(study, ["calm", "usual", "stormy"], t => study.Signals.Volatility[t - 1]),
        .. study.Exogenous.SelectMany(series => Thirds(
            study,
            [$"{series.Symbol} low", $"{series.Symbol} middle", $"{series.Symbol} high"],
            t => series.Known(study.Bars.Days[t - 1]) is > 0 and var known ? series.Close[known - 1] : double.NaN)),
    ];

    private static IEnumerable<RegimeFigures> Thirds(StrategyStudy study, string[] names, Func<int, double> level)
    {
        var days = Enumerable.Range(study.From, study.Bars.Count - study.From).Select(t => (Day: t, Level: level(t))).Where(d => !double.IsNaN(d.Level)).OrderBy(d => d.Level).Select(d => d.Day).ToArray();
        for (var i = 0; i < names.Length && days.Length >= names.Length; i++)
        {
            var third = days[(i * days.Length / names.Length)..((i + 1) * days.Length / names.Length)].Order().ToArray();
            yield return new(names[i], Performance.Of([.. third.Select(t => study.Days.Net[t])]), Performance.Of([.. third.Select(t => study.Benchmark.Net[t])]));
        }
    }
}

/// <summary>A storm of the past.</summary>
/// <param name="Name">Its name.</param>
/// <param name="From">First day.</param>
/// <param name="To">Last day.</param>
/// <param name="Net">What the strategy returned in all.</param>
/// <param name="Benchmark">What the symbol returned in all.</param>
/// <param name="NowWeight">What the symbol's fall would cost with today's target weight held through it.</param>
public sealed record EpisodeFigures(string Name, DateOnly From, DateOnly To, double Net, double Benchmark, double NowWeight)
{
    /// <summary>Measures an episode that the judged days cover; else null.</summary>
    public static EpisodeFigures? Of(StrategyStudy study, string name, DateOnly from, DateOnly to)
    {
        var (first, end) = (study.Bars.Known(from), study.Bars.Known(to)); // from the close of its first day on
        if (first < study.From || end >= study.Bars.Count || end <= first) return null;
        double Total(double[] returns) => returns[first..end].Aggregate(1.0, (equity, r) => equity * (1 + r)) - 1;
        var fall = Total(study.Benchmark.Net);
        return new(name, from, to, Total(study.Days.Net), fall, study.TargetWeight * fall);
    }
}

/// <summary>What was chosen for the days from one on.</summary>
/// <param name="From">First day.</param>
/// <param name="Kind">Kind of strategy.</param>
/// <param name="Share">Its share of the capital.</param>
/// <param name="Kept">Number of settings whose weights are averaged.</param>
/// <param name="Best">The best of them on the training days.</param>
public sealed record ChoiceFigures(DateOnly From, StrategyKind Kind, double Share, int Kept, string Best);
