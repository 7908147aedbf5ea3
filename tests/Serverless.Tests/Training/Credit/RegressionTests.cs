using Serverless.Training.Credit;

namespace Serverless.Tests.Training.Credit;

public class RegressionTests
{
    private static readonly bool[] Outcome = [false, false, true, false, true, true, false, false, true, false, true, false];
    private static readonly double[] First = [.5, -1, 1.2, .1, .9, 1.5, -.3, -.8, .4, -.2, .7, -1.1];
    private static readonly double[] Second = [1, .3, -.4, .2, -1, .5, 1.1, -.2, -.9, .8, .1, .6];
    private static readonly Range[] All = [0..12];

    // scikit-learn 1.2.1, C = 1 / ridge = 2: intercept -0.8859777778, coefficient 2.0474130900; with both columns the second gets -1.348.
    [Fact]
    public void Column_that_would_be_negative_gets_nothing()
    {
        var fit = SignedLogistic.Fit([First, Second], Outcome, All, ridge: 0.5, lasso: 0);
        Assert.Equal(-0.8859777778, fit.Intercept, 1e-5);
        Assert.Equal(2.04741309, fit.Coefficients[0], 1e-5);
        Assert.Equal(0, fit.Coefficients[1]);
    }

    // scikit-learn as above, second column turned round: -0.6426117690, 1.8388261500, 1.3481859100.
    [Fact]
    public void Unconstrained_optimum_inside_the_signs_equals_the_reference()
    {
        var fit = SignedLogistic.Fit([First, Array.ConvertAll(Second, x => -x)], Outcome, All, ridge: 0.5, lasso: 0);
        Assert.Equal(-0.6426117690, fit.Intercept, 1e-5);
        Assert.Equal(1.83882615, fit.Coefficients[0], 1e-5);
        Assert.Equal(1.34818591, fit.Coefficients[1], 1e-5);
    }

    [Fact]
    public void Lasso_draws_coefficients_to_exactly_nothing()
    {
        double[][] columns = [First, Array.ConvertAll(Second, x => -x)];
        var (some, none) = (SignedLogistic.Fit(columns, Outcome, All, ridge: 0.5, lasso: 1), SignedLogistic.Fit(columns, Outcome, All, ridge: 0.5, lasso: 100));
        Assert.InRange(some.Coefficients[0], 0.1, 1.6);
        Assert.Equal([0, 0], none.Coefficients);
        Assert.Equal(Math.Log(5.0 / 7), none.Intercept, 1e-5);
    }

    [Fact]
    public void Regression_without_some_rows_is_that_of_the_others()
    {
        double[][] columns = [First, Second];
        var whole = SignedLogistic.Fit([[.. First[..3], .. First[5..]], [.. Second[..3], .. Second[5..]]], [.. Outcome[..3], .. Outcome[5..]], [0..10], ridge: 0.5, lasso: 0);
        var parts = SignedLogistic.Fit(columns, Outcome, [0..3, 5..12], ridge: 0.5, lasso: 0);
        Assert.Equal(whole.Intercept, parts.Intercept, 1e-9);
        Assert.Equal(whole.Coefficients, parts.Coefficients, (a, b) => Math.Abs(a - b) < 1e-9);
    }

    // The optimum under kept curvature must be that of gradients alone: at it every free derivative is 0.
    [Fact]
    public void Bin_weights_reach_the_optimum()
    {
        var random = new Random(11);
        var bins = Enumerable.Range(0, 4000).SelectMany(_ => new[] { 1 + random.Next(6), 7 + random.Next(5) }).ToArray();
        var bad = Enumerable.Range(0, 4000).Select(i => random.NextDouble() < 0.05 * (bins[2 * i] + (bins[(2 * i) + 1] - 6))).ToArray();
        var prior = new BinWeights(-1, [new double[6], new double[5]]);
        var found = BinWeights.Fit(prior, prior, [new int[6], new int[5]], new BinnedRows(bins, bad, 2), 3);
        double[] weights = [.. found.OfBins[0], .. found.OfBins[1]];
        var gradient = weights.Select(w => 3 * w).ToArray();
        for (var i = 0; i < bad.Length; i++)
        {
            var (a, b) = (bins[2 * i] - 1, bins[(2 * i) + 1] - 1);
            var error = SignedNewton.Logistic(found.Intercept + weights[a] + weights[b], bad[i]).Probability - (bad[i] ? 1 : 0);
            (gradient[a], gradient[b]) = (gradient[a] + error, gradient[b] + error);
        }

        Assert.All(gradient, g => Assert.InRange(g, -0.5, 0.5));
    }

    [Fact]
    public void Loss_in_blocks_is_the_sum_of_the_losses()
    {
        var random = new Random(2);
        var logOdds = Enumerable.Range(0, 2503).Select(_ => (random.NextDouble() - 0.5) * 60).ToArray();
        var outcome = Array.ConvertAll(logOdds, _ => random.Next(2) == 0);
        var (loss, errors, weights) = (new LogisticLoss(), (double[])logOdds.Clone(), new double[logOdds.Length]);
        loss.Add(errors, outcome, weights);
        Assert.Equal(Enumerable.Range(0, logOdds.Length).Sum(i => SignedNewton.Logistic(logOdds[i], outcome[i]).Loss), loss.Sum, 1e-8);
        for (var i = 0; i < logOdds.Length; i++)
        {
            var p = SignedNewton.Logistic(logOdds[i], outcome[i]).Probability;
            Assert.Equal(p - (outcome[i] ? 1 : 0), errors[i], 1e-14);
            Assert.Equal(p * (1 - p), weights[i], 1e-14);
        }
    }

    [Fact]
    public void Bin_weights_keep_their_directions()
    {
        // Bins 0, 1, 2 with shares of bads 1/4, 0/4, 4/4: the data want a dip that the direction forbids.
        bool[] outcome = [true, false, false, false, false, false, false, false, true, true, true, true];
        var rows = new BinnedRows([1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3], outcome, 1);
        var prior = new BinWeights(0, [[0, 0, 0]]);
        var kept = BinWeights.Fit(prior, prior, [[0, 1, 1]], rows, 0.1).OfBins[0];
        var free = BinWeights.Fit(prior, prior, [[0, 0, 0]], rows, 0.1).OfBins[0];
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
