namespace Serverless.Serving.Credit;

/// <summary>What can be wrong with a contract's decision policy.</summary>
internal static class PolicyFaults
{
    /// <summary>Nulls in its lists, which the serialiser lets through.</summary>
    public static IEnumerable<string> Nulls(DecisionPolicy policy)
    {
        if (policy.KnockOuts.Any(rule => rule is null)) yield return "'policy.knockOuts' lists null: write a rule or remove it.";
        if (policy.Limits.Any(limit => limit is null)) yield return "'policy.limits' lists null: write a limit or remove it.";
        if (policy.KeyColumns.Any(name => name is null)) yield return "'policy.keyColumns' lists null: write names of columns.";
    }

    /// <summary>Every fault, each with what to do.</summary>
    public static IEnumerable<string> Of(CreditContract contract)
    {
        var policy = contract.Policy;
        if (policy.ApproveBelow > policy.DeclineFrom)
            yield return "'policy' must have 0 < approveBelow <= declineFrom <= 1: applications between the two are referred.";
        var columns = contract.Columns.GroupBy(c => c.Name, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.First(), StringComparer.Ordinal);
        foreach (var name in policy.KeyColumns.GroupBy(n => n, StringComparer.Ordinal).Where(g => g.Count() > 1)) yield return $"'policy.keyColumns' names '{name.Key}' {name.Count()} times: keep one.";
        foreach (var name in policy.KeyColumns.Distinct(StringComparer.Ordinal))
        {
            if (OfColumn(name, columns) is { } fault) yield return $"'policy.keyColumns' cannot be used. {fault}";
        }

        List<(string Name, string Reason)> named = [.. policy.KnockOuts.Select(r => (r.Name, r.Reason)), .. policy.Limits.Select(l => (l.Name, l.Reason))];
        if (named.Any(r => r.Name.AsSpan().Trim().IsEmpty)) yield return "A knock-out rule or limit of 'policy' has no name: write one, which decisions show.";
        foreach (var name in named.GroupBy(r => r.Name, StringComparer.Ordinal).Where(g => g.Count() > 1)) yield return $"'policy' has {name.Count()} rules named '{name.Key}': give each a name of its own.";
        foreach (var (name, reason) in named.Where(r => !Names.Reason.Allows(r.Reason))) yield return $"Rule '{name}' of 'policy' has no sentence for applicants: write 'reason' with {Names.Reason.Form}.";
        foreach (var rule in policy.KnockOuts)
        {
            if (ExpressionFaults.Of(rule.When, columns, Readable, ExpressionKind.Truth) is { } fault) yield return $"Knock-out rule '{rule.Name}' cannot be used. {fault}";
        }

        foreach (var (place, limit) in policy.Limits.Index())
        {
            foreach (var fault in MemberFaults.Of(limit, $"policy.limits[{place}].")) yield return fault;
            if (OfColumn(limit.Column, columns) is { } wrong) yield return $"Limit '{limit.Name}' cannot be used. {wrong}";
            else if (columns[limit.Column].Type != ColumnType.Number) yield return $"Limit '{limit.Name}' cannot be used. Column '{limit.Column}' is no number: name the column that holds the amount.";
        }
    }

    private static string? OfColumn(string name, Dictionary<string, Column> columns) =>
        !columns.TryGetValue(name, out var column) ? $"It reads '{name}', which is no column of the contract: correct the name, or list the column." : Readable(column);

    private static string? Readable(Column column) => column switch
    {
        { Expression: not null } => $"It reads '{column.Name}', which is computed itself: use the columns that it is computed from.",
        { Role: ColumnRole.Protected } => $"It reads '{column.Name}', a protected attribute, which may decide nothing: take it out of the rule.",
        { Role: ColumnRole.Target or ColumnRole.Id } => $"It reads '{column.Name}', which has the role {column.Role.ToString().ToLowerInvariant()}: use columns that an application holds.",
        _ => null,
    };
}
