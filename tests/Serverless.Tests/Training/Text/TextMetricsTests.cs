using Serverless.Training.Text;

namespace Serverless.Tests.Training.Text;

public class TextMetricsTests
{
    [Fact]
    public void Figures_are_those_computed_by_hand()
    {
        var metrics = TextMetrics.Of(
        [
            new(0, 0, 0.9, 0.9, 0.9, false),
            new(0, 1, 0.6, 0.3, 0.6, false),
            new(1, 1, 0.8, 0.8, 0.8, false),
            new(1, 1, 0.4, 0.4, 0.4, true),
            new(-2, 1, 0.5, 0, 0.5, false), // an intent that the model does not know
            new(-1, 0, 0.3, 0, 0.3, true),
            new(-1, 0, 0.95, 0, 0.95, false),
            new(-1, 1, 0.2, 0, 0.2, true),
        ]);
        Assert.Equal(3.0 / 5, metrics["accuracy"], 1e-12);
        // F1: intent 0 2·1/(2 + 1), intent 1 2·2/(2 + 4), the unknown one 0.
        Assert.Equal(((2.0 / 3) + (2.0 / 3) + 0) / 3, metrics["macroF1"], 1e-12);
        Assert.Equal(-(Math.Log(0.9) + Math.Log(0.3) + Math.Log(0.8) + Math.Log(0.4) + Math.Log(1e-15)) / 5, metrics["logLoss"], 1e-9);
        // Five texts fall into groups of their own: |0.9 - 1|, 0.6, |0.8 - 1|, |0.4 - 1|, 0.5.
        Assert.Equal((0.1 + 0.6 + 0.2 + 0.6 + 0.5) / 5, metrics["ece"], 1e-12);
        Assert.Equal(1.0 / 5, metrics["falseNone"], 1e-12);
        Assert.Equal(2.0 / 3, metrics["outOfScopeRecall"], 1e-12);
    }

    [Fact]
    public void Calibration_error_is_that_of_ten_groups_of_equal_count()
    {
        // 20 texts, two a group; in each one is right at confidence 0.5 + g/20, so that the gap is g/20.
        var answers = Enumerable.Range(0, 20).Select(i => new AnsweredText(i % 2, 0, 0.5 + (i / 2 / 20.0), 0.5, 0.5, false)).ToList();
        Assert.Equal(4.5 / 20, TextMetrics.Of(answers)["ece"], 1e-12);
    }

    [Fact]
    public void Figures_without_texts_are_not_numbers()
    {
        var metrics = TextMetrics.Of([new(-1, 0, 0.3, 0, 0.3, true)]);
        Assert.Equal(["accuracy", "ece", "falseNone", "logLoss", "macroF1"], metrics.Where(m => double.IsNaN(m.Value)).Select(m => m.Key).Order());
        Assert.Equal(1, metrics["outOfScopeRecall"]);
        Assert.DoesNotContain("outOfScopeRecall", TextMetrics.Of([]).Keys);
    }
}
