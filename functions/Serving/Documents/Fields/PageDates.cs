using System.Globalization;
using System.Text.RegularExpressions;

namespace Serverless.Serving.Documents;

/// <summary>A date in a line.</summary>
/// <param name="Line">The line.</param>
/// <param name="Start">Its first character.</param>
/// <param name="Length">How many.</param>
/// <param name="Day">Which day.</param>
/// <param name="Form">How it is written.</param>
internal sealed record FoundDate(PageLine Line, int Start, int Length, DateOnly Day, DateForm Form);

/// <summary>How a date is written.</summary>
internal enum DateForm
{
    /// <summary>In numbers with four digits of the year.</summary>
    Numbers,

    /// <summary>In numbers with two digits of the year.</summary>
    Short,

    /// <summary>With the month's name.</summary>
    Name,

    /// <summary>Eight digits together.</summary>
    Digits,
}

/// <summary>
/// The dates of a page. Where day and month could be either, the page decides: a dot means day first; so does any date with a first number over 12,
/// as a second one over 12 means month first, and a day of the week that fits one of both says which; else dollars and an American postcode mean month first, and everything else day first.
/// </summary>
internal sealed partial class PageDates
{
    private static readonly string[] Months = ["jan|januar|enero|gennaio|janvier", "feb|fev|februar|febrero|fevrier", "mar|marz|maerz|mac|mrz|mrt|marzo|maart", "apr|avr|abr|avril|abril", "may|mai|mei|mayo|maggio|mag", "jun|juin|giu|junio", "jul|juil|lug|julio|juli", "aug|ago|agu|aout|ogos|agosto", "sep|set|sept", "oct|okt|ott|oktober", "nov", "dec|dez|dic|des|dezember"];
    private static readonly string[] Weekdays = ["sun|ahad|sonntag", "mon|isnin|montag", "tue|selasa|dienstag", "wed|rabu|mittwoch", "thu|khamis|donnerstag", "fri|jumaat|freitag", "sat|sabtu|samstag"];
    private const int MostBetween = 2;
    private readonly List<FoundDate>[] _byLine;

    /// <summary>Finds them.</summary>
    public PageDates(PageLayout page)
    {
        var numbers = page.Lines.SelectMany(l => Numeric().Matches(l.Digits).Select(m => (Line: l, Match: m))).ToList();
        DayFirst = IsDayFirst(page, numbers);
        List<FoundDate> all = [];
        foreach (var (line, match) in numbers)
        {
            if (Day(match) is { } day) all.Add(new(line, match.Index, match.Length, day, match.Groups["c"].Length == 4 || match.Groups["a"].Length == 4 ? DateForm.Numbers : DateForm.Short));
        }

        foreach (var line in page.Lines)
        {
            foreach (var match in Named().Matches(line.Text).Concat(NamedFirst().Matches(line.Text)))
            {
                if (NamedDay(match) is { } day && !all.Any(d => d.Line == line && Overlaps(d, match))) all.Add(new(line, match.Index, match.Length, day, DateForm.Name));
            }

            foreach (Match match in Together().Matches(line.Digits))
            {
                if (TogetherDay(match.Value) is { } day && !all.Any(d => d.Line == line && Overlaps(d, match))) all.Add(new(line, match.Index, match.Length, day, DateForm.Digits));
            }
        }

        All = [.. all.OrderBy(d => d.Line.Index).ThenBy(d => d.Start)];
        _byLine = new List<FoundDate>[page.Lines.Count];
        foreach (var date in All) (_byLine[date.Line.Index] ??= []).Add(date);
    }

    /// <summary>All, by line.</summary>
    public IReadOnlyList<FoundDate> All { get; }

    /// <summary>Whether 03/04 is the third of April.</summary>
    public bool DayFirst { get; }

    /// <summary>Those of a line.</summary>
    public IReadOnlyList<FoundDate> In(PageLine line) => _byLine[line.Index] ?? (IReadOnlyList<FoundDate>)[];

