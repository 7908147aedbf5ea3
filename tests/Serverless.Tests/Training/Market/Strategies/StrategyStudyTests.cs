using Serverless.Serving;
using Serverless.Serving.Market;
using Serverless.Training.Market.Statistics;
using Serverless.Training.Market.Strategies;
using Serverless.Training.Samples;

namespace Serverless.Tests.Training.Market.Strategies;

public class StrategyStudyTests
{
    private static readonly MarketContract LongShort = MarketSample.Contract, LongOnly = MarketSample.Contract with { Strategy = new() };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nothing_is_promoted_on_ten_seeds_of_noise()
    {
        for (var seed = 1; seed <= 10; seed++)
        {
            var study = await StudyAsync(new(2500, seed), LongShort);
            Assert.False(study.Evidence.Promoted, $"seed {seed}: {study.Evidence}");
            Assert.Equal(1, study.TargetWeight);
        }
    }

    [Fact]
    public async Task Being_long_what_has_risen_is_no_evidence()
    {
        for (var seed = 1; seed <= 5; seed++)
        {
            var study = await StudyAsync(new(2500, seed) { Drift = 0.2 }, LongOnly);
            Assert.False(study.Evidence.Promoted, $"seed {seed}: {study.Evidence}");
        }
    }

    [Theory]
    [InlineData(1, 10_000)]
    [InlineData(2, 5800)]
    public async Task Planted_rule_is_found_and_promoted(double signal, int days)
    {
        var study = await StudyAsync(new(days, 1) { Signal = signal }, LongShort);
        Assert.True(study.Evidence.Promoted, study.Evidence.ToString());
        Assert.InRange(Assert.Single(study.Search.Choices[^1].Kinds, k => k.Kind == StrategyKind.MeanReversion).Share, 0.9, 1);
        Assert.InRange(study.TargetWeight, -1, 1);
        Assert.InRange(study.Strategy(study.From).Sharpe, 0.5 * signal, 1.2 * signal); // less costs, and settings beside the planted one
        Assert.True(study.Evidence.BreakEven > 1);
    }

    [Fact]
    public async Task Skill_among_the_trials_asks_for_no_more_than_chance_can_give()
    {
        var study = await StudyAsync(new(5800, 1) { Signal = 3 }, LongShort);
        Assert.Equal(SharpeRatio.ExpectedMaximum(study.Evidence.Trials, 1.0 / (5800 - study.From)) * Math.Sqrt(252), study.Evidence.LuckSharpe, 12);
        Assert.True(study.Search.Trials.Max(t => t.HedgedDaily) - study.Search.Trials.Min(t => t.HedgedDaily) > 0.1); // one that does nothing, one that has it
    }

    [Fact]
    public async Task More_trials_in_the_ledger_deflate_the_same_returns_more()
    {
        var few = await StudyAsync(new(2500, 3) { Signal = 2 }, LongShort);
        var forgotten = Enumerable.Range(0, 500).Select(i => new Trial($"t{i}", "SIM", "old", $"s{i}", "", 1, 0, ((i % 11) - 5) * 0.02, default));
        var many = await StudyAsync(new(2500, 3) { Signal = 2 }, LongShort, [.. forgotten]);
        Assert.Equal(few.Evidence.HedgedSharpe, many.Evidence.HedgedSharpe);
        Assert.Equal(few.Evidence.Trials + 500, many.Evidence.Trials);
        Assert.True(many.Evidence.LuckSharpe > few.Evidence.LuckSharpe && many.Evidence.DeflatedSharpe < few.Evidence.DeflatedSharpe);
    }

    [Fact]
    public async Task Too_few_days_say_how_many_are_needed()
    {
        var bars = MarketSample.Of(new(900, 1)).Symbol;
        var outcome = await StrategyStudy.RunAsync(bars, [], new(bars), LongShort, t => Task.FromResult(new TrialLedger([.. t])), default, Cancel);
        Assert.Equal(
            ["'SIM' has 900 days, and a choice that looks back on 'strategy.search.minDays' of 1008 needs more than 1266: give more days, or look back on fewer."],
            Assert.IsType<Outcome<StrategyStudy>.Rejected>(outcome).Reasons);
    }

    [Fact]
    public async Task Ledger_keeps_a_trial_once_and_refuses_what_is_no_trial()
    {
        var folder = Directory.CreateTempSubdirectory("serverless-ledger-").FullName;
        try
        {
            var path = Path.Combine(folder, "deep", "trials.jsonl");
            Assert.Empty((await TrialLedger.ReadAsync(path, Cancel)).Trials);
            Trial Of(string id, string settings, double sharpe) => new(id, "SPY", "data", settings, "words", 100, sharpe, 0.01, new(2024, 1, 2, 0, 0, 0, TimeSpan.Zero));
            await TrialLedger.AddAsync(path, [Of("a", "1", 0.5), Of("a", "1", 0.6), Of("b", "2", 0.7)], Cancel);
            var again = await TrialLedger.AddAsync(path, [Of("b", "2", 0.8), Of("c", "2", 0.9)], Cancel);
            Assert.Equal(["a", "b", "c"], again.Trials.Select(t => t.Id));
            Assert.Equal(again.Trials, (await TrialLedger.ReadAsync(path, Cancel)).Trials);
            Assert.Equal([0.5, 0.9], again.Of("SPY").Select(t => t.Sharpe)); // setting 2 on newer data is no new idea
            Assert.Empty(again.Of("QQQ"));

            await File.AppendAllTextAsync(path, "{\"id\":\n", Cancel);
            var error = await Assert.ThrowsAsync<InvalidDataException>(() => TrialLedger.AddAsync(path, [], Cancel));
            Assert.StartsWith($"Line 4 of the ledger '{path}' is no trial", error.Message, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void Search_itself_is_a_trial_and_costs_or_sizes_make_another_of_the_same_setting()
    {
        var search = new StrategySearch([new(new(StrategyKind.ForecastSized) { Kelly = 0.5 }, 1, 0.1)], [], [], 0);
        List<Trial> Trials(StrategyRules rules) => [.. TrialLedger.Of(search, search.Trials[0], "A", "data", rules, 10, default)];
        var usual = Trials(new());
        Assert.Equal(2, usual.DistinctBy(t => t.Settings).Count());
        Assert.Equal(usual, Trials(new()));
        Assert.Equal(2, usual.Concat(Trials(new() { Search = new() { Kept = 0.3 } })).DistinctBy(t => t.Id).Count() - 1);
        Assert.Equal(4, usual.Concat(Trials(new() { Costs = new() { CommissionBp = 0 } })).DistinctBy(t => t.Settings).Count());
        Assert.Equal(4, usual.Concat(Trials(new() { Sizing = null })).DistinctBy(t => t.Settings).Count());
    }

    internal static async Task<StrategyStudy> StudyAsync(MarketTruth truth, MarketContract contract, params Trial[] earlier)
    {
        var (bars, volatility) = MarketSample.Of(truth);
        var outcome = await StrategyStudy.RunAsync(bars, [volatility], new(bars), contract, t => Task.FromResult(new TrialLedger([.. earlier, .. t])), default, Cancel);
        return Assert.IsType<Outcome<StrategyStudy>.Done>(outcome).Value;
    }
}
