using System.Security.Cryptography;
using Serverless.Serving;
using Serverless.Serving.Market;
using Serverless.Training.Market.Statistics;

namespace Serverless.Training.Market.Strategies;

/// <summary>One symbol's strategy, searched and judged: what the tear sheet shows.</summary>
/// <param name="Bars">The symbol.</param>
/// <param name="Exogenous">Series by which the days are told apart; no strategy looks at them.</param>
/// <param name="Signals">What the strategies looked at.</param>
/// <param name="Search">What was tried and chosen.</param>
/// <param name="Days">What the walk-forward weights earned; judged from <see cref="StrategySearch.From"/> on.</param>
/// <param name="Benchmark">What holding the symbol earned.</param>
/// <param name="Evidence">Whether it is enough.</param>
/// <param name="HoldoutFrom">First of the last days, a share of all, that are shown apart.</param>
/// <param name="Rules">The rules.</param>
public sealed record StrategyStudy(
    Bars Bars, IReadOnlyList<Bars> Exogenous, Signals Signals, StrategySearch Search, BacktestDays Days, BacktestDays Benchmark, StrategyEvidence Evidence, int HoldoutFrom, StrategyRules Rules)
{
    /// <summary>First judged day.</summary>
    public int From => Search.From;

    /// <summary>The strategy on the judged days from one on.</summary>
    public Performance Strategy(int from) => Performance.Of(Days.Net.AsSpan(from));

    /// <summary>Holding the symbol on the same days.</summary>
    public Performance Held(int from) => Performance.Of(Benchmark.Net.AsSpan(from));

    /// <summary>Before costs of trades: what the net returns would have been without them.</summary>
    public double[] Gross() => [.. Days.Net.Zip(Days.Cost, (net, cost) => net + cost)];

    /// <summary>
    /// The weight decided at the last close, within the limits: the strategy's where it is promoted, else the benchmark's whole. Nothing is ordered.
    /// </summary>
    public double TargetWeight => Evidence.Promoted ? Math.Clamp(Search.Targets[^1], Rules.Limits.LongOnly ? 0 : -Rules.Limits.MaxLeverage, Rules.Limits.MaxLeverage) : 1;

    /// <summary>Searches, writes every trial into the ledger, and only then judges: what fails halfway has still been tried.</summary>
    /// <param name="bars">The symbol.</param>
    /// <param name="exogenous">Series by which the days are told apart.</param>
    /// <param name="signals">What the strategies look at.</param>
    /// <param name="contract">States rules, share of the last days and seed.</param>
    /// <param name="ledger">Adds trials and returns the ledger with them.</param>
    /// <param name="at">When.</param>
    /// <param name="cancel">Stops it.</param>
    public static async Task<Outcome<StrategyStudy>> RunAsync(
        Bars bars, IReadOnlyList<Bars> exogenous, Signals signals, MarketContract contract, Func<IEnumerable<Trial>, Task<TrialLedger>> ledger, DateTimeOffset at, CancellationToken cancel)
    {
        var rules = contract.Strategy;
        var backtest = new Backtest(bars, signals.Volatility, rules.Costs, rules.Limits);
        var held = Hold(bars, signals, rules.Costs);
        if (StrategySearch.Run(signals, backtest, held.Net, rules.Search, cancel) is not { } search)
            return Outcome<StrategyStudy>.Reject(FormattableString.Invariant($"'{bars.Symbol}' has {bars.Count} days, and a choice that looks back on 'strategy.search.minDays' of {rules.Search.MinDays} needs more than {StrategySearch.WarmUp + rules.Search.MinDays + rules.Search.Embargo + 1}: give more days, or look back on fewer."));

        var days = new BacktestDays(bars.Count);
        backtest.Run(search.Targets, search.From, bars.Count, days);
        var (net, benchmark) = (days.Net[search.From..], held.Net[search.From..]);
        var joined = new TriedSetting(search.Trials[0].Parameters, SharpeRatio.Of(net).Yearly, SharpeRatio.Of(HedgedReturns.Of(net, benchmark).Returns).Daily);
        var trials = (await ledger(TrialLedger.Of(search, joined, bars.Symbol, DataSha256(bars), rules, net.Length, at))).Of(bars.Symbol);
        var evidence = StrategyEvidence.Of(net, days.Cost.AsSpan(search.From), benchmark, trials, rules.Evidence, contract.Training.Seed);
        var holdout = Math.Max(search.From, (int)(bars.Count * (1 - contract.Training.Holdout)));
        return new StrategyStudy(bars, exogenous, signals, search, days, held, evidence, holdout, rules);
    }

    /// <summary>Hash of the bars themselves, however they were written.</summary>
    private static string DataSha256(Bars bars)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var day in bars.Days) hash.AppendData(BitConverter.GetBytes(day.DayNumber));
        foreach (var prices in (double[][])[bars.Open.ToArray(), bars.High.ToArray(), bars.Low.ToArray(), bars.Close.ToArray(), bars.Traded.ToArray()])
        {
            foreach (var price in prices) hash.AppendData(BitConverter.GetBytes(price));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static BacktestDays Hold(Bars bars, Signals signals, CostRules costs)
    {
        var days = new BacktestDays(bars.Count);
        new Backtest(bars, signals.Volatility, costs, new PositionLimits { MaxLeverage = 1, MaxDailyTurnover = 1 }).Run([.. Enumerable.Repeat(1.0, bars.Count)], StrategySearch.WarmUp, bars.Count, days);
        return days;
    }
}
