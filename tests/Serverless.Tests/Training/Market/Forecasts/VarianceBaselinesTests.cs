using System.Globalization;
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
        var first = 0.2 + (0.7 * 1.5);
        var second = 0.2 + (0.3 * 0.9 * 0.9) + (0.4 * first);
        var expected = -Math.Log(2 * Math.PI) - (0.5 * (Math.Log(first) + (0.81 / first) + Math.Log(second) + (0.36 / second)));
        Assert.Equal(expected, garch.LogLikelihood([1, -0.5]), 1e-12);

        // With very many degrees of freedom the t distribution is the normal one.
        Assert.Equal(expected, (garch with { Freedom = 1e7 }).LogLikelihood([1, -0.5]), 1e-5);
        Assert.Equal([first, 0.2 + (0.3 * 0.36) + (0.4 * first)], garch.Variances([0, -0.5]), (one, other) => Math.Abs(one - other) < 1e-12);
    }

    /// <summary>
    /// The worked example of Bollerslev and Ghysels (1996), 1,974 daily returns of mark to pound in percent, with the numbers that Fiorentini, Calzolari and
    /// Panattoni (1996) print for it, and the likelihood that McCullough and Renfro (1999) and many programs since find.
    /// </summary>
    [Fact]
    public async Task Garch_of_mark_to_pound_is_the_published_one()
    {
        var file = Path.Combine(Environment.GetEnvironmentVariable("SERVERLESS_DATA") ?? "", "market", "dem2gbp.csv");
        Assert.SkipUnless(File.Exists(file), "SERVERLESS_DATA names no folder with market/dem2gbp.csv.");
        var lines = await File.ReadAllLinesAsync(file, TestContext.Current.CancellationToken);
        var returns = lines.Skip(1).Where(l => l.Trim().Length > 0).Select(l => double.Parse(l, CultureInfo.InvariantCulture)).ToArray();
        var fit = GarchFit.Of(returns, heavyTails: false);
        Assert.Equal(1974, returns.Length);
        Assert.Equal(-0.00619041, fit.Mean, 1e-6);
        Assert.Equal(0.0107613, fit.Constant, 1e-6);
        Assert.Equal(0.153134, fit.Shock, 1e-5);
        Assert.Equal(0.805974, fit.Persistence, 1e-5);
        Assert.Equal(-1106.607881, fit.LogLikelihood(returns), 1e-5);
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
