using System.Collections.Frozen;

namespace Serverless.Serving.Text;

/// <summary>
/// International bank account numbers (ISO 13616): country, length by the registry of SWIFT, the check of ISO 7064 MOD 97-10, and at least
/// six digits behind the check digits, which words never have. Blanks, dashes and dots may stand anywhere in them.
/// </summary>
internal static class Ibans
{
    private const int LongestGap = 4, LeastDigits = 6;

    private static readonly FrozenDictionary<string, int> Lengths =
        ("AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 ES24 FI18 FK18 FO18 FR27 GB22 GE22 "
        + "GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 "
        + "NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30")
        .Split(' ').ToFrozenDictionary(c => c[..2], c => int.Parse(c.AsSpan(2), System.Globalization.CultureInfo.InvariantCulture));

    private static readonly FrozenDictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> LengthOf = Lengths.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>The length of a country's numbers, by its two capitals.</summary>
    public static IReadOnlyDictionary<string, int> Countries => Lengths;

    /// <summary>Adds the parts of the text that are account numbers.</summary>
    public static void Find(ReadOnlySpan<char> plain, List<(int Start, int End)> found)
    {
        Span<char> country = stackalloc char[2];
        for (var at = 0; at + 1 < plain.Length; at++)
        {
            if (!char.IsAsciiLetter(plain[at]) || Next(plain, at) is not (>= 0 and var second)) continue;
            (country[0], country[1]) = (char.ToUpperInvariant(plain[at]), char.ToUpperInvariant(plain[second]));
            if (!LengthOf.TryGetValue(country, out var length) || EndOf(plain, at, length) is not (>= 0 and var end)) continue;
            found.Add((at, end));
            at = end - 1;
        }
    }

    // Where a number of this length ends; -1 where there is none.
    private static int EndOf(ReadOnlySpan<char> plain, int start, int length)
    {
        Span<char> units = stackalloc char[40];
        var (at, digits) = (start, 0);
        for (var i = 0; i < length; i++)
        {
            if (i > 0) at = Next(plain, at);
            if (at < 0 || (i is 2 or 3 && !char.IsAsciiDigit(plain[at]))) return -1;
            units[i] = plain[at];
            if (i > 3 && char.IsAsciiDigit(plain[at])) digits++;
        }

        return digits >= LeastDigits && Remainder(units[..length]) == 1 ? at + 1 : -1;
    }

    // The first four characters count last, and letters as 10 to 35.
    private static int Remainder(ReadOnlySpan<char> units)
    {
        var rest = 0;
        for (var i = 0; i < units.Length; i++)
        {
            var unit = char.ToUpperInvariant(units[(i + 4) % units.Length]);
            rest = char.IsAsciiDigit(unit) ? ((rest * 10) + unit - '0') % 97 : ((rest * 100) + unit - 'A' + 10) % 97;
        }

        return rest;
    }

    private static int Next(ReadOnlySpan<char> plain, int place)
    {
        for (var at = place + 1; at < plain.Length && at <= place + 1 + LongestGap; at++)
        {
            if (char.IsAsciiLetterOrDigit(plain[at])) return at;
            if (plain[at] is not (' ' or '-' or '.')) return -1;
        }

        return -1;
    }
}
