using System.Globalization;
using Serverless.Serving.Market;
using Serverless.Training.Market.Statistics;

namespace Serverless.Training.Market.Strategies;

/// <summary>Whether a strategy has shown enough on days that no choice saw.</summary>
/// <param name="Alpha">Yearly mean of what is left beside the benchmark, after costs.</param>
/// <param name="Beta">How much of the benchmark is in the returns.</param>
/// <param name="HedgedSharpe">Yearly Sharpe ratio of what is left.</param>
/// <param name="Trials">Trials of the symbol in the ledger, each setting once.</param>
/// <param name="LuckSharpe">Yearly Sharpe ratio that the best of as many trials without skill is expected to have.</param>
/// <param name="DeflatedSharpe">How sure it is that the true ratio of what is left is above 0, given the trials: 0 to 1.</param>
/// <param name="BreakEven">How many times the assumed costs would leave nothing of what is left; null where nothing is traded.</param>
/// <param name="SharpeDifference">Yearly Sharpe ratio less the benchmark's.</param>
/// <param name="DifferenceLow">Lower end of its 95 % interval (stationary bootstrap, both on the same days).</param>
/// <param name="DifferenceHigh">Upper end.</param>
/// <param name="Reasons">Why it is not promoted; none where it is.</param>
public sealed record StrategyEvidence(
    double Alpha, double Beta, double HedgedSharpe, int Trials, double LuckSharpe, double DeflatedSharpe, double? BreakEven,
    double SharpeDifference, double DifferenceLow, double DifferenceHigh, IReadOnlyList<string> Reasons)
{
    private const int Samples = 500;

    /// <summary>Whether it is promoted; else nothing but the benchmark is.</summary>
    public bool Promoted => Reasons.Count == 0;

    /// <summary>Judges.</summary>
    /// <param name="net">Returns after costs on the judged days.</param>
    /// <param name="cost">Costs of trades on these days.</param>
    /// <param name="benchmark">Returns of holding the symbol on these days.</param>
    /// <param name="trials">The symbol's trials.</param>
    /// <param name="rules">What is asked.</param>
    /// <param name="seed">Seed of the bootstrap.</param>
    public static StrategyEvidence Of(double[] net, ReadOnlySpan<double> cost, double[] benchmark, IReadOnlyList<Trial> trials, EvidenceRules rules, int seed)
    {
        var (hedged, beta) = HedgedReturns.Of(net, benchmark);
        var sharpe = SharpeRatio.Of(hedged);

        // Trials without skill vary by chance alone, by 1/n of n days (Lo 2002) and less where they are alike: what varies more has skill in it, which is no reason to ask for more.
        var variance = Math.Min(Variance([.. trials.Select(t => t.HedgedDaily)]), 1.0 / net.Length);
        var luck = SharpeRatio.ExpectedMaximum(Math.Max(1, trials.Count), variance);
        var deflated = sharpe.Probabilistic(luck);
        var (alpha, paid) = (hedged.Average(), Mean(cost));
        double? breakEven = paid > 0 ? (alpha + paid) / paid : null;
        double Difference(int[] days) => SharpeRatio.Of(Pick(net, days)).Yearly - SharpeRatio.Of(Pick(benchmark, days)).Yearly;
        var (low, high) = StationaryBootstrap.Interval(net.Length, StationaryBootstrap.BlockLength(hedged), Difference, Samples, seed);
        List<string> reasons = [];
        if (!(deflated >= rules.MinDeflatedSharpe))
            reasons.Add(string.Create(CultureInfo.InvariantCulture, $"The deflated Sharpe ratio is {deflated:0.000}, and {rules.MinDeflatedSharpe:0.000} is asked: luck among {trials.Count} trials explains it too well."));
        if (breakEven < rules.MinBreakEven)
            reasons.Add(string.Create(CultureInfo.InvariantCulture, $"Nothing is left of it at {Math.Max(0, breakEven.Value):0.00} times the assumed costs, and {rules.MinBreakEven:0.00} is asked."));
        return new(
            alpha * SharpeRatio.YearDays, beta, sharpe.Yearly, trials.Count, luck * Math.Sqrt(SharpeRatio.YearDays), deflated, breakEven,
            Difference([.. Enumerable.Range(0, net.Length)]), low, high, reasons);
    }

    private static double Variance(double[] values)
    {
        if (values.Length < 2) return 0;
        var mean = values.Average();
        return values.Sum(v => (v - mean) * (v - mean)) / (values.Length - 1);
    }

    private static double Mean(ReadOnlySpan<double> values)
    {
        var sum = 0.0;
        foreach (var value in values) sum += value;
        return values.Length == 0 ? 0 : sum / values.Length;
    }

    private static double[] Pick(double[] values, int[] days)
    {
        var picked = new double[days.Length];
        for (var i = 0; i < days.Length; i++) picked[i] = values[days[i]];
        return picked;
    }
}