    private static bool Overlaps(FoundDate date, Match match) => match.Index < date.Start + date.Length && date.Start < match.Index + match.Length;

    private static bool IsDayFirst(PageLayout page, IEnumerable<(PageLine Line, Match Match)> numbers)
    {
        var (day, month) = (0, 0);
        foreach (var (line, match) in numbers)
        {
            if (match.Groups["a"].Length > 2) continue;
            var (first, second) = (Number(match, "a"), Number(match, "b"));
            if (WeekdayBeside(line.Text, match) is { } weekday && match.Groups["c"].Length is 2 or 4)
            {
                var year = match.Groups["c"].Length == 4 ? Number(match, "c") : Century(Number(match, "c"));
                var (early, late) = (Of(year, second, first)?.DayOfWeek == weekday, Of(year, first, second)?.DayOfWeek == weekday);
                if (early != late) (day, month) = early ? (day + 1, month) : (day, month + 1);
            }

            if (match.Groups["s"].Value == "." || first is > 12 and <= 31) day++;
            if (second is > 12 and <= 31 && first <= 12) month++;
        }

        if (day != month) return day > month;
        var dollars = page.Lines.Any(l => l.Text.Contains('$', StringComparison.Ordinal) || l.Text.Contains("USD", StringComparison.Ordinal));
        return !page.Lines.Any(l => American().IsMatch(l.Text) || (dollars && AmericanPhone().IsMatch(l.Text)));
    }

    private static DayOfWeek? WeekdayBeside(string text, Match date)
    {
        int Apart(Match day) => day.Index < date.Index ? date.Index - day.Index - day.Length : day.Index - date.Index - date.Length;
        if (Weekday().Matches(text).MinBy(Apart) is not { } nearest || Apart(nearest) > MostBetween) return null;
        return (DayOfWeek)Array.FindIndex(Weekdays, w => w.Split('|').Contains(nearest.Groups["w"].Value, StringComparer.OrdinalIgnoreCase));
    }

    private DateOnly? Day(Match match)
    {
        var (a, b, c) = (Number(match, "a"), Number(match, "b"), Number(match, "c"));
        if (match.Groups["a"].Length == 4) return match.Groups["c"].Length <= 2 ? Of(a, b, c) : null;
        if (match.Groups["c"].Length is not (2 or 4)) return null;
        var year = match.Groups["c"].Length == 4 ? c : Century(c);
        if (match.Groups["s"].Value == ".") return Of(year, b, a);
        return DayFirst ? Of(year, b, a) ?? Of(year, a, b) : Of(year, a, b) ?? Of(year, b, a);
    }

    private static DateOnly? NamedDay(Match match)
    {
        var name = string.Concat(match.Groups["m"].Value.Select(c => c switch { '0' => 'o', '1' => 'l', _ => char.ToLowerInvariant(LatinText.Bare(c)) }));
        var month = Array.FindIndex(Months, m => m.Split('|').Any(w => name.StartsWith(w, StringComparison.Ordinal))) + 1;
        if (month == 0) return null;
        var year = Number(match, "y");
        return Of(match.Groups["y"].Length == 4 ? year : Century(year), month, Number(match, "d"));
    }

    private static DateOnly? TogetherDay(string digits)
    {
        int Part(int start, int length) => int.Parse(digits.AsSpan(start, length), CultureInfo.InvariantCulture);
        return Of(Part(0, 4), Part(4, 2), Part(6, 2)) ?? Of(Part(4, 4), Part(2, 2), Part(0, 2));
    }

    private static DateOnly? Of(int year, int month, int day) =>
        year is >= 1900 and <= 2099 && month is >= 1 and <= 12 && day >= 1 && day <= DateTime.DaysInMonth(year, month) ? new DateOnly(year, month, day) : null;

    private static int Century(int year) => year < 70 ? 2000 + year : 1900 + year;

