namespace Serverless.Serving.Credit;

/// <summary>What can be wrong with a contract's computed columns and rules.</summary>
internal static class ExpressionFaults
{
    /// <summary>Every fault, each with what to do.</summary>
    public static IEnumerable<string> Of(CreditContract contract)
    {
        var columns = contract.Columns.GroupBy(c => c.Name, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.First(), StringComparer.Ordinal);
        foreach (var column in contract.Columns.Where(c => c.Expression is not null))
        {
            if (OfUse(column) is { } misused) yield return misused;
            else if (Of(column.Expression!, columns, Readable, column.Type == ColumnType.Category ? ExpressionKind.Text : ExpressionKind.Number) is { } fault)
                yield return $"Column '{column.Name}' has an expression that cannot be used. {fault}";
        }

        foreach (var name in contract.Rules.GroupBy(r => r.Name, StringComparer.Ordinal).Where(g => g.Count() > 1).Select(g => g.Key))
            yield return $"Rule '{name}' is listed more than once: give each rule a name of its own.";
        if (contract.Rules.Any(r => r.Name.AsSpan().Trim().IsEmpty)) yield return "A rule has no name: write one, which the reports show.";
        foreach (var rule in contract.Rules)
        {
            if (Of(rule.Holds, columns, Computed, ExpressionKind.Truth) is { } fault) yield return $"Rule '{rule.Name}' cannot be used. {fault}";
        }
    }

    private static string? OfUse(Column column)
    {
        if (column.Role != ColumnRole.Input) return $"Column '{column.Name}' is computed, so its role must be input: set it, or remove 'expression'.";
        if (column.Type == ColumnType.Date) return $"Column '{column.Name}' is computed, which gives numbers and categories: set its type to one of them; days are numbers.";
        var read = (column.Minimum ?? column.Maximum) is not null || column.Allowed is not null || column.Missing.Count > 0 || column.Special.Count > 0;
        return read ? $"Column '{column.Name}' is computed, so 'minimum', 'maximum', 'allowed', 'missing' and 'special' say nothing: remove them, and set them on the columns that it is computed from." : null;
    }

    /// <summary>What is wrong with one expression; null when nothing is.</summary>
    /// <param name="text">The expression.</param>
    /// <param name="columns">The contract's columns.</param>
    /// <param name="refusal">Why a column may not be read; null when it may.</param>
    /// <param name="wanted">What it must give.</param>
    public static string? Of(string text, Dictionary<string, Column> columns, Func<Column, string?> refusal, ExpressionKind wanted)
    {
        if (Expression.Parse(text) is not Outcome<Expression>.Done { Value: var expression }) return ((Outcome<Expression>.Rejected)Expression.Parse(text)).Reasons[0];
        if (expression.Columns.Count == 0) return "It reads no column: name one or more, without quotes.";
        foreach (var name in expression.Columns)
        {
            if (!columns.TryGetValue(name, out var column)) return $"It reads '{name}', which is no column of the contract: correct the name, or list the column.";
            if (refusal(column) is { } fault) return fault;
        }

        return expression.KindOf(name => columns[name].Type) switch
        {
            Outcome<ExpressionKind>.Rejected rejected => rejected.Reasons[0],
            Outcome<ExpressionKind>.Done { Value: var kind } when kind != wanted => wanted switch
            {
                ExpressionKind.Truth => "It gives no condition: compare something, such as a <= b.",
                ExpressionKind.Text => "It gives no text, but the column is a category: give the column the type number, or join categories by &.",
                _ => "It gives no number, but the column is one: compute a number, or give the column the type category.",
            },
            _ => null,
        };
    }

    private static string? Readable(Column column) => Computed(column) ?? (column.Role is ColumnRole.Input or ColumnRole.Ignored
        ? null
        : $"It reads '{column.Name}', which has the role {column.Role.ToString().ToLowerInvariant()}: only columns with the role input or ignored can become inputs.");

    private static string? Computed(Column column) =>
        column.Expression is null ? null : $"It reads '{column.Name}', which is computed itself: write that column's expression in its place.";
}
