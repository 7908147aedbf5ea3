using Serverless.Serving.Documents;

namespace Serverless.Serving.Credit;

/// <summary>What can be wrong with the rules by which papers are compared.</summary>
internal static class DocumentRuleFaults
{
    /// <summary>Every fault, each with what to do.</summary>
    public static IEnumerable<string> Of(CreditContract contract)
    {
        foreach (var (place, rule) in (contract.Documents ?? []).Index())
        {
            if (rule is null)
            {
                yield return "'documents' lists null: write a rule or remove it.";
                continue;
            }

            foreach (var fault in MemberFaults.Of(rule, $"documents[{place}].")) yield return fault;
            if (contract.Columns.Any(c => c.Name == rule.Field && c.Role == ColumnRole.Protected))
                yield return $"'documents[{place}].field' names '{rule.Field}', a protected attribute: a decision must not depend on it. Remove the rule.";
            if (rule.Times != 1 && rule.Reads != KeyFieldName.Total)
                yield return $"'documents[{place}].times' multiplies an amount, and '{rule.Field}' is compared with none: leave it out.";
        }

        foreach (var twice in (contract.Documents ?? []).Where(r => r is not null).GroupBy(r => (r.Field, r.Reads, r.Kind)).Where(g => g.Count() > 1))
            yield return $"'documents' compares '{twice.Key.Field}' with the same of the same paper {twice.Count()} times: keep one.";
    }
}
