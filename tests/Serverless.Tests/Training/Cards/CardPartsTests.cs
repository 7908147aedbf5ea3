using Serverless.Serving.Cards;
using Serverless.Training.Cards;

namespace Serverless.Tests.Training.Cards;

public class CardPartsTests
{
    [Theory]
    [InlineData(0, 1, new[] { 0, 0.2, 0.4, 0.6, 0.8, 1 })]
    [InlineData(0, 0.3, new[] { 0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3 })]
    [InlineData(432, 618, new[] { 450.0, 500, 550, 600 })]
    public void Axis_has_round_ticks_within_it(double min, double max, double[] ticks) =>
        Assert.Equal(ticks, new CardAxis("", min, max).Ticks().Select(t => Math.Round(t, 9)));

    [Fact]
    public void Reliability_groups_have_equal_size_and_the_interval_of_wilson()
    {
        var predicted = Enumerable.Range(0, 400).Select(i => i / 400.0).ToArray();
        var groups = Reliability.Of(predicted, [.. predicted.Select((_, i) => i % 5 == 0)]);
        Assert.Equal(10, groups.Count);
        Assert.All(groups, g => Assert.Equal((40, 0.2), (g.Rows, g.Happened)));
        Assert.Equal(predicted[..40].Average(), groups[0].Predicted, 12);
        Assert.Equal(0.1050, groups[0].Low, 4);
        Assert.Equal(0.3476, groups[0].High, 4);
    }

    [Fact]
    public void Reliability_of_few_rows_is_one_group() =>
        Assert.Equal([new Reliability(2, 0.5, 0.5, 0.0945, 0.9055)], Reliability.Of([0.4, 0.6], [true, false]).Select(g => g with { Low = Math.Round(g.Low, 4), High = Math.Round(g.High, 4) }));

    [Fact]
    public void Chart_places_points_on_its_axes()
    {
        var svg = new CardChart("t", "d <&\">", CardAxis.Share("x"), CardAxis.Share("y"), [CardSeries.Of("", CardSeriesKind.Line, [(0, 0), (1, 1)])]).ToSvg();
        Assert.Contains("d=\"M58 270L444 30\"", svg);
        Assert.Contains("aria-label=\"d &lt;&amp;&quot;&gt;\"", svg);
        Assert.Contains(">20%</text>", svg);
        Assert.DoesNotContain("-0", svg);
    }
}
