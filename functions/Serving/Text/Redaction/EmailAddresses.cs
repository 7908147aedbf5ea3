using System.Globalization;

namespace Serverless.Serving.Text;

/// <summary>
/// E-mail addresses as people have them (RFC 5321 and 6531 without quotes and literals): a domain has a dot and ends with two letters or more.
/// Letters of scripts without spaces between words belong to the sentence around it.
/// </summary>
internal static class EmailAddresses
{
    private const string Marks = ".!#$%&'*+/=?^_`{|}~-";

    /// <summary>Adds the parts of the text that are addresses.</summary>
    public static void Find(ReadOnlySpan<char> plain, List<(int Start, int End)> found)
    {
        for (var sign = plain.IndexOf('@'); sign >= 0; sign = NextSign(plain, sign))
        {
            var start = sign;
            while (start > 0 && (IsUnit(plain[start - 1]) || Marks.Contains(plain[start - 1]))) start--;
            var end = EndOf(plain, sign + 1);
            if (start < sign && end > 0 && (found.Count == 0 || found[^1].End <= start)) found.Add((start, end));
        }
    }

    private static int NextSign(ReadOnlySpan<char> plain, int sign)
    {
        var next = plain[(sign + 1)..].IndexOf('@');
        return next < 0 ? -1 : sign + 1 + next;
    }

    // Behind the last label that can end a domain; 0 where there is none.
    private static int EndOf(ReadOnlySpan<char> plain, int start)
    {
        var (end, label, letters) = (0, start, true);
        for (var at = start; at <= plain.Length; at++)
        {
            if (at < plain.Length && (IsUnit(plain[at]) || (plain[at] == '-' && at > label)))
            {
                letters &= !char.IsAsciiDigit(plain[at]);
                continue;
            }

            if (at == label) break;
            if (label > start && letters && at - label >= 2) end = at;
            if (at == plain.Length || plain[at] != '.') break;
            (label, letters) = (at + 1, true);
        }

        return end;
    }

    private static bool IsUnit(char unit) =>
        char.IsAscii(unit) ? char.IsAsciiLetterOrDigit(unit) : char.IsLetter(unit) && CharUnicodeInfo.GetUnicodeCategory(unit) != UnicodeCategory.OtherLetter;
}
