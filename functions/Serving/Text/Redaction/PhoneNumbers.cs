namespace Serverless.Serving.Text;

/// <summary>
/// Telephone numbers: international ones behind + or 00 (ITU-T E.164, 8 to 15 digits), North American ones in groups of 3, 3 and 4, national
/// ones that begin with 0 and have groups, and rows of 7 to 15 digits right behind a word that says telephone. Amounts, dates and plain rows of
/// digits are none.
/// </summary>
internal static class PhoneNumbers
{
    private const int LongestGap = 3, MostDigits = 17;
    private const int ContextReach = 24;

    /// <summary>Adds the parts of the text that are telephone numbers.</summary>
    /// <param name="plain">The text.</param>
    /// <param name="context">Words that say telephone.</param>
    /// <param name="found">Gets them.</param>
    public static void Find(ReadOnlySpan<char> plain, IReadOnlyList<string> context, List<(int Start, int End)> found)
    {
        for (var at = 0; at < plain.Length;)
        {
            if (!char.IsAsciiDigit(plain[at]))
            {
                at++;
                continue;
            }

            var row = DigitRow.At(plain, at, LongestGap, MostDigits);
            var start = StartOf(plain, at);
            var groups = plain[start] == '+' ? International(row) : Beside(plain, start) ? 0 : National(plain, row, start, context);
            if (groups > 0) found.Add((start, row.EndOf(groups)));
            at = row.EndOf(groups > 0 ? groups : 1);
        }
    }

    // A plus, with a bracket at most before the number; else the bracket.
    private static int StartOf(ReadOnlySpan<char> plain, int at)
    {
        var start = at;
        if (start > 0 && plain[start - 1] == '(') start--;
        if (start > 1 && plain[start - 1] == ' ' && plain[start - 2] == '+') return start - 2;
        return start > 0 && plain[start - 1] == '+' ? start - 1 : start;
    }

    /// <summary>How many groups make an international number: as many as 15 digits allow; 0 where there is none.</summary>
    private static int International(DigitRow row) => row.IsAmount || row.First == '0' ? 0 : row.Groups(8, 15);

    private static int National(ReadOnlySpan<char> plain, DigitRow row, int start, IReadOnlyList<string> context)
    {
        if (row.IsDate || row.IsAmount) return 0;
        if (row.IsNorthAmerican(out var groups)) return groups;
        var named = ContextWords.Before(plain, start, ContextReach, context);
        if (row.First == '0' && row.Count > 1)
        {
            var (least, most) = row.Second == '0' ? (10, 17) : (9, 12);
            groups = row.Groups(least, most);
            if (row.FirstLength >= 2 && (groups > 1 || (named && groups > 0))) return groups;
        }

        return named ? row.Groups(7, 15) : 0;
    }

    // Behind a letter, a digit, a currency or a number sign it is something else, also with a dash between, as in ORD-212-555-0123.
    private static bool Beside(ReadOnlySpan<char> plain, int start)
    {
        if (start == 0) return false;
        var before = plain[start - 1];
        if (char.IsAsciiLetterOrDigit(before) || before == '#' || char.GetUnicodeCategory(before) == System.Globalization.UnicodeCategory.CurrencySymbol) return true;
        if (start == 1) return false;
        return before switch
        {
            '-' or '/' or '_' => char.IsAsciiLetterOrDigit(plain[start - 2]),
            '.' or ',' or ':' => char.IsAsciiDigit(plain[start - 2]),
            _ => false,
        };
    }
}
