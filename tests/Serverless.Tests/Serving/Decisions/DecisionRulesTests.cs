using Serverless.Serving;
using Serverless.Serving.Credit;
using Serverless.Serving.Decisions;
using Serverless.Tests.Serving.Credit;

namespace Serverless.Tests.Serving.Decisions;

public class DecisionRulesTests
{
    private static readonly DecisionPolicy Bands = new() { ApproveBelow = 0.1, DeclineFrom = 0.3 };

    [Theory]
    [InlineData(0, false, DecisionVerdict.Approve)]
    [InlineData(0.0999, false, DecisionVerdict.Approve)]
    [InlineData(0.1, false, DecisionVerdict.Refer)]
    [InlineData(0.2999, false, DecisionVerdict.Refer)]
    [InlineData(0.3, false, DecisionVerdict.Decline)]
    [InlineData(1, false, DecisionVerdict.Decline)]
    [InlineData(0.0999, true, DecisionVerdict.Refer)]
    [InlineData(0.2, true, DecisionVerdict.Refer)]
    [InlineData(0.3, true, DecisionVerdict.Decline)]
    [InlineData(double.NaN, false, DecisionVerdict.Refer)]
    public void Verdict_follows_the_bands_and_an_unseen_value_is_never_approved(double probability, bool unseen, DecisionVerdict verdict) =>
        Assert.Equal(verdict, DecisionRules.Verdict(Rules(Bands), probability, unseen, outOfDistribution: false, []));

    [Fact]
    public void Unseen_value_is_approved_where_the_policy_says_so() =>
        Assert.Equal(DecisionVerdict.Approve, DecisionRules.Verdict(Rules(Bands with { ReferUnseen = false }), 0.05, unseen: true, outOfDistribution: false, []));

    [Theory]
    [InlineData(0.05, DecisionVerdict.Approve, "")]
    [InlineData(0.2, DecisionVerdict.Refer, "score refer approveBelow")]
    [InlineData(0.5, DecisionVerdict.Decline, "score decline declineFrom")]
    [InlineData(0.095, DecisionVerdict.Refer, "closeToCutOff refer closeToCutOff")]
    [InlineData(0.305, DecisionVerdict.Refer, "closeToCutOff refer closeToCutOff")]
    public void Score_close_to_a_bound_is_referred_on_both_sides(double probability, DecisionVerdict verdict, string told) =>
        Assert.Equal((verdict, told), Judge(Bands with { CloseToCutOff = 0.01 }, probability));

    [Theory]
    [InlineData(0.05, DecisionVerdict.Refer, "outOfDistribution refer referOutOfDistribution")]
    [InlineData(0.9, DecisionVerdict.Refer, "outOfDistribution refer referOutOfDistribution")]
    public void Application_unlike_the_training_is_referred_whatever_its_score(double probability, DecisionVerdict verdict, string told) =>
        Assert.Equal((verdict, told), Judge(Bands, probability, strange: true));

    [Fact]
    public void Application_unlike_the_training_is_decided_by_its_score_where_the_policy_says_so() =>
        Assert.Equal((DecisionVerdict.Decline, "score decline declineFrom"), Judge(Bands with { ReferOutOfDistribution = false }, 0.9, strange: true));

    [Theory]
    [InlineData(0.05, """{"income": 900}""", DecisionVerdict.Approve, "")]
    [InlineData(0.9, """{"purpose": "car"}""", DecisionVerdict.Refer, "missingData refer keyColumns")]
    [InlineData(0.05, """{"income": null}""", DecisionVerdict.Refer, "missingData refer keyColumns")]
    [InlineData(0.05, """{"income": "NA"}""", DecisionVerdict.Refer, "missingData refer keyColumns")]
    [InlineData(0.05, """{"income": -9}""", DecisionVerdict.Approve, "")]
    public void Missing_key_data_are_referred_and_never_declined_by_the_score(double probability, string fields, DecisionVerdict verdict, string told) =>
        Assert.Equal((verdict, told), Judge(Bands with { KeyColumns = ["income"] }, probability, fields));

