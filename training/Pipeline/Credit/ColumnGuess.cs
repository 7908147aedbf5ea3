using System.Globalization;
using Serverless.Serving.Credit;

namespace Serverless.Training.Credit;

/// <summary>Decides from a column's profile and name what it is and what it is used for. Pure: each rule is a line of <see cref="Of"/>.</summary>
internal static class ColumnGuess
{
    /// <summary>The contract's column, with a note that explains every guess.</summary>
    public static Column Of(ColumnProfile profile)
    {
        var kind = ColumnKind.Of(profile);
        var column = new Column { Name = profile.Name, Type = kind.Type, Missing = kind.Missing, Special = kind.Special, Note = kind.Note };
        if (ColumnName.ProtectedPart(profile.Name) is { } part) return Protect(column, part);
        if (kind.Present.Rows == 0) return Ignore(column, "it has no value in any row");
        if (Commonest(profile, kind) is var (share, others) && others < Math.Max(3, profile.Rows / 1000.0))
            return Ignore(column, others == 0 ? "it has the same value in every row" : string.Create(CultureInfo.InvariantCulture, $"{share:P2} of the rows have the same value"));
        if (Leaks(profile, kind))
            return Ignore(column, "LEAK: it tells the outcome exactly, so it was written after the outcome was known. Change the role to 'input' only if it is known when a loan is applied for");
        if (profile.Unique && IsIdentifier(profile)) return column with { Role = ColumnRole.Id, Type = ColumnType.Category, Missing = [], Special = [], Note = "Identifies a row: every value is different." };
        if (kind.Unusable is { } why) return Ignore(column, why);
        if (ColumnName.IsIdentifier(profile.Name) && kind.Whole && kind.Many) return Ignore(column, "its name and its many different values say that it identifies something");
        return column with { Reason = Sentence(column), Note = Join(column.Note, ColumnName.IsArea(profile.Name) ? "A small area can stand in for race or origin: check that its use is lawful (ECOA, 12 CFR 1002.6)." : null) };
    }

    /// <summary>A column that is not used.</summary>
    public static Column Ignore(Column column, string why) => column with { Role = ColumnRole.Ignored, Reason = null, Note = Join($"Ignored: {why}.", column.Note) };

    /// <summary>What an applicant is told when this column cost points.</summary>
    internal static string Sentence(Column column)
    {
        var name = ColumnName.Spoken(column.Name);
        return column.Type switch
        {
            ColumnType.Number => $"The value given for '{name}' lies in a range in which loans were repaid less often.",
            ColumnType.Date => $"The date given for '{name}' lies in a period for which loans were repaid less often.",
            _ => $"The answer given for '{name}' belongs to a group in which loans were repaid less often.",
        };
    }

    private static Column Protect(Column column, string part) => column with
    {
        Role = ColumnRole.Protected,
        Note = Join(
            $"Protected: the name says '{part}', which may not decide on credit (ECOA and Regulation B, 12 CFR 1002.4 to 1002.6; EU equal-treatment law, Directives 2000/43/EC and 2004/113/EC). "
            + "If the name means something else, or the law allows its use here, change the role to 'input' and give a reason.",
            column.Note),
    };

    /// <summary>Share of the commonest value (missing counts as one), and rows that hold another one; null when there are too many values to tell.</summary>
    private static (double Share, int Others)? Commonest(ColumnProfile profile, ColumnKind kind)
    {
        if (profile.Numbers.Overflowed || profile.Texts.Overflowed) return null;
        var most = kind.Values.Select(v => v.Value.Rows).Append(profile.Rows - kind.Present.Rows).Max();
        return ((double)most / profile.Rows, profile.Rows - most);
    }

    /// <summary>Whether the column determines the target: by value, by being missing, or by lying on one side of a number.</summary>
    private static bool Leaks(ColumnProfile profile, ColumnKind kind)
    {
        var missing = kind.Absent;
        var present = kind.Present;
        if (Math.Min(missing.Good + present.Good, missing.Bad + present.Bad) < 5 || !OneClass(missing)) return false;
        if (OneClass(present) && missing.Rows > 0) return true;
        var tallies = kind.Values.ToList();
        if (!profile.Numbers.Overflowed && !profile.Texts.Overflowed && tallies.Count * 10 <= profile.Rows && tallies.All(v => OneClass(v.Value))) return missing.Good + missing.Bad == 0 || tallies.Count > 1;
        var (one, other) = (profile.Ranges[0], profile.Ranges[1]);
        return kind.Type == ColumnType.Number && kind.Special.Count == 0 && (one.Greatest < other.Least || other.Greatest < one.Least);
    }

    private static bool OneClass(Tally tally) => tally.Good == 0 || tally.Bad == 0;

    /// <summary>
    /// Whether a column whose values are all different identifies rows, rather than being an amount of which no two happen to be equal:
    /// texts without dates, and whole numbers that are in order, of one length, named as such, or so dense that amounts would have met
    /// (by the birthday bound, n² / 2 range meetings are expected by chance).
    /// </summary>
    private static bool IsIdentifier(ColumnProfile profile)
    {
        if (profile.Rows < 2 || profile.IsoDates + profile.OtherDates > 0) return false;
        if (profile.Numbers.All.Rows == 0) return !profile.Texts.Tallies.Keys.All(ColumnKind.IsAmount);
        if (profile.Whole < profile.Numbers.All.Rows) return false;
        if (profile.Texts.All.Rows > 0 || profile.Ascending || ColumnName.IsNumbering(profile.Name)) return true;
        var range = profile.Extremes.Greatest - profile.Extremes.Least + 1;
        return (profile.Width.Shortest == profile.Width.Longest && profile.Width.Longest >= 6) || (double)profile.Rows * profile.Rows / (2 * range) >= 10;
    }

    internal static string? Join(params string?[] notes) => notes.OfType<string>().ToList() is { Count: > 0 } said ? string.Join(' ', said) : null;
}
