namespace Serverless.Serving.Credit;

/// <summary>What can be wrong with how a column can be changed.</summary>
internal static class ChangeFaults
{
    /// <summary>Every fault, each with what to do.</summary>
    public static IEnumerable<string> Of(Column column)
    {
        if (column.Change is not { } change) yield break;
        var name = column.Name;
        if (!column.Actionable) yield return $"Column '{name}' says how it changes but not that the applicant can change it: set 'actionable', or remove 'change'.";
        if (column.Expression is not null)
            yield return $"Column '{name}' is computed, so it changes with the columns that it is computed from: remove 'change', and set it on them.";
        else if (column.Role is not (ColumnRole.Input or ColumnRole.Ignored))
            yield return $"Column '{name}' has the role {column.Role.ToString().ToLowerInvariant()}, which no counterfactual changes: remove 'change'.";
        if (change.Step is { } step && !(step > 0 && step <= ColumnChange.MaxStep)) yield return $"Column '{name}' must change by a 'step' above 0 and up to 1e12, such as 100 for an amount of money.";
        if (column.Type == ColumnType.Category && (change.Step ?? change.Least ?? change.Most) is not null | change.Direction != ChangeDirection.Any)
            yield return $"Column '{name}' is a category, which changes to any value that is allowed and that training saw: remove 'step', 'least', 'most' and 'direction'.";
        if (column.Type == ColumnType.Date && (change.Least ?? change.Most) is not null)
            yield return $"Column '{name}' is a date, which has no 'least' and 'most': remove them, 'direction' says whether it can be earlier or later.";
        if (!double.IsFinite(change.Least ?? 0) || !double.IsFinite(change.Most ?? 0))
            yield return $"Column '{name}' can change to a least or greatest value beyond the range of numbers: correct it.";
        if (Math.Max(change.Least ?? double.NegativeInfinity, column.Minimum ?? double.NegativeInfinity) > Math.Min(change.Most ?? double.PositiveInfinity, column.Maximum ?? double.PositiveInfinity))
            yield return $"Column '{name}' can change to no value, since 'least' is above 'most' or both are outside of minimum and maximum: correct them.";
    }
}
