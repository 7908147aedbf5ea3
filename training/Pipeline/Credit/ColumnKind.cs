using System.Buffers;
using Serverless.Serving.Credit;

namespace Serverless.Training.Credit;

/// <summary>What a column's values are, and which of its texts are no values: decided from its profile.</summary>
internal sealed record ColumnKind
{
    /// <summary>Number, category or date.</summary>
    public required ColumnType Type { get; init; }

    /// <summary>Texts that mean missing.</summary>
    public IReadOnlyList<string> Missing { get; init; } = [];

    /// <summary>Texts with a meaning of their own.</summary>
    public IReadOnlyList<string> Special { get; init; } = [];

    /// <summary>Rows with a value.</summary>
    public required Tally Present { get; init; }

    /// <summary>Rows without one.</summary>
    public required Tally Absent { get; init; }

    /// <summary>Rows of each value that was kept.</summary>
    public required IReadOnlyList<KeyValuePair<string, Tally>> Values { get; init; }

    /// <summary>Whether the values are whole numbers or texts.</summary>
    public bool Whole { get; init; }

    /// <summary>Whether there are more different values than a bin can tell apart.</summary>
    public bool Many { get; init; }

    /// <summary>Why no model can use it, if so.</summary>
    public string? Unusable { get; init; }

    /// <summary>What was guessed.</summary>
    public string? Note { get; init; }

    /// <summary>Texts beside numbers or dates up to this share, and this many different ones, do not make a column one of texts.</summary>
    private const double OddShare = 0.05;

    private const int OddTexts = 20;

    private static readonly SearchValues<char> AmountSigns = SearchValues.Create(",.%$€£¥");

    /// <summary>Decides.</summary>
    public static ColumnKind Of(ColumnProfile profile)
    {
        var numbers = profile.Numbers.All.Rows;
        var odd = profile.Texts.Tallies.Where(t => !MissingCode.IsAmongNumbers(t.Key)).ToList();
        var oddRows = odd.Sum(t => t.Value.Rows);
        var few = !profile.Texts.Overflowed && odd.Count <= OddTexts;
        var mostlyNumbers = oddRows <= OddShare * (numbers + oddRows) || (odd.Count <= 3 && profile.Numbers.Tallies.Count >= 20 && oddRows <= numbers);
        if (numbers > 0 && few && mostlyNumbers) return Numbers(profile, odd);
        if (profile.IsoDates > 0 && profile.IsoDates >= 0.99 * (numbers + profile.Texts.All.Rows - Coded(profile).Rows)) return Dates(profile);
        return Texts(profile);
    }

    private static ColumnKind Numbers(ColumnProfile profile, List<KeyValuePair<string, Tally>> odd)
    {
        var whole = profile.Whole == profile.Numbers.All.Rows;
        var distinct = profile.Numbers.Tallies.Count;
        if (odd.Count == 0 && whole && profile.LeadingZeros >= 0.05 * profile.Numbers.All.Rows)
            return Texts(profile) with { Note = "Whole numbers with leading zeros are codes, so the column is a category." };
        if (odd.Count == 0 && whole && ColumnName.IsCode(profile.Name) && distinct <= 100)
            return Texts(profile) with { Note = "The name says that its numbers are codes, so the column is a category." };
        var sentinels = profile.Extremes.Sentinels(profile.Numbers.All.Rows);
        var texts = odd.Where(t => t.Value.Rows > 1).Select(t => t.Key).Order(StringComparer.Ordinal).ToList();
        var missing = profile.Texts.Tallies.Keys.Except(texts, StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        var kind = Split(profile, missing);
        return kind with
        {
            Type = ColumnType.Number,
            Special = [.. texts, .. sentinels],
            Whole = whole,
            Note = ColumnGuess.Join(
                sentinels.Count > 0 ? $"Special codes, far from all other values: {string.Join(", ", sentinels)}; remove them from 'special' if they are quantities." : null,
                texts.Count > 0 ? "Repeated texts among the numbers have bins of their own ('special')." : null,
                odd.Count > texts.Count ? "Single odd texts among the numbers count as missing." : null),
        };
    }

    private static ColumnKind Dates(ColumnProfile profile)
    {
        var odd = profile.Texts.Tallies.Keys.Where(t => double.IsNaN(profile.Days(t))).ToList();
        return Split(profile, odd) with { Type = ColumnType.Date, Note = "Counts as days up to the row's date; as days from 1970-01-01 when the contract has no column with the role 'date'." };
    }

    private static ColumnKind Texts(ColumnProfile profile)
    {
        var kind = Split(profile, [.. profile.Texts.Tallies.Keys.Where(MissingCode.IsAmongTexts).Order(StringComparer.Ordinal)]) with { Whole = true };
        var overflowed = profile.Texts.Overflowed || profile.Numbers.Overflowed;
        var many = overflowed || kind.Values.Count > ColumnProfile.MaxDistinct || (kind.Values.Count > 20 && kind.Values.Count > kind.Present.Rows / 2);
        return kind with
        {
            Many = many,
            Unusable = profile.OtherDates >= 0.95 * kind.Present.Rows && profile.OtherDates > 0 ? "its dates are not in ISO 8601; write them as 2026-11-23 to use them"
                : !many ? null
                : kind.Values.Count(v => IsAmount(v.Key)) >= 0.95 * kind.Values.Count ? "its numbers are written with units, signs or separators; write them as 1234.5 to use them"
                : "too many different texts to learn from",
        };
    }

    /// <summary>The profile's rows with and without a value, when these texts mean missing.</summary>
    private static ColumnKind Split(ColumnProfile profile, IReadOnlyList<string> missing)
    {
        var absent = missing.Aggregate(profile.Empty, (sum, text) => sum + profile.Texts.Tallies[text]);
        var all = profile.Empty + profile.Numbers.All + profile.Texts.All;
        return new ColumnKind
        {
            Type = ColumnType.Category,
            Missing = missing,
            Absent = absent,
            Present = new Tally(all.Rows - absent.Rows, all.Good - absent.Good, all.Bad - absent.Bad),
            Values = [.. profile.Numbers.Tallies, .. profile.Texts.Tallies.Where(t => !missing.Contains(t.Key))],
            Many = profile.Numbers.Overflowed || profile.Numbers.Tallies.Count > (profile.Rows - absent.Rows) / 2,
        };
    }

    private static Tally Coded(ColumnProfile profile) =>
        profile.Texts.Tallies.Where(t => MissingCode.IsAmongNumbers(t.Key)).Aggregate(default(Tally), (sum, t) => sum + t.Value);

    /// <summary>Whether a text is an amount with a sign, unit or thousands separator.</summary>
    public static bool IsAmount(string text) =>
        text.AsSpan().ContainsAny(AmountSigns) && text.Count(char.IsDigit) * 2 >= text.Length && text.Count(char.IsLetter) <= 3;
}
