using Serverless.Serving.Credit;
using Serverless.Serving.Decisions;

namespace Serverless.Training.Credit;

/// <summary>On how many rows each rule of a contract's policy beside its bands fires.</summary>
internal static class RuleCounts
{
    private static readonly PolicyValue Unknown = new(Operand.Missing, Missing: true);

    /// <summary>Counts, by kind and name as decisions tell them; what cannot be told of these rows is absent, such as a rule on a column whose values were not kept.</summary>
    /// <param name="rows">An export.</param>
    /// <param name="of">The rows to count.</param>
    /// <param name="card">The table that their probabilities come from.</param>
    /// <param name="probabilities">Probabilities of a bad loan of the rows.</param>
    /// <param name="outliers">Whether each row is unlike those trained on; empty where the model cannot tell.</param>
    public static IReadOnlyDictionary<(RuleKind Kind, string Name), int> Of(
        CreditRows rows, int[] of, Scorecard card, IReadOnlyList<double> probabilities, IReadOnlyList<bool> outliers)
    {
        var (rules, under) = (new PolicyRules(rows.Contract), new RowsUnder(rows, rows.Contract));
        var columns = rules.Readers.Select(r => under.Values(r.Column.Name, of)).ToArray();
        var unseen = Unseen(card, CreditEvaluation.Bins(card.Columns, rows, of));
        List<FiredRule> fired = [];
        var values = new PolicyValue[columns.Length];
        for (var i = 0; i < of.Length; i++)
        {
            for (var c = 0; c < values.Length; c++) values[c] = columns[c]?[i] ?? Unknown;
            DecisionRules.Verdict(rules, probabilities[i], unseen.Contains(i), outliers.Count > 0 && outliers[i], values, fired);
        }

        var counted = fired.CountBy(rule => (rule.Kind, rule.Name)).ToDictionary();
        return Told(rules, [.. rules.Readers.Where((_, c) => columns[c] is null).Select(r => r.Column.Name)], outliers.Count > 0).ToDictionary(rule => rule, counted.GetValueOrDefault);
    }

    private static IEnumerable<(RuleKind, string)> Told(PolicyRules rules, string[] lost, bool canTell)
    {
        (RuleKind, string)[] named = [.. rules.Policy.KnockOuts.Select(k => (RuleKind.KnockOut, k.Name)), .. rules.Policy.Limits.Select(l => (RuleKind.Limit, l.Name))];
        foreach (var (_, rule) in named.Index().ExceptBy(lost.SelectMany(rules.RulesOn), rule => rule.Index)) yield return rule;
        if (canTell) yield return (RuleKind.OutOfDistribution, "referOutOfDistribution");
        if (!rules.Policy.KeyColumns.Intersect(lost).Any()) yield return (RuleKind.MissingData, "keyColumns");
        yield return (RuleKind.Unseen, "referUnseen");
        yield return (RuleKind.CloseToCutOff, "closeToCutOff");
    }

    // Places of the rows with a category that training never saw.
    private static HashSet<int> Unseen(Scorecard card, long[] bins) =>
        [.. bins.Index().Where(b => b.Item == card.Columns[b.Index % card.Columns.Count].UnknownBin).Select(b => b.Index / card.Columns.Count)];
}