    private static int Number(Match match, string group) => int.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture);

    // A time may stick to it, as in 25/12/20188:13 and 25/12/1808:13, or a hyphen stand between. Behind letters, dashes and dots make other numbers than dates, slashes hardly.
    [GeneratedRegex(
        @"((?<!\d|\d[.,/])(?<a>(19|20)\d\d|\d{1,2})\s?(?<s>/)|(?<!\d|\d[.,/:-]|-|(?<![A-Za-z]{2})[A-Za-z])(?<a>(19|20)\d\d|\d{1,2})\s?(?<s>[.-]))\s?(?<b>\d{1,2})\s?\k<s>\s?" +
        @"(?<c>(19|20)\d\d(?=\d{1,2}:\d\d)|\d\d(?=\d{1,2}:\d\d)|((19|20)\d\d|\d{1,2})(?!\d|[./]\d|-\d(?!\d?:\d\d)|,\d(?!\d?:)|:))(?<!\d\d\d\d\D\d{1,2}\D\d\d\d\d)",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Numeric();

    [GeneratedRegex(@"((?<!\d)|(?<=\d:\d\d))(?<d>\d{1,2})(st|nd|rd|th|er)?[\s.,/'-]{0,3}(?<m>(jan|ene|gen|feb|fév|fev|mar|mär|mac|mrz|mrt|maa|apr|abr|avr|may|mai|mag|mei|jun|jui|giu|ju[l1i]|lug|aug|ago|agu|aou|aoû|ogo|sep|set|[o0]ct|[o0]kt|ott|nov|dec|dez|dic|des)[a-zäéû]{0,7})[\s.,/'-]{0,3}(?<y>(19|20)\d\d(?=\d{1,2}:\d\d)|\d\d(?=\d\d:\d\d)|((19|20)\d\d|\d\d)(?!\d))", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Named();

    [GeneratedRegex(@"(?<m>(jan|ene|gen|feb|fév|fev|mar|mär|mac|mrz|mrt|maa|apr|abr|avr|may|mai|mag|mei|jun|jui|giu|ju[l1i]|lug|aug|ago|agu|aou|aoû|ogo|sep|set|[o0]ct|[o0]kt|ott|nov|dec|dez|dic|des)[a-zäéû]{0,7})[\s.]{0,2}((?<d>\d{1,2})(st|nd|rd|th|er)?[\s,.'-]{1,3}|(?<d>\d\d)(?=20\d\d))(?<y>(19|20)\d\d(?=\d{1,2}:\d\d)|\d\d(?=\d\d:\d\d)|((19|20)\d\d|\d\d)(?!\d))", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex NamedFirst();

    [GeneratedRegex(@"(?<!\d|\d[.,/:-])((19|20)\d\d(0[1-9]|1[0-2])([0-2]\d|3[01])|([0-2]\d|3[01])(0[1-9]|1[0-2])20[0-3]\d)(?![\d.,/-])", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Together();

    [GeneratedRegex(@"(?<![A-Za-z])((?<w>mon|tue|wed|thu|fri|sat|sun)(day|sday|nesday|rsday|urday|s|r|rs)?|(?<w>ahad|isnin|selasa|rabu|khamis|jumaat|sabtu|(sonn|mon|diens|donners|frei|sams)tag|mittwoch))(?![A-Za-z])", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Weekday();

    [GeneratedRegex(@"(^|[a-zA-Z,]\s?)(?<![A-Z])[A-Z]{2}(\s?,\s?|\s)\d{5}(-\d{4})?(?!\d)|,\s?[A-Z]{2}\d{5}(-\d{4})?(?!\d)", RegexOptions.CultureInvariant)]
    private static partial Regex American();

    [GeneratedRegex(@"(?<!\d)(\(\s?[2-9]\d\d\s?\)\s?|[2-9]\d\d[-.])\d{3}\s?[-.]\s?\d{4}(?!\d)", RegexOptions.CultureInvariant)]
    private static partial Regex AmericanPhone();
}
