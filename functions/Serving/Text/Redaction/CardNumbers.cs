namespace Serverless.Serving.Text;

/// <summary>
/// Payment card numbers (ISO/IEC 7812): 13 to 19 digits that begin with 2 to 6 or 8 and pass the check of Luhn, alone or in groups of any
/// length between blanks, dashes, dots or underscores. Longer rows of digits are searched at the ends of their groups.
/// Up to 15 digits behind a plus are a telephone number.
/// </summary>
internal static class CardNumbers
{
    private const int Shortest = 13, Longest = 19, Telephone = 15, LongestGap = 4;

    /// <summary>Adds the parts of the text that are card numbers; parts that overlap are given as one.</summary>
    public static void Find(ReadOnlySpan<char> plain, List<(int Start, int End)> found)
    {
        var places = new List<int>();
        for (var at = 0; at < plain.Length;)
        {
            if (!char.IsAsciiDigit(plain[at]))
            {
                at++;
                continue;
            }

            places.Clear();
            places.Add(at);
            while (Next(plain, places[^1]) is >= 0 and var next) places.Add(next);
            if (places.Count >= Shortest) FindInRow(plain, places, found);
            at = places[^1] + 1;
        }
    }

    /// <summary>Whether digits pass the check of Luhn (ISO/IEC 7812-1, Annex B).</summary>
    public static bool Luhn(ReadOnlySpan<char> digits)
    {
        var sum = 0;
        for (var i = 0; i < digits.Length; i++)
        {
            var digit = digits[^(i + 1)] - '0';
            var doubled = i % 2 == 0 ? digit : digit * 2;
            sum += doubled > 9 ? doubled - 9 : doubled;
        }

        return sum % 10 == 0;
    }

    private static void FindInRow(ReadOnlySpan<char> plain, List<int> places, List<(int Start, int End)> found)
    {
        Span<char> digits = stackalloc char[Longest];
        for (var first = 0; first + Shortest <= places.Count; first++)
        {
            if (first > 0 && places[first] == places[first - 1] + 1) continue;
            if (plain[places[first]] is not ((>= '2' and <= '6') or '8')) continue;
            var international = places[first] > 0 && plain[places[first] - 1] == '+';
            char? gap = null; // one kind of separator beside blanks: more are a date with a time
            for (var length = 1; length <= Longest && first + length <= places.Count; length++)
            {
                var last = first + length - 1;
                digits[length - 1] = plain[places[last]];
                if (length > 1 && GapOf(plain[(places[last - 1] + 1)..places[last]]) is { } kind)
                {
                    if (gap is not null && gap != kind) break;
                    gap = kind;
                }

                var ends = last + 1 == places.Count || places[last + 1] > places[last] + 1;
                if (length >= (international ? Telephone + 1 : Shortest) && ends && Luhn(digits[..length])) Join(found, places[first], places[last] + 1);
            }
        }
    }

    private static void Join(List<(int Start, int End)> found, int start, int end)
    {
        if (found.Count > 0 && found[^1].End > start) found[^1] = (found[^1].Start, Math.Max(found[^1].End, end));
        else found.Add((start, end));
    }

    // The next digit of the row; -1 where it ends.
    private static int Next(ReadOnlySpan<char> plain, int place)
    {
        char? seen = null;
        for (var at = place + 1; at < plain.Length && at <= place + 1 + LongestGap; at++)
        {
            if (char.IsAsciiDigit(plain[at])) return at;
            if (plain[at] == ' ') continue;
            if (plain[at] is not ('-' or '.' or '_') || (seen is not null && seen != plain[at])) return -1;
            seen = plain[at];
        }

        return -1;
    }

    private static char? GapOf(ReadOnlySpan<char> between)
    {
        var at = between.IndexOfAny('-', '.', '_');
        return at < 0 ? null : between[at];
    }
}
