using Serverless.Training.Credit;

namespace Serverless.Tests.Training.Credit;

/// <summary>Expected figures: scikit-learn 1.2.1 (DeLong's variance: its definition, written out in numpy).</summary>
public class ScoreMetricsTests
{
    private static readonly bool[] Bad = [false, false, true, false, true, true, false, false, true, false, true, false];
    private static readonly double[] P = [.1, .2, .35, .35, .8, .6, .4, .05, .7, .6, .3, .15];
    private static readonly double[] Q = [.2, .1, .5, .3, .6, .7, .35, .15, .4, .45, .55, .25];

    [Theory]
    [InlineData("auc", 0.8285714285714285)]
    [InlineData("aucLow", 0.5847453667660827)]
    [InlineData("aucHigh", 1)]
    [InlineData("gini", 0.657142857142857)]
    [InlineData("ks", 0.5714285714285714)]
    [InlineData("brier", 0.16)]
    [InlineData("logLoss", 0.4787212175361257)]
    [InlineData("ece", 0.3416666666666666)]
    [InlineData("calibrationSlope", 1.5147329424463725)]
    [InlineData("calibrationIntercept", 0.18149649563253073)]
    public void Figures_equal_the_reference(string metric, double expected) => Assert.Equal(expected, ScoreMetrics.Of(Bad, P)[metric], 8);

    [Fact]
    public void Error_of_a_difference_of_areas_is_paired_by_row()
    {
        Assert.Equal(0.12817398889233117, ScoreMetrics.AucDifferenceError(Bad, P, Q), 12);
        Assert.Equal(0, ScoreMetrics.AucDifferenceError(Bad, P, [.. P.Select(p => p / 2)]), 12);
        Assert.Equal(double.NaN, ScoreMetrics.AucDifferenceError([true], [1], [1]));
    }

    [Fact]
    public void Bootstrap_finds_about_what_the_normal_approximation_finds()
    {
        var random = new Random(1);
        bool[] bad = [.. Enumerable.Range(0, 2000).Select(_ => random.Next(5) == 0)];
        double[] score = [.. bad.Select(b => (b ? 0.5 : 0) + random.NextDouble())];
        var (auc, variance) = ScoreMetrics.Auc(bad, score);
        Assert.Equal(auc - (1.645 * Math.Sqrt(variance)), Bootstrap.AucLow(bad, score), 0.003);
        Assert.Equal(double.NaN, Bootstrap.AucLow([true, true], [.1, .2]));
    }

    [Fact]
    public void Bootstrap_of_many_rows_keeps_the_few_bad_ones()
    {
        var random = new Random(1);
        bool[] bad = [.. Enumerable.Range(0, 200_000).Select(_ => random.Next(100) == 0)];
        double[] score = [.. bad.Select(b => (b ? 0.5 : 0) + random.NextDouble())];
        var (auc, variance) = ScoreMetrics.Auc(bad, score);
        Assert.Equal(auc - (1.645 * Math.Sqrt(variance)), Bootstrap.AucLow(bad, score), 0.002);
    }

    [Fact]
    public void Certain_probabilities_count_as_log_odds_of_fifteen()
    {
        double[] p = [1e-9, .2, 1, .35, .8, .6, .4, 0, .7, .6, .3, .15];
        var figures = ScoreMetrics.Of(Bad, p);
        Assert.Equal(1.6613713346863215, figures["calibrationSlope"], 8);
        Assert.Equal(-0.05519564327521604, figures["calibrationIntercept"], 8);
        Assert.Equal(0.37818155640745466, figures["logLoss"], 8);
    }

    [Fact]
    public void Delong_variance_equals_its_definition() => Assert.Equal(0.015476190476190478, ScoreMetrics.Auc(Bad, P).Variance, 12);

    [Fact]
    public void Calibration_error_over_three_bins_equals_the_reference() => Assert.Equal(0.11666666666666668, ScoreMetrics.Ece(Bad, P, 3), 12);

    [Fact]
    public void Area_of_whole_numbers_is_the_same_ties_included()
    {
        long[] points = [.. P.Select(p => (long)Math.Round(p * 10))];
        Assert.Equal(ScoreMetrics.Auc(Bad, [.. points.Select(p => (double)p)]).Auc, HoldoutFigures.Area(Bad, points), 12);
        Assert.Equal(double.NaN, HoldoutFigures.Area([true, true], [1, 2]));
    }

    [Fact]
    public void One_class_has_no_area() => Assert.Equal(double.NaN, ScoreMetrics.Auc([true, true], [.1, .2]).Auc);
}
