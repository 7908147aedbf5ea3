using Serverless.Training.Credit;

namespace Serverless.Tests.Training.Credit;

/// <summary>Expected figures: scikit-learn 1.2.1 (DeLong's variance: its definition, written out in numpy).</summary>
public class ScoreMetricsTests
{
    private static readonly bool[] Bad = [false, false, true, false, true, true, false, false, true, false, true, false];
    private static readonly double[] P = [.1, .2, .35, .35, .8, .6, .4, .05, .7, .6, .3, .15];

    [Theory]
    [InlineData("auc", 0.8285714285714285)]
    [InlineData("aucLow", 0.5847453667660827)]
    [InlineData("aucHigh", 1)]
    [InlineData("gini", 0.657142857142857)]
    [InlineData("ks", 0.5714285714285714)]
    [InlineData("brier", 0.16)]
    [InlineData("logLoss", 0.4787212175361257)]
    [InlineData("ece", 0.3416666666666666)]
    public void Figures_equal_the_reference(string metric, double expected) => Assert.Equal(expected, ScoreMetrics.Of(Bad, P)[metric], 12);

    [Fact]
    public void Delong_variance_equals_its_definition() => Assert.Equal(0.015476190476190478, ScoreMetrics.Auc(Bad, P).Variance, 12);

    [Fact]
    public void Calibration_error_over_three_bins_equals_the_reference() => Assert.Equal(0.11666666666666668, ScoreMetrics.Ece(Bad, P, 3), 12);

    [Fact]
    public void One_class_has_no_area() => Assert.Equal(double.NaN, ScoreMetrics.Auc([true, true], [.1, .2]).Auc);
}
