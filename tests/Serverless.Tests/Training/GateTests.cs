using Serverless.Serving;
using Serverless.Training;

namespace Serverless.Tests.Training;

public class GateTests
{
    private static readonly GateRules Rules = new() { Floors = new Dictionary<string, double> { ["auc"] = 0.6, ["ks"] = 0.1 }, Tolerance = 0.002, MinRows = 100, MinRare = 20 };
    private static readonly Dictionary<string, double> Good = new() { ["auc"] = 0.7, ["ks"] = 0.2 };

    [Theory]
    [InlineData(0.6, GateDecision.Promote)]
    [InlineData(0.5999, GateDecision.Keep)]
    public void Without_champion_floors_decide(double auc, GateDecision decision) =>
        Assert.Equal(decision, Gate.Decide(Rules, new Dictionary<string, double>(Good) { ["auc"] = auc }, goldenAnswered: true, comparison: null).Decision);

    [Fact]
    public void Missing_metric_and_unanswered_golden_inputs_fail()
    {
        var verdict = Gate.Decide(Rules, new Dictionary<string, double> { ["auc"] = 0.7 }, goldenAnswered: false, comparison: null);
        Assert.Equal(GateDecision.Keep, verdict.Decision);
        Assert.Equal(["golden inputs: 0 is below 1.", "ks floor: could not be measured, 0.1 is needed."], Gate.Reasons(verdict));
        Assert.Equal([new("golden inputs", 0, 1, false), new("auc floor", 0.7, 0.6, true), new("ks floor", null, 0.1, false)], verdict.Checks);
    }

    [Theory]
    [InlineData(100, 20, 0.70, 0.70, GateDecision.Promote)]
    [InlineData(100, 20, 0.6981, 0.70, GateDecision.Promote)]
    [InlineData(100, 20, 0.6979, 0.70, GateDecision.Keep)]
    [InlineData(99, 20, 0.90, 0.70, GateDecision.NotEnoughEvidence)]
    [InlineData(100, 19, 0.90, 0.70, GateDecision.NotEnoughEvidence)]
    [InlineData(0, 0, double.NaN, double.NaN, GateDecision.NotEnoughEvidence)]
    [InlineData(100, 20, double.NaN, 0.70, GateDecision.Keep)]
    [InlineData(100, 20, 0.90, double.NaN, GateDecision.Keep)]
    public void With_champion_fresh_rows_decide(int rows, int rare, double challenger, double champion, GateDecision decision) =>
        Assert.Equal(decision, Gate.Decide(Rules, Good, goldenAnswered: true, new Comparison("auc", rows, rare, challenger, champion)).Decision);

    [Fact]
    public void Model_below_its_floor_is_kept_back_whatever_the_champion()
    {
        var verdict = Gate.Decide(Rules, new Dictionary<string, double>(Good) { ["auc"] = 0.5 }, goldenAnswered: true, new Comparison("auc", 10, 1, 0.9, 0.7));
        Assert.Equal(GateDecision.Keep, verdict.Decision);
        Assert.Contains("auc floor: 0.5 is below 0.6.", Gate.Reasons(verdict));
    }

    [Fact]
    public void Verdict_survives_the_manifest()
    {
        var verdict = Gate.Decide(Rules, new Dictionary<string, double>(), goldenAnswered: true, comparison: null);
        var read = System.Text.Json.JsonSerializer.Deserialize<GateVerdict>(Json.File(verdict), Json.Options);
        Assert.Equal(verdict.Checks, read!.Checks);
    }
}
