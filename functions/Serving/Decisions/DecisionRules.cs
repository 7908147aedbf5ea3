using System.Security.Cryptography;
using System.Text;
using Serverless.Serving.Credit;

namespace Serverless.Serving.Decisions;

/// <summary>The decision as a pure function of score and policy.</summary>
public static class DecisionRules
{
    /// <summary>What the bands of a policy say; a probability that is no number is referred.</summary>
    /// <param name="policy">The bands.</param>
    /// <param name="probability">Probability of a bad loan, 0 to 1.</param>
    /// <param name="unseen">Whether the application has a value that training never saw.</param>
    public static DecisionVerdict Verdict(DecisionPolicy policy, double probability, bool unseen) =>
        probability >= policy.DeclineFrom ? DecisionVerdict.Decline
        : probability < policy.ApproveBelow && !(unseen && policy.ReferUnseen) ? DecisionVerdict.Approve
        : DecisionVerdict.Refer;

    /// <summary>The decision on a scored application.</summary>
    internal static Decision Decide(LoanApplication application, CreditScore score, CreditContract contract, string modelVersion, DateTimeOffset now) => new(
        Id(application, modelVersion),
        application.ApplicationId,
        application.Portfolio,
        Verdict(contract.Policy, score.Probability, score.Unseen.Count > 0),
        score.Points,
        score.Probability,
        score.Reasons,
        score.Unseen,
        modelVersion,
        contract.Version,
        now);

    private static string Id(LoanApplication application, string modelVersion)
    {
        // Without the content: its hash could be tried out by guesses long after the application was erased.
        var content = $"{application.Portfolio}/{application.ApplicationId}/{modelVersion}";
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content)))[..32];
    }
}
