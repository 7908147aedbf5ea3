using System.Globalization;

namespace Serverless.Serving.Credit;

/// <summary>What can be wrong with bins set by hand and with the rules that bins and columns are found by.</summary>
internal static class BinFaults
{
    /// <summary>Most bins set by hand.</summary>
    public const int MaxKept = 200;

    /// <summary>Every fault of a column's own bins, each with what to do.</summary>
    public static IEnumerable<string> Of(Column column)
    {
        var name = column.Name;
        if ((column.Cuts is not null || column.Groups is not null) && column.Role != ColumnRole.Input)
            yield return $"Column '{name}' has bins but is no input: remove 'cuts' and 'groups'.";
        if (column.Cuts is { } cuts)
        {
            if (column.Type == ColumnType.Category) yield return $"Column '{name}' is a category, so 'cuts' mean nothing: write 'groups' instead.";
            if (cuts.Count >= MaxKept) yield return string.Create(CultureInfo.InvariantCulture, $"Column '{name}' has {cuts.Count} cuts: write fewer than {MaxKept}.");
            if (cuts.Any(c => !double.IsFinite(c)) || cuts.Zip(cuts.Skip(1)).Any(c => !(c.First < c.Second)))
                yield return $"The 'cuts' of column '{name}' do not ascend: order them, each once.";
        }

        if (column.Groups is not { } groups) yield break;
        if (column.Type != ColumnType.Category) yield return $"Column '{name}' is no category, so 'groups' mean nothing: write 'cuts' instead.";
        if (groups.Count > MaxKept) yield return string.Create(CultureInfo.InvariantCulture, $"Column '{name}' has {groups.Count} groups: write at most {MaxKept}.");
        if (groups.Any(g => g.Count == 0)) yield return $"A group of column '{name}' is empty: remove it.";
        foreach (var value in groups.SelectMany(g => g).GroupBy(v => v, StringComparer.Ordinal).Where(g => g.Count() > 1))
            yield return $"The groups of column '{name}' list '{value.Key}' {value.Count()} times: keep one.";
        if (groups.SelectMany(g => g).Any(v => v.Length == 0 || v.AsSpan().Trim().Length != v.Length))
            yield return $"The groups of column '{name}' list a text that is empty or has blanks around it: remove them; empty is always missing.";
        foreach (var code in groups.SelectMany(g => g).Intersect([.. column.Missing, .. column.Special], StringComparer.Ordinal))
            yield return $"The groups of column '{name}' list '{code}', which is missing or special: it has a bin already, remove it from the groups.";
        if (column.Allowed is { } allowed)
        {
            foreach (var value in groups.SelectMany(g => g).Except(allowed, StringComparer.Ordinal))
                yield return $"The groups of column '{name}' list '{value}', which is not allowed: add it to 'allowed', or remove it.";
        }
    }
}
