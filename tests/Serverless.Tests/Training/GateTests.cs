using Serverless.Serving;
using Serverless.Training;

namespace Serverless.Tests.Training;

public class GateTests
{
    private static readonly GateRules Rules = new() { Floors = new Dictionary<string, double> { ["auc"] = 0.6, ["ks"] = 0.1 }, Tolerance = 0.002, MinRows = 100, MinRare = 20 };
    private static readonly Dictionary<string, double> Good = new() { ["auc"] = 0.7, ["ks"] = 0.2 };
    private static readonly GateEvidence Shown = new(Good, GoldenAnswered: true);

    private static GateEvidence With(string metric, double figure) => Shown with { Metrics = new Dictionary<string, double>(Good) { [metric] = figure } };

    private static Comparison Against(double challenger, double champion, int rows = 100, int rare = 20, double error = 0.01) => new("auc", rows, rare, challenger, champion, error);

    [Theory]
    [InlineData(0.6, GateDecision.Promote)]
    [InlineData(0.5999, GateDecision.Keep)]
    public void Without_champion_floors_decide(double auc, GateDecision decision) => Assert.Equal(decision, Gate.Decide(Rules, With("auc", auc), null).Decision);

    [Fact]
    public void Missing_metric_and_unanswered_golden_inputs_fail()
    {
        var verdict = Gate.Decide(Rules, new GateEvidence(new Dictionary<string, double> { ["auc"] = 0.7 }, GoldenAnswered: false), null);
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
        Assert.Equal(decision, Gate.Decide(Rules, Shown, Against(challenger, champion, rows, rare)).Decision);

    // One-sided: 0.012 above the margin is 1.2 standard errors, which is 88.5 %.
    [Theory]
    [InlineData(0.88, GateDecision.Promote)]
    [InlineData(0.89, GateDecision.Keep)]
    public void Contract_states_how_sure_the_comparison_must_be(double confidence, GateDecision decision)
    {
        var verdict = Gate.Decide(Rules with { Confidence = confidence }, Shown, Against(0.71, 0.70));
        Assert.Equal(decision, verdict.Decision);
        Assert.Equal(0.8849, verdict.Checks.Single(c => c.Name == "confidence that it is not worse").Figure!.Value, 4);
    }

    [Theory]
    [InlineData(0.7, 0.7, 1)]
    [InlineData(0.69, 0.7, 0)]
    public void Same_answers_on_every_row_leave_no_doubt(double challenger, double champion, double confidence) =>
        Assert.Equal(confidence, Against(challenger, champion, error: 0).ConfidenceWithin(0.002));

    // Of 40 texts one falls from 36 to 28 right, by 12 lost and 4 gained: P(X >= 12) of 16 is 2517/65536.
    [Theory]
    [InlineData(0.1, 0.05, 10, true, GateDecision.Keep)]
    [InlineData(0.1, 0.03, 10, true, GateDecision.Promote)]
    [InlineData(0.2, 0.05, 10, true, GateDecision.Promote)]
    [InlineData(0.1, 0.05, 41, true, GateDecision.Promote)]
    [InlineData(0.1, 0.05, 10, false, GateDecision.Promote)]
    public void Intent_that_fell_too_far_and_not_by_chance_is_named(double fall, double significance, int rows, bool blocks, GateDecision decision)
    {
        var rules = Rules with { Intents = new() { MaxRecallFall = fall, Significance = significance, MinRows = rows, Blocks = blocks } };
        var verdict = Gate.Decide(rules, Shown, Against(0.72, 0.70) with { Classes = [new("card", 40, 36, 12, 4)] });
        Assert.Equal(decision, verdict.Decision);
        if (decision == GateDecision.Keep || !blocks)
            Assert.Equal([$"intents whose recall fell by more than 0.1 and not by chance ('card' from 0.90 to 0.70 of 40 texts), of 1 with 10 or more fresh texts: 1 is above 0{(blocks ? "" : ", which only warns")}."], Gate.Reasons(verdict));
    }

    [Fact]
    public void More_intents_need_more_evidence_against_each_and_one_that_is_clear_makes_room_for_the_next()
    {
        ClassComparison clear = new("clear", 40, 40, 20, 0), likely = new("likely", 40, 36, 12, 4);
        var steady = Enumerable.Range(0, 9).Select(i => new ClassComparison($"steady {i}", 40, 36, 2, 2)).ToList();
        Assert.Equal(2, Fallen([clear, likely]));
        Assert.Equal(1, Fallen([clear, likely, .. steady]));
        Assert.Equal(0, Fallen([likely, .. steady]));

        double? Fallen(IReadOnlyList<ClassComparison> classes) =>
            Gate.Decide(Rules, Shown, Against(0.72, 0.70) with { Classes = classes }).Checks.Single(c => c.Name.StartsWith("intents", StringComparison.Ordinal)).Figure;
    }

    [Theory]
    [InlineData(12, 4, 2517.0 / 65536)]
    [InlineData(3, 0, 0.125)]
    [InlineData(0, 3, 1)]
    [InlineData(0, 0, 1)]
    [InlineData(1000, 1000, 0.50892)] // half of the middle term above a half
    public void Chance_of_loss_is_the_exact_tail(int lost, int gained, double chance) => Assert.Equal(chance, new ClassComparison("x", 5000, 2000, lost, gained).ChanceOfLoss(), 1e-5);

    [Fact]
    public void Model_below_its_floor_is_kept_back_whatever_the_champion()
    {
        var verdict = Gate.Decide(Rules, With("auc", 0.5), Against(0.9, 0.7, 10, 1));
        Assert.Equal(GateDecision.Keep, verdict.Decision);
        Assert.Contains("auc floor: 0.5 is below 0.6.", Gate.Reasons(verdict));
    }

    [Theory]
    [InlineData("calibrationSlope", 0.49, "calibration slope: 0.49 is below 0.5.")]
    [InlineData("calibrationSlope", 2.01, "calibration slope, at most: 2.01 is above 2.")]
    [InlineData("calibrationIntercept", -1.01, "distance of the calibration intercept from 0: 1.01 is above 1.")]
    [InlineData("ece", 0.16, "expected calibration error: 0.16 is above 0.15.")]
    [InlineData("aucBootstrapLow", 0.59, "auc floor in 95 of 100 bootstrap samples: 0.59 is below 0.6.")]
    [InlineData("columnAuc", 0.91, "area under the curve of a single column, greatest of 'term': 0.91 is above 0.9.")]
    public void Figure_beyond_its_limit_keeps_the_model_back(string metric, double figure, string reason)
    {
        var verdict = Gate.Decide(Rules, With(metric, figure) with { Columns = new Dictionary<string, string> { ["columnAuc"] = "term" } }, null);
        Assert.Equal((GateDecision.Keep, reason), (verdict.Decision, Assert.Single(Gate.Reasons(verdict))));
        Assert.Equal(GateDecision.Promote, Gate.Decide(Rules, With(metric, Math.Sign(figure) * verdict.Checks.Single(c => !c.Passed).Limit), null).Decision);
    }

    [Theory]
    [InlineData("scorePsi", "stability index of the score: 0.26 is above 0.25")]
    [InlineData("columnPsi", "stability index of the columns: 0.26 is above 0.25")]
    public void Drift_warns_and_keeps_back_only_where_the_contract_says_so(string metric, string said)
    {
        var warned = Gate.Decide(Rules, With(metric, 0.26), null);
        Assert.Equal((GateDecision.Promote, $"{said}, which only warns."), (warned.Decision, Assert.Single(Gate.Reasons(warned))));
        var blocked = Gate.Decide(Rules with { Stability = new() { Blocks = true } }, With(metric, 0.26), null);
        Assert.Equal((GateDecision.Keep, $"{said}."), (blocked.Decision, Assert.Single(Gate.Reasons(blocked))));
    }

    [Theory]
    [InlineData(51, 1 << 20, "", "milliseconds of an answer: 51 is above 50.")]
    [InlineData(1, 65 << 20, "", "megabytes of the served files: 65 is above 64.")]
    [InlineData(1, 1 << 20, "income", "columns against their direction (income), of 2: 1 is above 0.")]
    public void Served_model_that_is_slow_big_or_turned_is_kept_back(double milliseconds, long bytes, string broken, string reason)
    {
        var verdict = Gate.Decide(Rules, Shown with { Served = new ServedFigures(milliseconds, bytes, 2, broken.Length > 0 ? [broken] : []) }, null);
        Assert.Equal((GateDecision.Keep, reason), (verdict.Decision, Assert.Single(Gate.Reasons(verdict))));
    }

    [Theory]
    [InlineData(0, null)]
    [InlineData(2, "cases of the contract that are answered otherwise (number 1, number 2), of 30: 2 is above 0.")]
    [InlineData(22, "cases of the contract that are answered otherwise (number 1, number 2, number 3, number 4, number 5, number 6, number 7, number 8, number 9, number 10, number 11, number 12, number 13, number 14, number 15, number 16, number 17, number 18, number 19, number 20 and 2 more), of 30: 22 is above 0.")]
    public void Cases_that_are_answered_otherwise_keep_a_version_back(int failed, string? reason)
    {
        CaseAnswer[] cases = [.. Enumerable.Range(1, 30).Select(i => new CaseAnswer($"number {i}", "pin", "balance", i > failed))];
        var verdict = Gate.Decide(Rules, Shown with { Served = new ServedFigures(1, 1, 0, []) { Cases = cases } }, null);
        Assert.Equal((reason is null ? GateDecision.Promote : GateDecision.Keep, reason), (verdict.Decision, Gate.Reasons(verdict).SingleOrDefault()));
    }

    [Fact]
    public void Verdict_survives_the_manifest()
    {
        var verdict = Gate.Decide(Rules, With("scorePsi", 0.3), null);
        var read = System.Text.Json.JsonSerializer.Deserialize<GateVerdict>(Json.File(verdict), Json.Options);
        Assert.Equal(verdict.Checks, read!.Checks);
    }
}