    [Theory]
    [InlineData("""{"income": 400, "housing": "rent"}""", DecisionVerdict.Decline, "knockOut decline poor, knockOut refer renting")]
    [InlineData("""{"income": 600, "housing": "rent"}""", DecisionVerdict.Refer, "knockOut refer renting")]
    [InlineData("""{"housing": "own"}""", DecisionVerdict.Approve, "")]
    [InlineData("""{"income": -9}""", DecisionVerdict.Approve, "")]
    public void Knock_out_rules_fire_in_the_contracts_order_and_never_on_a_missing_operand(string fields, DecisionVerdict verdict, string told) =>
        Assert.Equal((verdict, told), Judge(
            Bands with
            {
                KnockOuts =
                [
                    new() { Name = "poor", When = "income < 500", Decision = RuleDecision.Decline, Reason = "Your income is below 500." },
                    new() { Name = "renting", When = "housing = 'rent'", Decision = RuleDecision.Refer, Reason = "You rent." },
                ],
            },
            0.05, fields));

    [Fact]
    public void Knock_out_declines_what_the_score_alone_may_not() => Assert.Equal(
        (DecisionVerdict.Decline, "knockOut decline poor, outOfDistribution refer referOutOfDistribution, missingData refer keyColumns"),
        Judge(
            Bands with { KeyColumns = ["purpose"], KnockOuts = [new() { Name = "poor", When = "income < 500", Decision = RuleDecision.Decline, Reason = "Your income is below 500." }] },
            0.9, """{"income": 400}""", strange: true));

    [Theory]
    [InlineData(0.01, "2000.10", DecisionVerdict.Approve, "")]
    [InlineData(0.01, "2000.11", DecisionVerdict.Refer, "limit refer all")]
    [InlineData(0.05, "1000", DecisionVerdict.Approve, "")]
    [InlineData(0.05, "1000.01", DecisionVerdict.Decline, "limit decline risky")]
    [InlineData(0.01, "1000.01", DecisionVerdict.Approve, "")]
    public void Limits_hold_from_their_probability_on_to_the_cent(double probability, string income, DecisionVerdict verdict, string told) =>
        Assert.Equal((verdict, told), Judge(Limited, probability, $$"""{"income": {{income}}}"""));

    [Fact]
    public void Limit_that_depends_on_a_score_that_is_not_relied_on_refers() => Assert.Equal(
        (DecisionVerdict.Refer, "limit refer all, limit refer risky, outOfDistribution refer referOutOfDistribution"),
        Judge(Limited, 0.05, """{"income": 5000}""", strange: true));

    [Fact]
    public void Same_application_always_gives_the_same_rules_in_the_same_order()
    {
        var policy = Limited with { CloseToCutOff = 0.05, KeyColumns = ["purpose", "housing"] };
        List<FiredRule> fired = [];
        DecisionRules.Verdict(Rules(policy), 0.12, unseen: true, outOfDistribution: true, Values(policy, """{"income": 5000}"""), fired);
        Assert.Equal(["Limit", "Limit", "OutOfDistribution", "MissingData", "Unseen", "CloseToCutOff", "Score"], fired.Select(f => $"{f.Kind}"));
        Assert.Equal("The application does not say 'purpose', 'housing', without which its score is not relied on.", fired.Single(f => f.Kind == RuleKind.MissingData).Reason);
    }

    private static DecisionPolicy Limited => Bands with
    {
        Limits =
        [
            new() { Name = "all", Column = "income", Maximum = 2000.10m, Reason = "We lend no more." },
            new() { Name = "risky", Column = "income", Maximum = 1000m, From = 0.05, Decision = RuleDecision.Decline, Reason = "We lend no more at this risk." },
        ],
    };

    private static (DecisionVerdict Verdict, string Told) Judge(DecisionPolicy policy, double probability, string fields = "{}", bool strange = false)
    {
        List<FiredRule> fired = [];
        var verdict = DecisionRules.Verdict(Rules(policy), probability, unseen: false, strange, Values(policy, fields), fired);
        var told = fired.Select(f => $"{char.ToLowerInvariant($"{f.Kind}"[0])}{$"{f.Kind}"[1..]} {$"{f.Decision}".ToLowerInvariant()} {f.Name}");
        return (verdict, string.Join(", ", told));
    }

    private static PolicyRules Rules(DecisionPolicy policy) => new(CreditExample.Contract with { Policy = policy });

    // As the scorer reads them, a fault of the application aside.
    private static PolicyValue[] Values(DecisionPolicy policy, string fields)
    {
        using var scorer = CreditExample.Scorer(contract: CreditExample.Contract with { Policy = policy });
        return Assert.IsType<Outcome<BinnedApplication>.Done>(scorer.Read(CreditExample.Fields(fields))).Value.PolicyValues;
    }
}
