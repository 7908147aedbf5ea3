using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Serverless.Serving.Credit;
using Serverless.Serving.Documents;

namespace Serverless.Serving.Decisions;

/// <summary>
/// The decision as a pure function of score and policy. All rules are looked at and all that fire are told, in the order of <see cref="RuleKind"/>;
/// of what they ask for, decline comes before refer, and where nothing fires the application is approved. A score that is not to be relied on,
/// because the application is unlike those of the training or lacks key data, declines nobody, neither by its band nor by a limit that depends
/// on it: a person decides, unless a rule that does not ask for the score declines. A score close to a bound does not decline by its band either.
/// </summary>
public static class DecisionRules
{
    private static readonly FiredRule OutOfDistribution = Refers(
        RuleKind.OutOfDistribution, "referOutOfDistribution", "The application is unlike those that the model was trained on, so its score is not relied on.");

    private static readonly FiredRule Unseen = Refers(RuleKind.Unseen, "referUnseen", "The application has a value that the model was not trained on.");
    private static readonly FiredRule Close = Refers(RuleKind.CloseToCutOff, "closeToCutOff", "The probability of a bad loan is close to a bound of the policy.");
    private static readonly FiredRule Contradicted = Refers(RuleKind.Documents, "documents", "A document says otherwise than the application.");
    private static readonly FiredRule Between = Refers(RuleKind.Score, "approveBelow", "The probability of a bad loan lies in the band that a person decides on.");
    private static readonly FiredRule Declined = new(RuleKind.Score, "declineFrom", RuleDecision.Decline, "The probability of a bad loan lies in the band that is declined.");

    /// <summary>What a policy says of an application.</summary>
    /// <param name="rules">The policy.</param>
    /// <param name="probability">Probability of a bad loan, 0 to 1; one that is no number is referred.</param>
    /// <param name="unseen">Whether the application has a value that training never saw.</param>
    /// <param name="outOfDistribution">Whether it is unlike those of the training.</param>
    /// <param name="values">What it holds in each of <see cref="PolicyRules.Readers"/>; empty to judge the score alone, whatever the columns hold.</param>
    /// <param name="fired">Gets the rules that fired; null where nobody asks.</param>
    public static DecisionVerdict Verdict(
        PolicyRules rules, double probability, bool unseen, bool outOfDistribution, ReadOnlySpan<PolicyValue> values, ICollection<FiredRule>? fired = null)
    {
        var (policy, verdict) = (rules.Policy, DecisionVerdict.Approve);
        var strange = outOfDistribution && policy.ReferOutOfDistribution;
        var lacking = !values.IsEmpty && rules.Lacks(values);
        var close = Math.Abs(probability - policy.ApproveBelow) < policy.CloseToCutOff || Math.Abs(probability - policy.DeclineFrom) < policy.CloseToCutOff;
        foreach (var rule in values.IsEmpty ? [] : rules.KnockOuts)
        {
            if (rule.Fires(values)) Fire(new(RuleKind.KnockOut, rule.Stated.Name, rule.Stated.Decision, rule.Stated.Reason), ref verdict, fired);
        }

        foreach (var (limit, place) in values.IsEmpty ? [] : rules.Limits)
        {
            if (probability < limit.From || !Exceeds(values[place].Operand.Number, limit.Maximum)) continue;
            var decision = limit.From > 0 && (strange || lacking) ? RuleDecision.Refer : limit.Decision;
            Fire(new(RuleKind.Limit, limit.Name, decision, limit.Reason), ref verdict, fired);
        }

        if (strange) Fire(OutOfDistribution, ref verdict, fired);
        if (lacking) Fire(Refers(RuleKind.MissingData, "keyColumns", rules.Lacking(values)), ref verdict, fired);
        if (unseen && policy.ReferUnseen) Fire(Unseen, ref verdict, fired);
        if (close) Fire(Close, ref verdict, fired);
        if (probability >= policy.DeclineFrom)
        {
            if (!strange && !lacking && !close) Fire(Declined, ref verdict, fired);
        }
        else if (!(probability < policy.ApproveBelow)) Fire(Between, ref verdict, fired);

        return verdict;
    }

    /// <summary>What speaks against the approval of an application with these fields, in sentences: the rules that fire, or what is wrong with the fields; nothing where it is approved.</summary>
    public static IReadOnlyList<string> Objections(CreditScorer model, IReadOnlyDictionary<string, JsonElement> fields)
    {
        var read = model.Read(fields);
        if (read is not Outcome<BinnedApplication>.Done { Value: var application }) return ((Outcome<BinnedApplication>.Rejected)read).Reasons;
        List<FiredRule> fired = [];
        Verdict(model, application, model.Unexplained(application), fired);
        return [.. fired.Select(rule => rule.Reason)];
    }

    private static DecisionVerdict Verdict(CreditScorer model, BinnedApplication read, CreditScore score, List<FiredRule> fired) =>
        Verdict(model.Policy, score.Probability, score.Unseen.Count > 0, score.OutOfDistribution == true, read.PolicyValues, fired);

    /// <summary>The decision on an application by a model and its contract's policy; rejected with every field that is wrong.</summary>
    internal static Outcome<Decision> Decide(LoanApplication application, CreditScorer model, DateTimeOffset now) => model.Read(application.Fields).Then<Decision>(read =>
    {
        var score = model.Score(read);
        List<FiredRule> fired = [];
        var verdict = Verdict(model, read, score, fired);
        var version = model.Bundle.Version;
        return new Decision(
            Id(application, version), application.ApplicationId, application.Portfolio, verdict, score.Points, score.Probability, score.Reasons, score.Unseen, version, model.Contract.Version, now)
        {
            Rules = fired,
        };
    });

    /// <summary>The decision where papers contradict the application: a person decides, unless it was declined anyway.</summary>
    internal static Decision WithDocuments(Decision decision, IReadOnlyList<Contradiction>? contradictions)
    {
        if (contradictions is not { Count: > 0 }) return decision;
        var rules = decision.Rules ?? [];
        return decision with
        {
            Verdict = decision.Verdict == DecisionVerdict.Approve ? DecisionVerdict.Refer : decision.Verdict,
            Rules = [.. rules.TakeWhile(r => r.Kind <= RuleKind.Documents), Contradicted, .. rules.SkipWhile(r => r.Kind <= RuleKind.Documents)],
        };
    }

    private static void Fire(FiredRule rule, ref DecisionVerdict verdict, ICollection<FiredRule>? fired)
    {
        fired?.Add(rule);
        if (verdict < DecisionVerdict.Decline) verdict = rule.Decision == RuleDecision.Decline ? DecisionVerdict.Decline : DecisionVerdict.Refer;
    }

    private static FiredRule Refers(RuleKind kind, string name, string reason) => new(kind, name, RuleDecision.Refer, reason);

    // To decimals, so that an amount written as 10000.10 is not above a maximum written the same.
    private static bool Exceeds(double amount, decimal maximum) => amount > 1e15 || (amount >= -1e15 && (decimal)amount > maximum);

    private static string Id(LoanApplication application, string modelVersion)
    {
        // Without the content: its hash could be tried out by guesses long after the application was erased.
        var content = $"{application.Portfolio}/{application.ApplicationId}/{modelVersion}";
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content)))[..32];
    }
}
