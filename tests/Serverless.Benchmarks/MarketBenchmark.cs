using System.Diagnostics;
using System.Globalization;
using Serverless.Serving;
using Serverless.Serving.Market;
using Serverless.Training;
using Serverless.Training.Market;
using Serverless.Training.Market.Strategies;
using Serverless.Training.Samples;

namespace Serverless.Benchmarks;

/// <summary>How fast strategies are backtested and searched, and how often noise is promoted and a planted rule found.</summary>
internal static class MarketBenchmark
{
    private const int Days = 5800, Noise = 100, Planted = 20, Runs = 200;

    private static readonly MarketContract Usual = MarketSample.Contract with { Strategy = new() };

    public static async Task<IReadOnlyList<Measurement>> RunAsync(Workplace workplace)
    {
        var bars = MarketSample.Of(new(Days, 1)).Symbol;
        var signals = new Signals(bars);
        var (backtest, days, weights) = (new Backtest(bars, signals.Volatility, new(), new()), new BacktestDays(Days), new double[Days]);
        var setting = new StrategyParameters(StrategyKind.Combined) { Target = 0.5, Power = 2, Trend = new(200, Average: true), Floor = 0.5 };
        var one = Enumerable.Range(0, Runs).Select(_ =>
        {
            var began = Stopwatch.GetTimestamp();
            StrategyWeights.Compute(setting, signals, weights);
            backtest.Run(weights, 1, Days, days);
            return Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        }).Order().ElementAt(Runs / 2);

        var many = new SearchRules { Kinds = [StrategyKind.Combined], Targets = [.. Enumerable.Range(1, 50).Select(i => i / 50.0)], Powers = [1, 2], Floors = [0, 0.25, 0.5, 0.75, 1], TrendDays = [.. Enumerable.Range(3, 10).Select(i => 20 * i)], AverageDays = [.. Enumerable.Range(3, 10).Select(i => 20 * i)] };
        var clock = Stopwatch.StartNew();
        var search = StrategySearch.Run(signals, backtest, new double[Days], many)!;
        clock.Stop();

        var (whole, study) = (Stopwatch.StartNew(), await StudyAsync(new(Days, 1), Usual));
        whole.Stop();
        List<Measurement> measured =
        [
            new($"Backtest of one setting, {Days:N0} days, median", string.Create(CultureInfo.InvariantCulture, $"{one:F3} ms"), "5 ms", one < 5),
            new($"Search of {search.Trials.Count:N0} trials, walk-forward", string.Create(CultureInfo.InvariantCulture, $"{clock.Elapsed.TotalSeconds:F1} s"), "60 s", clock.Elapsed.TotalSeconds < 60),
            new($"Forecasts for sizes, search, evidence and bootstrap of one symbol, {study.Search.Trials.Count} trials", string.Create(CultureInfo.InvariantCulture, $"{whole.Elapsed.TotalSeconds:F1} s")),
        ];
        foreach (var (words, contract, drift) in new[] { ("the sample's search", MarketSample.Contract, 0.0), ("the usual search", Usual, 0.0), ("the usual search, holding earns 8 % a year", Usual, 0.08) })
        {
            var promoted = await PromotedAsync(Noise, seed => new(Days, seed) { Drift = drift }, contract);
            measured.Add(new($"Promoted of {Noise} seeds of noise, {words}", string.Create(CultureInfo.InvariantCulture, $"{promoted}"), "5 at most", promoted <= 5));
        }

        foreach (var (signal, length) in new[] { (1.0, Days), (1.0, 10_000), (1.5, Days), (2.0, Days) })
        {
            var found = await PromotedAsync(Planted, seed => new(length, seed) { Signal = signal }, MarketSample.Contract);
            measured.Add(new(string.Create(CultureInfo.InvariantCulture, $"Promoted of {Planted} seeds with a planted rule of Sharpe ratio {signal}, {length:N0} days"), string.Create(CultureInfo.InvariantCulture, $"{found}")));
        }

        return measured;
    }

    private static async Task<int> PromotedAsync(int seeds, Func<int, MarketTruth> truth, MarketContract contract)
    {
        var promoted = 0;
        for (var seed = 1; seed <= seeds; seed++) promoted += (await StudyAsync(truth(seed), contract)).Evidence.Promoted ? 1 : 0;
        return promoted;
    }

    private static async Task<StrategyStudy> StudyAsync(MarketTruth truth, MarketContract contract)
    {
        var bars = MarketSample.Of(truth).Symbol;
        var signals = SizingForecasts.Of(new(contract, [bars], [], 0, []), new Progress<TrainingProgress>(), default)[0];
        var outcome = await StrategyStudy.RunAsync(bars, [], signals, contract, t => Task.FromResult(new TrialLedger([.. t])), TimeProvider.System.GetUtcNow(), default);
        return ((Outcome<StrategyStudy>.Done)outcome).Value;
    }
}
