using System.Globalization;
using Serverless.Serving.Cards;
using Serverless.Serving.Credit;
using Serverless.Serving.Decisions;
using Serverless.Training.Cards;

namespace Serverless.Training.Credit;

/// <summary>The part of a scorecard's card on the contract's decision policy: what it would have done with the holdout.</summary>
internal static class CreditCardPolicy
{
    public static void Write(CardPage page, CreditCardInput input)
    {
        var (policy, rules) = (input.Contract.Policy, new PolicyRules(input.Contract));
        var verdicts = input.Probability.Select(p => DecisionRules.Verdict(rules, p, unseen: false, outOfDistribution: false, [])).ToList();
        var (approve, decline) = (Percent(policy.ApproveBelow - policy.CloseToCutOff), Percent(policy.DeclineFrom + policy.CloseToCutOff));
        page.Heading("Decision policy")
            .Text("The contract decides by bands of the probability, and by the rules below them. The bands count the holdout by its probability alone.")
            .Table("Bands of the policy on the holdout", ["Decision", "Probability of bad", "#Rows", "#Share of rows", "#Went bad"],
            [
                Band("approve", $"below {approve}", DecisionVerdict.Approve),
                Band("refer to a person", $"{approve} to below {decline}", DecisionVerdict.Refer),
                Band("decline", $"from {decline}", DecisionVerdict.Decline),
            ])
            .Table("Rules beside the bands", ["Rule", "Fires", "#Rows of the holdout", "Decision", "Told to applicants"], Rules(policy).Select(r => (CardCell[])
            [
                r.Name, r.When, input.Fired.TryGetValue((r.Kind, r.Name), out var rows) ? CardParts.Count(rows) : "not counted", r.Decision, r.Reason,
            ]))
            .Text("A rule that reads a column which is no input is not counted, since its values were not kept. More than one rule can fire on a row.");

        CardCell[] Band(string decision, string band, DecisionVerdict verdict)
        {
            var rows = Enumerable.Range(0, input.Bad.Count).Where(i => verdicts[i] == verdict).ToList();
            var share = (double)rows.Count / input.Bad.Count;
            return [decision, band, CardParts.Count(rows.Count), CardCell.Filled(CardParts.Share(share), share), rows.Count == 0 ? "no rows" : CardParts.Share((double)rows.Count(i => input.Bad[i]) / rows.Count)];
        }
    }

    // In the order in which decisions list them.
    private static IEnumerable<(RuleKind Kind, string Name, string When, string Decision, string Reason)> Rules(DecisionPolicy policy)
    {
        foreach (var rule in policy.KnockOuts) yield return (RuleKind.KnockOut, rule.Name, rule.When, Word(rule.Decision), rule.Reason);
        foreach (var limit in policy.Limits)
        {
            var above = string.Create(CultureInfo.InvariantCulture, $"{limit.Column} above {limit.Maximum:#,0.##}");
            yield return (RuleKind.Limit, limit.Name, limit.From > 0 ? $"{above}, probability from {Percent(limit.From)}" : above, Word(limit.Decision), limit.Reason);
        }

        if (policy.ReferOutOfDistribution) yield return (RuleKind.OutOfDistribution, "referOutOfDistribution", "where the model can tell that the application is unlike those of the training", "refer; its score declines nobody", "");
        if (policy.KeyColumns.Count > 0) yield return (RuleKind.MissingData, "keyColumns", $"one of {string.Join(", ", policy.KeyColumns)} is missing", "refer; its score declines nobody", "");
        if (policy.ReferUnseen) yield return (RuleKind.Unseen, "referUnseen", "a category has a value that training never saw", "refer", "");
        if (policy.CloseToCutOff > 0) yield return (RuleKind.CloseToCutOff, "closeToCutOff", $"the probability is within {Percent(policy.CloseToCutOff)} of {Percent(policy.ApproveBelow)} or {Percent(policy.DeclineFrom)}", "refer", "");
    }

    private static string Word(RuleDecision decision) => decision == RuleDecision.Decline ? "decline" : "refer";

    /// <summary>The policy's bounds in points of the served scorecard.</summary>
    public static IReadOnlyList<(string Name, double Points)> Cuts(CreditCardInput input) =>
    [
        ("decline up to here", PointsAt(input, input.Contract.Policy.DeclineFrom)),
        ("approve from here", PointsAt(input, input.Contract.Policy.ApproveBelow)),
    ];

    private static double PointsAt(CreditCardInput input, double probability) =>
        (Math.Log(probability / (1 - probability)) - input.Scorecard.Intercept) / input.Scorecard.Slope;

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share:0.##} %");
}
