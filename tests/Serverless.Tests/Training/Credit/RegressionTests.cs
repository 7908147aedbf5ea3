using Serverless.Training.Credit;

namespace Serverless.Tests.Training.Credit;

public class RegressionTests
{
    private static readonly bool[] Outcome = [false, false, true, false, true, true, false, false, true, false, true, false];
    private static readonly double[] First = [.5, -1, 1.2, .1, .9, 1.5, -.3, -.8, .4, -.2, .7, -1.1];
    private static readonly double[] Second = [1, .3, -.4, .2, -1, .5, 1.1, -.2, -.9, .8, .1, .6];
    private static readonly int[] All = [.. Enumerable.Range(0, 12)];

    // scikit-learn 1.2.1, C = 1 / ridge = 2: intercept -0.8859777778, coefficient 2.0474130900; with both columns the second gets -1.348.
    [Fact]
    public void Column_that_would_be_negative_gets_nothing()
    {
        var fit = SignedLogistic.Fit([First, Second], Outcome, All, 0.5);
        Assert.Equal(-0.8859777778, fit.Intercept, 1e-5);
        Assert.Equal(2.04741309, fit.Coefficients[0], 1e-5);
        Assert.Equal(0, fit.Coefficients[1]);
    }

    // scikit-learn as above, second column turned round: -0.6426117690, 1.8388261500, 1.3481859100.
    [Fact]
    public void Unconstrained_optimum_inside_the_signs_equals_the_reference()
    {
        var fit = SignedLogistic.Fit([First, Array.ConvertAll(Second, x => -x)], Outcome, All, 0.5);
        Assert.Equal(-0.6426117690, fit.Intercept, 1e-5);
        Assert.Equal(1.83882615, fit.Coefficients[0], 1e-5);
        Assert.Equal(1.34818591, fit.Coefficients[1], 1e-5);
    }

    [Fact]
    public void Bin_weights_keep_their_directions()
    {
        // Bins 0, 1, 2 with shares of bads 1/4, 0/4, 4/4: the data want a dip that the direction forbids.
        bool[] outcome = [true, false, false, false, false, false, false, false, true, true, true, true];
        int[] bins = [0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2];
        var prior = new BinWeights(0, [[0, 0, 0]]);
        var kept = BinWeights.Fit(prior, prior, [[0, 1, 1]], [bins], outcome, All, 0.1).OfBins[0];
        var free = BinWeights.Fit(prior, prior, [[0, 0, 0]], [bins], outcome, All, 0.1).OfBins[0];
        Assert.True(free[1] < free[0] - 0.5);
        Assert.Equal(kept[0], kept[1], 6);
        Assert.True(kept[2] > kept[1] + 1);
    }

    [Fact]
    public void Platt_gives_back_the_truth()
    {
        var random = new Random(5);
        var points = Enumerable.Range(0, 50_000).Select(_ => 500 + (200 * random.NextDouble())).ToArray();
        var bad = Array.ConvertAll(points, p => random.NextDouble() < 1 / (1 + Math.Exp((0.03 * p) - 16.5)));
        var (slope, intercept) = Platt.Fit(points, bad);
        Assert.Equal(-0.03, slope, 0.001);
        Assert.Equal(16.5, intercept, 0.6);
    }

    [Fact]
    public void Points_without_skill_calibrate_to_the_share_of_bads()
    {
        var (slope, intercept) = Platt.Fit([500, 600, 500, 600], [false, true, false, false]);
        Assert.True(slope < 0);
        Assert.Equal(0.25, 1 / (1 + Math.Exp(-((slope * 550) + intercept))), 4);
    }
}
