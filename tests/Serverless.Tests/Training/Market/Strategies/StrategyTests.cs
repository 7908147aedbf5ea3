using Serverless.Serving.Market;
using Serverless.Tests.Serving.Market;
using Serverless.Training.Market.Strategies;

namespace Serverless.Tests.Training.Market.Strategies;

public class StrategyTests
{
    private static readonly SearchRules Every = new() { Kinds = Enum.GetValues<StrategyKind>() };
    private static readonly SearchRules Small = Every with { MinDays = 252, Every = 126 };
    private static readonly Bars Stock = MadeBars.Of(4, 900);

    [Fact]
    public void Space_has_every_combination_of_the_kinds_members_once()
    {
        var space = StrategyParameters.Space(Every);
        Assert.Equal(6 + 4 + 3 + 2 + 48, space.Count);
        Assert.Equal(space.Count, space.Select(p => p.Words).Distinct().Count());
        Assert.Equal(["meanReversion, 5 days, from 1"], StrategyParameters.Space(new() { Kinds = [StrategyKind.MeanReversion], ReversalEntries = [1] }).Select(p => p.Words));
    }

    [Fact]
    public void Volatility_target_shrinks_with_volatility_and_combined_against_a_falling_trend()
    {
        var signals = new Signals(Stock);
        var (scaled, combined) = (new double[900], new double[900]);
        StrategyWeights.Compute(new(StrategyKind.VolatilityTarget) { Target = 0.8, Power = 2 }, signals, scaled);
        StrategyWeights.Compute(new(StrategyKind.Combined) { Target = 0.8, Power = 2, Trend = new(126, false), Floor = 0.25 }, signals, combined);
        for (var t = 126; t < 900; t++)
        {
            Assert.Equal(Math.Pow(0.8 * signals.LongRun[t] / signals.Volatility[t], 2), scaled[t], 12);
            Assert.Equal(scaled[t] * (Stock.Close[t] >= Stock.Close[t - 126] ? 1 : 0.25), combined[t], 12);
        }
    }

    [Fact]
    public void Reversal_is_held_until_the_price_is_back()
    {
        var prices = (double[])[100, 100, 100, 80, 81, 90, 101, 101, 130, 101];
        var bars = new Bars("A", [.. Enumerable.Range(0, 10).Select(i => new DateOnly(2024, 1, 1).AddDays(i))], prices, prices, prices, prices, new double[10]);
        var weights = new double[10];
        StrategyWeights.Compute(new(StrategyKind.MeanReversion) { ReversalDays = 2, ReversalEntry = 1 }, new Signals(bars, [.. Enumerable.Repeat(0.05, 10)]), weights);
        Assert.Equal([0, 0, 0, 1, 1, -1, -1, -1, -1, 0], weights);
    }

    [Fact]
    public void Forecast_sizes_by_drift_over_variance()
    {
        var weights = new double[900];
        StrategyWeights.Compute(new(StrategyKind.ForecastSized) { Kelly = 0.5 }, new Signals(Stock, [.. Enumerable.Repeat(0.02, 900)], [.. Enumerable.Repeat(0.0002, 900)]), weights);
        Assert.All(weights, w => Assert.Equal(0.5, w, 12)); // half of 0.0002 / 0.0004 + 0.5
    }

    /// <summary>The look-ahead canary over every setting of every kind, and over what the search joins.</summary>
    [Theory]
    [InlineData(600)]
    [InlineData(641)]
    [InlineData(899)]
    public void Bars_after_a_day_leave_every_weight_up_to_it_as_it_was(int known)
    {
        var (whole, corrupted) = (new Signals(Stock), new Signals(MadeBars.CorruptedAfter(Stock, known)));
        var (before, after) = (new double[900], new double[900]);
        foreach (var parameters in StrategyParameters.Space(Every))
        {
            StrategyWeights.Compute(parameters, whole, before);
            StrategyWeights.Compute(parameters, corrupted, after);
            Assert.Equal(before[..known], after[..known]);
        }

        Assert.Equal(Search(Stock).Targets[..known], Search(MadeBars.CorruptedAfter(Stock, known)).Targets[..known]);
    }

    [Fact]
    public void Choice_is_made_from_training_days_alone_and_weights_begin_with_the_first_judged_day()
    {
        var search = Search(Stock);
        var first = search.Choices[0].Fold.TestFrom;
        Assert.Equal(StrategySearch.WarmUp + 252 + 1 + Small.Embargo, first);
        Assert.All(search.Targets[..(first - 1)], w => Assert.Equal(0, w));
        Assert.NotEqual(0, search.Targets[^1]); // the weight of the day to come
        Assert.All(search.Choices, c => Assert.Equal(1, c.Kinds.Sum(k => k.Share), 12));
        Assert.All(search.Choices.SelectMany(c => c.Kinds), k => Assert.All(k.Kept, i => Assert.Equal(k.Kind, search.Trials[i].Parameters.Kind)));
        Assert.All(search.Choices.SelectMany(c => c.Kinds), k => Assert.Equal(Math.Ceiling(search.Trials.Count(t => t.Parameters.Kind == k.Kind) / 2.0), k.Kept.Count));
        Assert.Null(StrategySearch.Run(new(Stock.Until(400)), new(Stock.Until(400), new Signals(Stock).Volatility, new(), new()), new double[400], Small, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Hedged_benchmark_leaves_nothing_and_hedged_skill_leaves_itself()
    {
        var random = new Random(1);
        var benchmark = Enumerable.Range(0, 500).Select(_ => random.NextDouble() - 0.49).ToArray();
        var (nothing, one) = HedgedReturns.Of(benchmark, benchmark);
        Assert.Equal(1, one, 12);
        Assert.All(nothing, r => Assert.Equal(0, r));
        var (left, beta) = HedgedReturns.Of([.. benchmark.Select(r => (0.3 * r) + 0.001)], benchmark);
        Assert.Equal(0.3, beta, 12);
        Assert.All(left, r => Assert.Equal(0.001, r, 12));
        Assert.Throws<ArgumentException>(() => HedgedReturns.Of([1, 2], [1]));
    }

    [Fact]
    public void Performance_measures_falls_tails_and_recovery()
    {
        var p = Performance.Of([0.1, -0.2, -0.1, 0.2, 0.2, 0.0, -0.05]);
        Assert.Equal(1 - (0.8 * 0.9), p.MaxDrawdown, 12);
        Assert.Equal(4, p.RecoveryDays);
        Assert.Equal((-0.2, 0.2, 0.2), (p.WorstDay, p.ValueAtRisk95, p.ExpectedShortfall95));
        Assert.Null(Performance.Of([0.1, -0.2]).RecoveryDays);
        Assert.Equal(-1, Performance.Of([0.1, -1, 0]).YearlyReturn);
        Assert.Throws<ArgumentException>(() => Performance.Of([]));
    }

    private static StrategySearch Search(Bars bars)
    {
        var signals = new Signals(bars);
        return StrategySearch.Run(signals, new(bars, signals.Volatility, new(), new()), new double[bars.Count], Small, TestContext.Current.CancellationToken)!;
    }
}
