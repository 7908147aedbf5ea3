using System.Diagnostics;
using System.Globalization;
using Serverless.Serving;
using Serverless.Serving.Market;
using Serverless.Training.Market;
using Serverless.Training.Market.Strategies;
using Serverless.Training.Samples;

namespace Serverless.Benchmarks;

/// <summary>How fast strategies are backtested and searched, and how often noise is promoted and a planted rule found.</summary>
internal static class MarketBenchmark
{
    private const int Days = 5800, Noise = 100, Planted = 20, Runs = 200;

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

        var (whole, study) = (Stopwatch.StartNew(), await StudyAsync(new(Days, 1)));
        whole.Stop();
        var promoted = 0;
        for (var seed = 1; seed <= Noise; seed++) promoted += (await StudyAsync(new(Days, seed))).Evidence.Promoted ? 1 : 0;
        List<Measurement> measured =
        [
            new($"Backtest of one setting, {Days:N0} days, median", string.Create(CultureInfo.InvariantCulture, $"{one:F3} ms"), "5 ms", one < 5),
            new($"Search of {search.Trials.Count:N0} trials, walk-forward", string.Create(CultureInfo.InvariantCulture, $"{clock.Elapsed.TotalSeconds:F1} s"), "60 s", clock.Elapsed.TotalSeconds < 60),
            new($"Search, evidence and bootstrap of one symbol, {study.Search.Trials.Count} trials", string.Create(CultureInfo.InvariantCulture, $"{whole.Elapsed.TotalSeconds:F1} s")),
            new($"Promoted of {Noise} seeds of noise", string.Create(CultureInfo.InvariantCulture, $"{promoted}"), "5 at most", promoted <= 5),
        ];
        foreach (var signal in (double[])[1, 1.5, 2])
        {
            var found = 0;
            for (var seed = 1; seed <= Planted; seed++) found += (await StudyAsync(new(Days, seed) { Signal = signal })).Evidence.Promoted ? 1 : 0;
            measured.Add(new(string.Create(CultureInfo.InvariantCulture, $"Promoted of {Planted} seeds with a planted rule of Sharpe ratio {signal}"), string.Create(CultureInfo.InvariantCulture, $"{found}")));
        }

        return measured;
    }

    private static async Task<StrategyStudy> StudyAsync(MarketTruth truth)
    {
        var bars = MarketSample.Of(truth).Symbol;
        var outcome = await StrategyStudy.RunAsync(bars, new(bars), MarketSample.Contract, t => Task.FromResult(new TrialLedger([.. t])), TimeProvider.System.GetUtcNow(), default);
        return ((Outcome<StrategyStudy>.Done)outcome).Value;
    }
}
