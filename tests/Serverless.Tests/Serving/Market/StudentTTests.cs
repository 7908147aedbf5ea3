using Serverless.Serving.Market;

namespace Serverless.Tests.Serving.Market;

/// <summary>Expected: tables of the t distribution, and closed forms with few degrees of freedom.</summary>
public class StudentTTests
{
    [Theory]
    [InlineData(0.95, 5, 2.015)]
    [InlineData(0.975, 10, 2.228)]
    [InlineData(0.99, 30, 2.457)]
    [InlineData(0.995, 120, 2.617)]
    public void Quantile_equals_the_printed_table(double share, double freedom, double printed) => Assert.Equal(printed, StudentT.StandardQuantile(share, freedom), 5e-4);

    [Theory]
    [InlineData(-3)]
    [InlineData(-0.2)]
    [InlineData(0)]
    [InlineData(1.7)]
    public void Distribution_of_three_degrees_is_its_closed_form(double t)
    {
        var expected = 0.5 + (((t / Math.Sqrt(3) / (1 + (t * t / 3))) + Math.Atan(t / Math.Sqrt(3))) / Math.PI);
        Assert.Equal(expected, StudentT.StandardBelow(t, 3), 1e-12);
    }

    [Fact]
    public void Quantile_is_where_the_share_lies_below()
    {
        var returns = new StudentT(0.0005, 0.0001, 4.5);
        foreach (var share in (double[])[0.001, 0.05, 0.3, 0.5, 0.8, 0.999]) Assert.Equal(share, returns.Below(returns.Quantile(share)), 1e-9);
        Assert.Throws<ArgumentOutOfRangeException>(() => returns.Quantile(1));
    }

    /// <summary>The variance, the shortfall and the score, each integrated numerically over quantiles.</summary>
    [Fact]
    public void Moments_equal_their_integrals()
    {
        var returns = new StudentT(0.1, 0.04, 8);
        const int Points = 20_000;
        double[] values = [.. Enumerable.Range(0, Points).Select(i => returns.Quantile((i + 0.5) / Points))];
        Assert.Equal(0.04, values.Average(v => (v - 0.1) * (v - 0.1)), 1e-4);
        Assert.Equal(values.Take(Points / 20).Average(), returns.MeanBelow(0.05), 1e-4);

        // The score of a value is the mean distance to it less half the mean distance between two draws (Gneiting and Raftery 2007).
        var between = values.Index().Average(v => v.Item * ((2.0 * v.Index) + 1 - Points)) * 2 / Points;
        foreach (var came in (double[])[-0.4, 0.1, 0.15]) Assert.Equal(values.Average(v => Math.Abs(v - came)) - (between / 2), returns.Crps(came), 1e-4);
        Assert.Equal(Math.Log((returns.Below(0.1501) - returns.Below(0.1499)) / 0.0002), returns.LogDensity(0.15), 1e-5);
    }
}
