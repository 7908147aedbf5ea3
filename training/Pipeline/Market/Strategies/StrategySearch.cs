using Serverless.Serving.Market;
using Serverless.Training.Market.Statistics;

namespace Serverless.Training.Market.Strategies;

/// <summary>What a search chose for the days of a fold, from the fold's training days alone.</summary>
/// <param name="Fold">The days.</param>
/// <param name="Kinds">The kinds of strategies, with their shares.</param>
public sealed record StrategyChoice(WalkForwardFold Fold, IReadOnlyList<KindShare> Kinds);

/// <summary>A kind of strategy within a choice.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Share">Its share of the capital; those of all kinds add up to 1.</param>
/// <param name="Kept">Numbers of the trials whose weights are averaged, the best first.</param>
public sealed record KindShare(StrategyKind Kind, double Share, IReadOnlyList<int> Kept);

/// <summary>A setting that was tried.</summary>
/// <param name="Parameters">The setting.</param>
/// <param name="Sharpe">Yearly Sharpe ratio after costs on the judged days.</param>
/// <param name="HedgedDaily">Daily Sharpe ratio, on the same days, of what is left beside the benchmark (<see cref="HedgedReturns"/>).</param>
public sealed record TriedSetting(StrategyParameters Parameters, double Sharpe, double HedgedDaily);

/// <summary>
/// Tries every setting once over all days, chooses by the Sharpe ratio after costs of each fold's training days, and joins the weights that are
/// chosen: what a day's weight is made of was decided before that day.
/// </summary>
/// <param name="Trials">Every setting.</param>
/// <param name="Choices">What was chosen, fold by fold.</param>
/// <param name="Targets">Weight decided at each close; 0 before the first judged day.</param>
/// <param name="From">First judged day.</param>
public sealed record StrategySearch(IReadOnlyList<TriedSetting> Trials, IReadOnlyList<StrategyChoice> Choices, double[] Targets, int From)
{
    /// <summary>Days at the start of which averages are not yet of enough days; nothing is learnt from them.</summary>
    public const int WarmUp = 252;

    /// <summary>Searches.</summary>
    /// <param name="signals">What the strategies look at.</param>
    /// <param name="backtest">What they earn, with its costs and limits.</param>
    /// <param name="benchmark">Daily returns of holding the symbol.</param>
    /// <param name="rules">What is tried.</param>
    /// <param name="cancel">Stops it.</param>
    /// <returns>Null where there are too few days for one choice.</returns>
    public static StrategySearch? Run(Signals signals, Backtest backtest, ReadOnlySpan<double> benchmark, SearchRules rules, CancellationToken cancel = default)
    {
        var folds = WalkForward.Folds(WarmUp, signals.Days, rules.MinDays, rules.Every, purge: 1, rules.Embargo, rules.Rolling); // today's weight earns tomorrow
        if (folds.Count == 0) return null;
        var (space, from) = (StrategyParameters.Space(rules), folds[0].TestFrom);
        var (weights, days, sums) = (new double[signals.Days], new BacktestDays(signals.Days), new PrefixSums(signals.Days));
        var trials = new TriedSetting[space.Count];
        var byFold = folds.Select(_ => new double[space.Count]).ToArray();
        for (var i = 0; i < space.Count; i++)
        {
            cancel.ThrowIfCancellationRequested();
            StrategyWeights.Compute(space[i], signals, weights);
            backtest.Run(weights, WarmUp, signals.Days, days);
            sums.Take(days.Net);
            for (var f = 0; f < folds.Count; f++) byFold[f][i] = sums.Sharpe(folds[f].TrainFrom, folds[f].TrainTo);
            var judged = days.Net.AsSpan(from);
            trials[i] = new(space[i], SharpeRatio.Of(judged).Yearly, SharpeRatio.Of(HedgedReturns.Of(judged, benchmark[from..]).Returns).Daily);
        }

        var choices = folds.Select((fold, f) => Choose(fold, space, byFold[f], rules.Kept)).ToList();
        return new(trials, choices, Join(space, signals, choices, weights), from);
    }

    /// <summary>
    /// Of each kind the best settings are kept, and kinds share the capital as the evidence does: by how much likelier a kind's training returns are with
    /// its Sharpe ratio S than with none, exp(n S² / 2) for n days of normal returns. Little evidence spreads; only much of it decides.
    /// </summary>
    private static StrategyChoice Choose(WalkForwardFold fold, IReadOnlyList<StrategyParameters> space, double[] sharpe, double kept)
    {
        var kinds = Enumerable.Range(0, space.Count).GroupBy(i => space[i].Kind)
            .Select(kind => (kind.Key, Best: kind.OrderByDescending(i => sharpe[i]).ThenBy(i => i).Take((int)Math.Ceiling(kept * kind.Count())).ToList()))
            .Select(k => (k.Key, k.Best, Mean: k.Best.Average(i => sharpe[i])))
            .Select(k => (k.Key, k.Best, Evidence: (fold.TrainTo - fold.TrainFrom) * k.Mean * Math.Abs(k.Mean) / 2)).ToList();
        var most = kinds.Max(k => k.Evidence);
        var total = kinds.Sum(k => Math.Exp(k.Evidence - most));
        return new(fold, [.. kinds.Select(k => new KindShare(k.Key, Math.Exp(k.Evidence - most) / total, k.Best))]);
    }

    private static double[] Join(IReadOnlyList<StrategyParameters> space, Signals signals, List<StrategyChoice> choices, double[] weights)
    {
        var joined = new double[signals.Days];
        var shares = choices.Select(choice =>
        {
            var byTrial = new double[space.Count];
            foreach (var kind in choice.Kinds)
            {
                foreach (var i in kind.Kept) byTrial[i] = kind.Share / kind.Kept.Count;
            }

            return byTrial;
        }).ToArray();
        for (var i = 0; i < space.Count; i++)
        {
            StrategyWeights.Compute(space[i], signals, weights);
            for (var f = 0; f < choices.Count; f++)
            {
                // A day is traded by the weight decided at the close before it. The last fold's choice also decides the weight of the day to come.
                var (from, end) = (choices[f].Fold.TestFrom - 1, f == choices.Count - 1 ? signals.Days : choices[f].Fold.TestTo - 1);
                for (var t = from; shares[f][i] != 0 && t < end; t++) joined[t] += shares[f][i] * weights[t];
            }
        }

        return joined;
    }

    /// <summary>Sums of returns and their squares up to each day, from which the Sharpe ratio of any days follows.</summary>
    private sealed class PrefixSums(int days)
    {
        private readonly double[] _first = new double[days + 1], _second = new double[days + 1];

        public void Take(double[] returns)
        {
            for (var t = 0; t < returns.Length; t++) (_first[t + 1], _second[t + 1]) = (_first[t] + returns[t], _second[t] + (returns[t] * returns[t]));
        }

        public double Sharpe(int from, int to)
        {
            var (n, sum) = (to - from, _first[to] - _first[from]);
            var variance = ((_second[to] - _second[from]) / n) - (sum / n * (sum / n));
            return variance > 1e-16 ? sum / n / Math.Sqrt(variance) : 0;
        }
    }
}
