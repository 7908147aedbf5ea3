using Serverless.Training.Market.Forecasts;

namespace Serverless.Tests.Training.Market.Forecasts;

public class DieboldMarianoTests
{
    /// <summary>By hand: differences 1, 2, 0, 3, -1, 1 have the mean 1 and the variance 10/6; (6 + 1 - 2)/6 is the correction for one day.</summary>
    [Fact]
    public void Statistic_of_one_day_is_that_by_hand()
    {
        var test = DieboldMariano.Of([2, 4, 3, 5, 0, 2], [1, 2, 3, 2, 1, 1]);
        Assert.Equal(1, test.MeanDifference, 1e-12);
        Assert.Equal(1 / Math.Sqrt(10.0 / 6 / 6) * Math.Sqrt(5.0 / 6), test.Statistic, 1e-12);

        // With one day the corrected statistic is the paired t test's: t = 1 / (s / sqrt(6)) with s² = 10/5, two-sided with 5 degrees.
        Assert.Equal(1 / Math.Sqrt(2.0 / 6), test.Statistic, 1e-12);
        Assert.Equal(0.1438, test.PValue, 1e-3);
        Assert.Equal(1 - (test.PValue / 2), test.PBetter, 1e-12);
    }

    /// <summary>By hand: the same with the covariance of neighbours, (0 - 1 - 2·… ) / 6, and the correction (6 + 1 - 4 + 2/6)/6.</summary>
    [Fact]
    public void Statistic_of_two_days_counts_what_overlaps()
    {
        double[] centred = [0, 1, -1, 2, -2, 0];
        var neighbours = Enumerable.Range(1, 5).Sum(t => centred[t] * centred[t - 1]) / 6;
        var variance = (10.0 / 6) + (2 * neighbours);
        Assert.True(variance < 0); // then falling weights take its place
        variance = (10.0 / 6) + neighbours;
        var test = DieboldMariano.Of([2, 4, 3, 5, 0, 2], [1, 2, 3, 2, 1, 1], horizon: 2);
        Assert.Equal(1 / Math.Sqrt(variance / 6) * Math.Sqrt((7 - 4 + (2.0 / 6)) / 6), test.Statistic, 1e-12);
    }

    /// <summary>
    /// The worked example that the package "dieboldmariano" for Python prints: actual values, two forecasts, squared errors, the statistic and the one-sided p.
    /// </summary>
    [Fact]
    public void Published_example_of_one_day_comes_out_to_its_digits()
    {
        double[] actual = [10, 20, 30, 40, 50], first = [11, 21, 29, 42, 53], second = [13, 26, 24, 40, 59];
        var test = DieboldMariano.Of([.. actual.Zip(first, (a, f) => (a - f) * (a - f))], [.. actual.Zip(second, (a, f) => (a - f) * (a - f))]);
        Assert.Equal(-2.2229922805746782, test.Statistic, 1e-14);
        Assert.Equal(0.04515565862099125, test.PBetter, 1e-12);
    }

    /// <summary>
    /// The worked examples of forecasts of more days that the package "scores" for Python (Australian Bureau of Meteorology) is checked by: differences,
    /// horizon, and how sure it is that their mean is above 0.
    /// </summary>
    [Theory]
    [InlineData(new double[] { 1, 2, 3, 4 }, 2, 2.5, 0.9443164226429581)]
    [InlineData(new double[] { 2, 1, -3, -1, 0 }, 3, -0.2, 0.3778115634892615)]
    public void Published_examples_of_more_days_come_out_to_their_digits(double[] differences, int horizon, double mean, double above)
    {
        var test = DieboldMariano.Of(differences, new double[differences.Length], horizon);
        Assert.Equal(mean, test.MeanDifference, 1e-14);
        Assert.Equal(above, test.PBetter, 1e-12);
    }

    [Fact]
    public void Equal_forecasts_differ_by_nothing()
    {
        var test = DieboldMariano.Of([1, 2, 3], [1, 2, 3]);
        Assert.Equal((0, 1, 1), (test.MeanDifference, test.PValue, test.PBetter));
        Assert.Throws<ArgumentException>(() => DieboldMariano.Of([1], [1]));
        Assert.Throws<ArgumentException>(() => DieboldMariano.Of([1, 2], [1, 2, 3]));
    }

    /// <summary>Under equal accuracy a test at 5 % may say so in about one case of twenty.</summary>
    [Fact]
    public void Equally_good_forecasts_are_rarely_told_apart()
    {
        var random = new Random(7);
        var rejected = Enumerable.Range(0, 1000).Count(_ =>
        {
            double[] one = [.. Enumerable.Range(0, 60).Select(_ => random.NextDouble())], other = [.. Enumerable.Range(0, 60).Select(_ => random.NextDouble())];
            return DieboldMariano.Of(one, other).PBetter < 0.05;
        });
        Assert.InRange(rejected, 30, 75);
    }
}
