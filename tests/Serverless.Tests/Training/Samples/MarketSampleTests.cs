using Serverless.Serving.Market;
using Serverless.Training.Market.Statistics;
using Serverless.Training.Samples;

namespace Serverless.Tests.Training.Samples;

public class MarketSampleTests
{
    [Fact]
    public void Same_seed_gives_the_same_market()
    {
        Assert.Equal(MarketSample.Of(new(300, 7)).Symbol.Close.ToArray(), MarketSample.Of(new(300, 7)).Symbol.Close.ToArray());
        Assert.NotEqual(MarketSample.Of(new(300, 7)).Symbol.Close.ToArray(), MarketSample.Of(new(300, 8)).Symbol.Close.ToArray());
    }

    [Fact]
    public void Market_has_the_volatility_tails_and_clustering_of_one()
    {
        var (bars, implied) = MarketSample.Of(new(20_000, 1));
        var returns = bars.LogReturns();
        var sharpe = SharpeRatio.Of(returns);
        Assert.InRange(Math.Sqrt(252 * returns.Average(r => r * r)), 0.12, 0.25);
        Assert.InRange(sharpe.Kurtosis, 4, 40);
        var squares = returns.Select(r => r * r).ToArray();
        Assert.True(Correlation(squares[1..], squares[..^1]) > 0.1);
        Assert.True(Correlation([.. implied.Close[..^1].ToArray().Select(v => v * v)], squares[1..]) > 0.2); // known to be coming
        Assert.InRange(Correlation(returns[1..], returns[..^1]), -0.04, 0.04);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Planted_rule_earns_its_Sharpe_ratio_before_costs(double signal)
    {
        // Over many days, what the rule earns from open to open; the standard error of 400 years is 0.05.
        var bars = MarketSample.Of(new(100_000, 3) { Signal = signal }).Symbol;
        var signals = new Serverless.Training.Market.Strategies.Signals(bars);
        var weights = new double[bars.Count];
        Serverless.Training.Market.Strategies.StrategyWeights.Compute(new(StrategyKind.MeanReversion) { ReversalDays = 5, ReversalEntry = 1 }, signals, weights);
        var earned = Enumerable.Range(1, bars.Count - 2).Select(t => weights[t - 1] * ((bars.Open[t + 1] / bars.Open[t]) - 1)).ToArray();
        Assert.InRange(SharpeRatio.Of(earned).Yearly, signal - 0.15, signal + 0.15);
    }

    private static double Correlation(double[] a, double[] b)
    {
        var (x, y) = (a.Average(), b.Average());
        return a.Zip(b, (p, q) => (p - x) * (q - y)).Sum() / Math.Sqrt(a.Sum(p => (p - x) * (p - x)) * b.Sum(q => (q - y) * (q - y)));
    }
}
