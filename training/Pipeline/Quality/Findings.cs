using System.Globalization;

namespace Serverless.Training.Quality;

/// <summary>What a person should look at in a drop's quality.</summary>
internal static class Findings
{
    private const double MostMissing = 0.95, ManyDuplicates = 0.01;

    /// <summary>Every finding, the gravest first; those of one gravity in the order of the report.</summary>
    public static IReadOnlyList<Finding> Of(DropQuality quality) =>
    [
        .. OfRows(quality).Concat(OfOutcomes(quality)).Concat(quality.Columns.SelectMany(Of)).Concat(quality.Rules.SelectMany(Of)).Concat(Of(quality.Texts))
            .OrderByDescending(f => f.Gravity),
    ];

    private static IEnumerable<Finding> OfRows(DropQuality q)
    {
        if (q.RowsInError > 0)
            yield return new(Gravity.Mend, $"{Count(q.RowsInError)} of {Count(q.Rows)} rows are in error and cannot be used; the first ones are listed.");
        if (q.RepeatedIds > 0) yield return new(Gravity.Mend, $"{Count(q.RepeatedIds)} rows repeat the id of an earlier row: drop each loan once.");
        if (q.DuplicateRows > ManyDuplicates * q.Rows)
            yield return new(Gravity.Watch, $"{Count(q.DuplicateRows)} rows ({Share(q.DuplicateRows, q.Rows)}) hold the same as an earlier one, apart from the id: see whether a loan was exported twice.");
        if (q.RowsImmature > 0)
            yield return new(Gravity.Note, string.Create(CultureInfo.InvariantCulture, $"{Count(q.RowsImmature)} rows ({Share(q.RowsImmature, q.Rows)}) are too young on {q.ObservedOn:yyyy-MM-dd} to have shown their outcome and were left out."));
        if (q.ColumnsOutsideContract > 0) yield return new(Gravity.Note, $"{Count(q.ColumnsOutsideContract)} columns of the file are not in the contract and were not read.");
        if (q.ComparedWith is null) yield return new(Gravity.Note, "Nothing was compared with the champion's data: there is no champion, or it was stored by a program that kept no profile.");
    }

    private static IEnumerable<Finding> OfOutcomes(DropQuality q)
    {
        if (q.OutcomeDrift is { Drifted: true } drift)
            yield return new(Gravity.Mend, string.Create(CultureInfo.InvariantCulture, $"The share of bad outcomes moves from {100 * drift.Earlier.Rate:0.0} % to {100 * drift.Later.Rate:0.0} % in the last fifth of the rows, from {drift.From:yyyy-MM-dd} on: see whether these loans are old enough to have shown their outcome, and what changed."));
    }

    private static IEnumerable<Finding> Of(ColumnQuality c)
    {
        if (c.Malformed > 0) yield return new(c.Role == "ignored" ? Gravity.Note : Gravity.Mend, $"{Count(c.Malformed)} fields are no {c.Type}.", c.Name);
        if (c.OutOfRange > 0) yield return new(c.Role == "ignored" ? Gravity.Note : Gravity.Mend, $"{Count(c.OutOfRange)} numbers lie outside the contract's range.", c.Name);
        if (c.NotAllowed > 0) yield return new(c.Role == "ignored" ? Gravity.Note : Gravity.Mend, $"{Count(c.NotAllowed)} values are not among those that the contract allows.", c.Name);
        if (c.Role is "id" or "protected") yield break;
        if (c.Role == "input" && c.Rows > 0 && c.Missing >= MostMissing * c.Rows) yield return new(Gravity.Watch, $"{Share(c.Missing, c.Rows)} of the fields are empty: see whether the export still fills it.", c.Name);
        else if (c.Role == "input" && c.Distinct == 1 && c.Special.Count == 0 && c.Missing == 0) yield return new(Gravity.Note, "Every row holds the same value, which tells a model nothing.", c.Name);
        if (Moved(c.AgainstChampion, c, "the champion's data") is { } against) yield return against;
        if (Moved(c.WithinDrop, c, "the earlier rows of the drop, in the last fifth by date") is { } within) yield return within;
    }

    // A column that no model reads cannot harm one, and the outcome has a finding of its own.
    private static Finding? Moved(Movement? movement, ColumnQuality column, string from) => movement is not { Band: not Drift.Stable } || column.Role == "target" ? null : new(
        column.Role == "ignored" ? Gravity.Note : movement.Band == Drift.Drifted ? Gravity.Mend : Gravity.Watch,
        string.Create(CultureInfo.InvariantCulture, $"It {(movement.Band == Drift.Drifted ? "has drifted" : "moves")} against {from}: PSI {movement.Psi:0.00}."),
        column.Name);

    private static IEnumerable<Finding> Of(RuleQuality rule)
    {
        if (rule.Broken > 0) yield return new(rule.Refuses ? Gravity.Mend : Gravity.Watch, $"{Count(rule.Broken)} rows break the rule '{rule.Name}'{(rule.Refuses ? " and are in error" : "")}.");
        if (rule.Unread.Count > 0) yield return new(Gravity.Watch, $"The rule '{rule.Name}' was not checked: the file lacks {string.Join(", ", rule.Unread.Select(c => $"'{c}'"))}.");
    }

    private static IEnumerable<Finding> Of(TextQuality? t)
    {
        if (t is null) yield break;
        if (t.Contradictions > 0) yield return new(Gravity.Mend, $"{Count(t.Contradictions)} rows repeat an earlier text under another label: decide for one, since a model can learn neither.");
        if (t.Duplicates > 0) yield return new(Gravity.Watch, $"{Count(t.Duplicates)} rows repeat an earlier text under the same label: they make it look more certain than it is.");
        if (t.OtherLabels > 0) yield return new(Gravity.Note, $"{Count(t.OtherLabels)} rows carry labels of fewer than ten rows each: see whether they are spelled as the others.");
        if (t.AgainstChampion is { Band: not Drift.Stable } moved)
            yield return new(moved.Band == Drift.Drifted ? Gravity.Mend : Gravity.Watch, string.Create(CultureInfo.InvariantCulture, $"The labels {(moved.Band == Drift.Drifted ? "have drifted" : "move")} against the champion's data: PSI {moved.Psi:0.00}."));
    }

    private static string Count(int count) => count.ToString("N0", CultureInfo.InvariantCulture);

    private static string Share(int part, int all) => string.Create(CultureInfo.InvariantCulture, $"{100.0 * part / Math.Max(1, all):0.0} %");
}
