using Serverless.Training.Market.Statistics;

namespace Serverless.Tests.Training.Market.Statistics;

public class SharpeRatioTests
{
    // The numerical example of Bailey and López de Prado (2014), "The Deflated Sharpe Ratio": a yearly ratio of 2.5 over 1,250 days (250 a year), skewness -3,
    // kurtosis 10, variance of the trials' yearly ratios 1/2.
    private static readonly SharpeRatio Paper = new(1250, 2.5 / Math.Sqrt(250), -3, 10);
    private const double Variance = 0.5 / 250;

    [Fact]
    public void Deflated_ratio_is_that_of_the_papers_example()
    {
        Assert.Equal(0.1132, SharpeRatio.ExpectedMaximum(100, Variance), 4);
        Assert.Equal(0.9004, Paper.Deflated(100, Variance), 4);
        Assert.Equal(0.9505, Paper.Deflated(46, Variance), 4);
        Assert.Equal(0.95, (Paper with { Skewness = 0, Kurtosis = 3 }).Deflated(88, Variance), 2);
    }

    [Fact]
    public void One_trial_is_not_deflated_and_more_trials_always_cost()
    {
        Assert.Equal(0, SharpeRatio.ExpectedMaximum(1, Variance));
        Assert.Equal(Paper.Probabilistic(0), Paper.Deflated(1, Variance));
        var deflated = new[] { 1, 2, 10, 100, 10_000 }.Select(n => Paper.Deflated(n, Variance)).ToList();
        Assert.Equal(deflated.OrderDescending(), deflated);
        Assert.Throws<ArgumentOutOfRangeException>(() => SharpeRatio.ExpectedMaximum(0, Variance));
    }

    [Fact]
    public void Ratio_has_the_moments_of_the_returns()
    {
        var sharpe = SharpeRatio.Of([0.01, -0.01, 0.02, 0.0]);
        Assert.Equal(0.005 / Math.Sqrt(0.000125), sharpe.Daily, 12);
        Assert.Equal(0, sharpe.Skewness, 12);
        Assert.Equal(1.64, sharpe.Kurtosis, 12);
        Assert.Equal(sharpe.Daily * Math.Sqrt(252), sharpe.Yearly);
    }

    [Fact]
    public void Returns_that_do_not_vary_have_no_ratio()
    {
        Assert.Equal(0, SharpeRatio.Of([0.01, 0.01, 0.01]).Daily);
        Assert.Equal(0, SharpeRatio.Of([]).Daily);
        Assert.Equal(0.5, SharpeRatio.Of([]).Probabilistic(0));
    }

    [Theory]
    [InlineData(0.5, 0)]
    [InlineData(0.975, 1.959964)]
    [InlineData(0.01, -2.326348)]
    [InlineData(0.999, 3.090232)]
    public void Quantile_is_that_of_the_tables(double share, double value) => Assert.Equal(value, Serverless.Training.Normal.Quantile(share), 3);
}
