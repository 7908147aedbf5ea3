using System.Text.RegularExpressions;

namespace Serverless.Serving.Documents;

/// <summary>An account number in a line.</summary>
/// <param name="Line">The line.</param>
/// <param name="Start">Its first character.</param>
/// <param name="Length">How many.</param>
/// <param name="Plain">Without blanks and signs; of an IBAN with misread characters mended where the check then holds.</param>
/// <param name="Valid">Whether the check of an IBAN holds.</param>
internal sealed record FoundAccount(PageLine Line, int Start, int Length, string Plain, bool Valid);

/// <summary>Account numbers of a page, national ones and IBANs.</summary>
internal static partial class AccountNumbers
{
    /// <summary>What looks like an IBAN: a country, two check digits, and as many characters as its numbers have.</summary>
    public static IEnumerable<FoundAccount> Ibans(PageLayout page)
    {
        foreach (var line in page.Lines)
        {
            foreach (Match match in Begin().Matches(line.Text))
            {
                if (!Text.Ibans.Countries.TryGetValue(match.Value[..2].ToUpperInvariant(), out var length)) continue;
                var (plain, end) = Gathered(line.Text, match.Index, length);
                if (plain.Length != length) continue;
                var mended = Mended(plain);
                yield return new(line, match.Index, end - match.Index, mended ?? plain, mended is not null);
            }
        }
    }

    /// <summary>What may be a national account number: 5 to 18 digits in groups that are neither dates nor amounts.</summary>
    public static IEnumerable<FoundAccount> National(PageLayout page, IReadOnlyList<FoundAccount> ibans)
    {
        foreach (var line in page.Lines)
        {
            foreach (Match match in Row().Matches(line.Digits))
            {
                var digits = match.Value.Count(char.IsAsciiDigit);
                var (start, end) = (match.Index, match.Index + match.Length);
                if (digits is < 5 or > 18 || page.Dates.In(line).Any(d => start < d.Start + d.Length && d.Start < end)) continue;
                if (page.Money.In(line).Any(a => start < a.Start + a.Length && a.Start < end) || ibans.Any(i => i.Line == line && start < i.Start + i.Length && i.Start < end)) continue;
                yield return new(line, start, match.Length, Plain(line, match), true);
            }
        }
    }

    // A letter at the end belongs to some accounts: only those that are most like digits are taken for misread ones.
    private static string Plain(PageLine line, Match match)
    {
        var plain = string.Concat(match.Value.Where(char.IsAsciiLetterOrDigit));
        var last = line.Text[match.Index + match.Length - 1];
        return last is 'S' or 'Z' or 'B' or 'Q' or 'D' ? plain[..^1] + last : plain;
    }

    // A number of one character less or more than its country has stays what it is: no IBAN.
    private static (string Plain, int End) Gathered(string text, int start, int length)
    {
        Span<char> plain = stackalloc char[length];
        var (count, at, gap) = (0, start, 0);
        for (; at < text.Length && count < length; at++)
        {
            if (char.IsAsciiLetterOrDigit(text[at]) || text[at] == '|') (plain[count++], gap) = (char.ToUpperInvariant(text[at]), 0);
            else if (text[at] is not (' ' or '-' or '.') || ++gap > 2) break;
        }

        return (new string(plain[..count]), at);
    }

    // Which of the characters that are mistaken for each other were misread is tried, as long as these are few.
    private static string? Mended(string plain)
    {
        if (IsValid(plain)) return plain;
        var signs = plain.ToCharArray();
        List<int> doubtful = [];
        for (var i = 2; i < signs.Length; i++)
        {
            if (i < 4 && NumberText.Digit(signs[i]) is { } digit) signs[i] = digit;
            else if (NumberText.Digit(signs[i]) is not null || signs[i] is '0' or '1' or '5' or '8') doubtful.Add(i);
        }

        var letters = doubtful.Where(i => !char.IsAsciiDigit(signs[i])).ToList();
        if (letters.Count is 0 or > 6) return IsValid(new string(signs)) ? new string(signs) : null;
        for (var tried = 1; tried < 1 << letters.Count; tried++)
        {
            var other = (char[])signs.Clone();
            for (var i = 0; i < letters.Count; i++) if ((tried & (1 << i)) != 0) other[letters[i]] = NumberText.Digit(other[letters[i]])!.Value;
            if (IsValid(new string(other))) return new string(other);
        }

        return null;
    }

    private static bool IsValid(string plain)
    {
        List<(int Start, int End)> found = [];
        Text.Ibans.Find(plain, found);
        return found.Contains((0, plain.Length));
    }

    [GeneratedRegex(@"(?<![A-Z0-9])[A-Z]{2}\s?[0-9OQDIlSBZ]{2}(?=[\s0-9A-Z])|(?<=IBAN)[A-Z]{2}\s?[0-9OQDIlSBZ]{2}", RegexOptions.CultureInvariant)]
    private static partial Regex Begin();

    [GeneratedRegex(@"(?<!\d|\d[.,/:]|[*Xx])\d[\d]*([ .\-/]\d+)*[A-Z]?(?![\d:%A-Za-z])", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Row();
}
