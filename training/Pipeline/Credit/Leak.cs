using System.Globalization;
using Serverless.Serving.Credit;

namespace Serverless.Training.Credit;

/// <summary>What speaks for it that a column was written after the outcome was known.</summary>
/// <param name="Ignore">Whether the figures leave so little doubt that the column is not used until a person says otherwise.</param>
/// <param name="Why">In sentences, with what to do.</param>
internal sealed record Leak(bool Ignore, string Why)
{
    private const string Ask = "Set the role to 'input' only if it is known when a loan is applied for.";
    private const double Hardly = 0.02;
    private const double Often = 0.2;

    /// <summary>Looks at one column; null when nothing does.</summary>
    /// <param name="profile">The column.</param>
    /// <param name="kind">What its values are.</param>
    /// <param name="sample">The rows whose numbers were kept.</param>
    /// <param name="suspect">Area under the ROC curve of the column alone from which on it is suspect.</param>
    public static Leak? Of(ColumnProfile profile, ColumnKind kind, OutcomeSample sample, double suspect)
    {
        if (IsExact(profile, kind))
            return new(true, "LEAK: it tells the outcome exactly, so it was written after the outcome was known. Change the role to 'input' only if it is known when a loan is applied for.");
        if (IsCopy(kind))
            return new(true, $"LEAK: where it has a value, it tells the outcome exactly, as a copy of the target would. {Ask}");
        if (SingleColumn.Auc(profile, kind, sample) is { } auc && auc >= suspect)
        {
            return new(true, string.Create(
                CultureInfo.InvariantCulture,
                $"LIKELY LEAK: it alone tells good from bad loans with an area under the ROC curve of {auc:F2} ({suspect:F2} and above is suspect), so it was probably written or changed after the outcome was known. {Ask}"));
        }

        if (OneClassHasIt(kind) is { } shares)
            return new(false, $"POSSIBLE LEAK: {shares}, as if it were written after the outcome. Set the role to 'ignored' unless it is known when a loan is applied for.");
        return ColumnName.AfterPart(profile.Name) is { } part
            ? new(false, $"POSSIBLE LEAK: the name says '{part}', which is usually known only after the outcome. Set the role to 'ignored' unless it is known when a loan is applied for.")
            : null;
    }

    /// <summary>Whether the column determines the target: by value, by being missing, or by lying on one side of a number.</summary>
    private static bool IsExact(ColumnProfile profile, ColumnKind kind)
    {
        var missing = kind.Absent;
        var present = kind.Present;
        if (Math.Min(missing.Good + present.Good, missing.Bad + present.Bad) < 5 || !OneClass(missing)) return false;
        if (OneClass(present) && missing.Rows > 0) return true;
        if (HasFewValues(kind, profile.Rows) && kind.Values.All(v => OneClass(v.Value))) return missing.Good + missing.Bad == 0 || kind.Values.Count > 1;
        var (one, other) = (profile.Ranges[0], profile.Ranges[1]);
        return kind.Type == ColumnType.Number && kind.Special.Count == 0 && (one.Greatest < other.Least || other.Greatest < one.Least);
    }

    private static bool IsCopy(ColumnKind kind) =>
        Math.Min(kind.Present.Good, kind.Present.Bad) >= 10 && HasFewValues(kind, kind.Present.Rows) && kind.Values.All(v => OneClass(v.Value));

    private static bool HasFewValues(ColumnKind kind, int rows) => kind.Values.Count * 10 <= rows && kind.Values.Sum(v => v.Value.Rows) == kind.Present.Rows;

    private static string? OneClassHasIt(ColumnKind kind)
    {
        var (present, absent) = (kind.Present, kind.Absent);
        if (Math.Min(present.Good + absent.Good, present.Bad + absent.Bad) < 50) return null;
        var (one, other) = (present.Good / (double)(present.Good + absent.Good), present.Bad / (double)(present.Bad + absent.Bad));
        return Math.Min(one, other) <= Hardly && Math.Max(one, other) >= Often
            ? string.Create(CultureInfo.InvariantCulture, $"{Math.Max(one, other):P0} of the loans of one outcome have a value and {Math.Min(one, other):P1} of those of the other")
            : null;
    }

    private static bool OneClass(Tally tally) => tally.Good == 0 || tally.Bad == 0;
}
