using Serverless.Serving.Market;
using Serverless.Training.Market.Forecasts;

namespace Serverless.Tests.Training.Market.Forecasts;

public class VarianceBaselinesTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Garch_finds_the_numbers_that_made_the_returns(bool heavyTails)
    {
        var returns = MadeReturns.Of(6000, 3);
        var fit = GarchFit.Of(returns, heavyTails);
        Assert.InRange(fit.Shock, 0.07, 0.13);
        Assert.InRange(fit.Shock + fit.Persistence, 0.96, 0.995);
        Assert.InRange(fit.Constant / (1 - fit.Shock - fit.Persistence), 0.6e-4, 1.6e-4);
        Assert.True(fit.LogLikelihood(returns) >= (MadeReturns.Truth with { Start = fit.Start }).LogLikelihood(returns));
        if (heavyTails) Assert.True(fit.Freedom > 15); // they were normal
    }

    /// <summary>By hand, with two returns.</summary>
    [Fact]
    public void Garch_likelihood_is_that_by_hand()
    {
        var garch = new Garch(0.1, 0.2, 0.3, 0.4, null, 1.5);
        var second = 0.2 + (0.3 * 0.9 * 0.9) + (0.4 * 1.5);
        var expected = -Math.Log(2 * Math.PI) - (0.5 * (Math.Log(1.5) + (0.81 / 1.5) + Math.Log(second) + (0.36 / second)));
        Assert.Equal(expected, garch.LogLikelihood([1, -0.5]), 1e-12);

        // With very many degrees of freedom the t distribution is the normal one.
        Assert.Equal(expected, (garch with { Freedom = 1e7 }).LogLikelihood([1, -0.5]), 1e-5);
        Assert.Equal([1.5, 0.2 + (0.3 * 0.36) + (0.4 * 1.5)], garch.Variances([0, -0.5]));
    }

    [Fact]
    public void Garch_of_few_or_still_returns_is_refused()
    {
        Assert.Throws<ArgumentException>(() => GarchFit.Of(new double[500], heavyTails: false));
        Assert.Throws<ArgumentException>(() => GarchFit.Of(MadeReturns.Of(99, 1), heavyTails: false));
    }

    [Fact]
    public void Ewma_is_riskmetrics_recursion()
    {
        var returns = MadeReturns.Of(200, 1);
        var variances = Ewma.Variances(returns);
        for (var t = 30; t < 200; t++) Assert.Equal((0.94 * variances[t - 1]) + (0.06 * returns[t] * returns[t]), variances[t], 1e-15);
        Assert.Equal([1.0, 5.0 / 3, 17.0 / 7], Ewma.Means([1, 2, 3], 1), (one, other) => Math.Abs(one - other) < 1e-12);
    }

    [Fact]
    public void Har_is_right_on_average_and_sees_no_later_day()
    {
        var days = PastDays.Of(MadeReturns.Bars("A", 3000, 5), []);
        var har = HarFit.Of(days);
        var variances = har.Variances(days.Ranges);
        var ratio = Enumerable.Range(2000, 999).Average(t => days.Returns[t + 1] * days.Returns[t + 1] / variances[t]);
        Assert.InRange(ratio, 0.85, 1.15);
        Assert.Equal(variances[..1500], har.Variances(days.Ranges[..1500]));
    }
}
