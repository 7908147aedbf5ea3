using System.Globalization;
using Serverless.Serving.Credit;

namespace Serverless.Training.Credit;

/// <summary>Decides from a column's profile and name what it is and what it is used for. Pure: each rule is a line of <see cref="Of"/>.</summary>
internal static class ColumnGuess
{
    private const string Area = "A small area can stand in for race or origin: check that its use is lawful (ECOA, 12 CFR 1002.6).";

    /// <summary>The contract's column, with a note that explains every guess, and with what its owner should look at before the contract is used.</summary>
    /// <param name="profile">What the rows show.</param>
    /// <param name="sample">The rows whose numbers were kept.</param>
    /// <param name="suspect">Area under the ROC curve of the column alone from which on it is suspect.</param>
    public static (Column Column, string? Warning) Of(ColumnProfile profile, OutcomeSample sample, double suspect)
    {
        var kind = ColumnKind.Of(profile);
        var column = new Column { Name = profile.Name, Type = kind.Type, Missing = kind.Missing, Special = kind.Special, Note = kind.Note };
        if (ColumnName.ProtectedPart(profile.Name) is { } part) return (Protect(column, part), $"Protected: the name says '{part}', so it is no input.");
        if (Useless(profile, kind) is { } useless) return (Ignore(column, useless), null);
        var leak = Leak.Of(profile, kind, sample, suspect);
        if (leak is { Ignore: true }) return (column with { Role = ColumnRole.Ignored, Note = Join(leak.Why, column.Note) }, leak.Why);
        if (profile.Unique && IsIdentifier(profile)) return (column with { Role = ColumnRole.Id, Type = ColumnType.Category, Missing = [], Special = [], Note = "Identifies a row: every value is different." }, null);
        if (kind.Unusable is { } why) return (Ignore(column, why), null);
        if (ColumnName.IsIdentifier(profile.Name) && kind.Whole && kind.Many) return (Ignore(column, "its name and its many different values say that it identifies something"), null);
        var area = ColumnName.IsArea(profile.Name) ? Area : null;
        return (column with { Reason = Sentence(column), Note = Join(leak?.Why, column.Note, area) }, Join(leak?.Why, area));
    }

    private static string? Useless(ColumnProfile profile, ColumnKind kind)
    {
        if (kind.Present.Rows == 0) return "it has no value in any row";
        if (Commonest(profile, kind) is not var (share, others) || others >= Math.Max(3, profile.Rows / 1000.0)) return null;
        return others == 0 ? "it has the same value in every row" : string.Create(CultureInfo.InvariantCulture, $"{share:P2} of the rows have the same value");
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
