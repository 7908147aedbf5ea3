using Serverless.Serving.Credit;
using Serverless.Serving.Decisions;

namespace Serverless.Tests.Serving.Decisions;

public class DecisionRulesTests
{
    private static readonly DecisionPolicy Policy = new() { ApproveBelow = 0.1, DeclineFrom = 0.3 };

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
        Assert.Equal(verdict, DecisionRules.Verdict(Policy, probability, unseen));

    [Fact]
    public void Unseen_value_is_approved_where_the_policy_says_so() =>
        Assert.Equal(DecisionVerdict.Approve, DecisionRules.Verdict(Policy with { ReferUnseen = false }, 0.05, unseen: true));
}
