using System.Text.RegularExpressions;

namespace Serverless.Serving.Documents;

/// <summary>
/// Mends what networks for many scripts do to Latin text: signs of full width, a zero for the letter O, a one for an l, both the other way round, an l for an I, a B for ß, and what looks like signs of currency.
/// Character by character, so that places in the text stay what they are.
/// </summary>
public static partial class LatinText
{
    private const char FirstWide = '\uFF01', LastWide = '\uFF5E';

    /// <summary>The text as Latin letters are printed; of another script as it is.</summary>
    public static string Of(string text)
    {
        if (text.Any(c => c is > '\u2E7F' and not '\u4E28' && char.IsLetter(c) && c is not (>= FirstWide and <= LastWide))) return text;
        var plain = string.Create(text.Length, text, static (to, from) =>
        {
            for (var i = 0; i < from.Length; i++)
            {
                to[i] = from[i] switch
                {
                    >= FirstWide and <= LastWide => (char)(from[i] - FirstWide + '!'),
                    '\u3000' or '\u00A0' or '\u202F' or '\t' => ' ',
                    '\u3002' => '.',
                    '\u4E28' => '|',
                    '\u3001' => ',',
                    '\u2208' => '€',
                    '\u03B2' => 'ß',
                    var sign => sign,
                };
            }
        });
        if (plain.Contains('0', StringComparison.Ordinal)) plain = Zeros().Replace(plain, static m => Lettered(m.Value));
        plain = SmallL().Replace(plain, "l");
        plain = CapitalI().Replace(plain, "I");
        if (plain.Contains('f', StringComparison.Ordinal)) plain = Pound().Replace(plain, "£");
        return Street().Replace(Numbers().Replace(plain, static m => m.Value.Replace('o', '0').Replace('O', '0').Replace('l', '1').Replace('I', '1')), "ß");
    }

    /// <summary>A letter without the marks over and under it, which alphabets of readers often lack; of ß an s.</summary>
    public static char Bare(char letter) => letter switch
    {
        'ä' or 'à' or 'á' or 'â' or 'å' or 'ã' => 'a',
        'ö' or 'ó' or 'ò' or 'ô' or 'õ' or 'ø' => 'o',
        'ü' or 'ú' or 'ù' or 'û' => 'u',
        'é' or 'è' or 'ê' or 'ë' => 'e',
        'í' or 'ì' or 'î' or 'ï' => 'i',
        'ñ' => 'n',
        'ç' => 'c',
        'ß' => 's',
        >= 'À' and <= 'Þ' when char.ToLowerInvariant(letter) is var small && small != letter && Bare(small) is var bare && bare != small => char.ToUpperInvariant(bare),
        _ => letter,
    };

    /// <summary>The letter O between two characters of its word: a capital at the start and behind a capital, unless small letters follow that.</summary>
    internal static char LetterO(char before, char after) => char.IsLower(before) || (char.IsUpper(before) && char.IsLower(after)) ? 'o' : 'O';

    private static string Lettered(string word)
    {
        var letters = word.ToCharArray();
        for (var i = 0; i < letters.Length; i++)
        {
            if (letters[i] == '0') letters[i] = LetterO(i == 0 ? ' ' : letters[i - 1], i + 1 == letters.Length ? ' ' : letters[i + 1]);
        }

        return new(letters);
    }

    // Words of letters and zeros alone, for with any other digit it is a number or a code, in which a zero may be one: zeros between letters, in
    // capitals also right behind a number and its comma, and one or two behind four capitals, or one behind three that make a syllable, or both of two such
    // syllables behind a word in capitals, or one that ends the town behind a postcode; a zero before three letters, though not behind the first half of an
    // Irish postcode, or before two small ones that are no unit, since two capitals follow it in postcodes of the United Kingdom; "No", "of", "to", "OG" (an
    // upper floor) behind its number, "Oct", the O' of names and, before their postcodes, codes of states. No part of an amount.
    [GeneratedRegex(
        @"(?<![\p{L}\d]|\d[.,:/\-]|(?<![\p{L}\d])[A-Z]\d[\dW]\s)(0?\p{L}[\p{L}0]*0+\p{L}+|0\p{L}{3,}|\p{Lu}{4,}0{1,2}(?![-/]\d)|(?=[A-Z]?[AEIOU])[A-Z]{2}[B-DF-HJ-NP-SVWZ]0(?![-/]?\d)|0(?!ml|kg|mg|mm|cm|am|pm|gb)\p{Ll}{2})(?![\p{L}\d]|[.,]\d)|(?<=\d,)\p{Lu}{3,}0\p{Lu}+(?![\p{L}\d])|(?<=\d{4}\s)\p{Lu}\p{Ll}+0(?![\p{L}\d/-])|(?<=\p{Lu}{3}\s)[B-DF-HJ-NP-TV-Z]0[B-DF-HJ-NP-TV-Z]0(?![\p{L}\d/-])|(?<=(?<![\d.,])\d{1,2})0[cC][tT](?=\d{2,4}(?!\d))|(?<![\p{L}\d])((N0|t0)(?![\p{L}\d]|[.,]\d)|(?<=\d\.\s|(^|[,·|]\s?)\d\d?\.)0G(?![\p{L}\d])|0F(?=\s)|(?<=\d[\s/-])0[cC][tT](?=[\s/-]\d)|0(?='\p{Lu})|(0[HKR]|[A-Zc]0)(?=,?\s?\d{5}(?!\d)))",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Zeros();

    // Read as a one in words, and as an I in the short form of jalan, the Malay word for a street.
    [GeneratedRegex(@"(?<=\p{L}\p{Ll})1(?=\p{Ll})|(?<=(?<![\p{L}\d])J)I(?=n(?!\p{L}))", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex SmallL();

    // In words that begin with it and another consonant, as none do with an l, also right behind a postcode; in capitals; in codes of American states before a
    // postcode; and, where a one was read, in Z.I., a French industrial estate.
    [GeneratedRegex(@"(?<=(?<![\p{L}\d])Z\.)1(?=\.)|(?<![\p{L}@./]|(?<!(?<!\d)\d{4})\d)l(?=[cdmnprsv]\p{Ll}*[aeiouy]|t[aei]|\p{Lu}{2})|(?<=\p{Lu})l(?=\p{Lu}(?!\p{Ll}))|(?<=\p{Lu}{2})l(?![\p{L}\d])|(?<=(?<![\p{L}\d])[HMRW])l(?=,?\s?\d{5}(?!\d))", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex CapitalI();

    [GeneratedRegex(@"(?<![\p{L}\d])f(?=\d[\d,]*\.\d\d(?!\d))", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Pound();

    // Postcodes, years and the like, in which a letter O was read: between digits, behind three, before a comma, behind a hyphen or #, after the S of Singapore's
    // postcodes and a town's hyphen, where the second half of the United Kingdom's begins, and in the second half of Ireland's, which have no O. An l or I
    // behind four digits. And a letter O where a sum below one begins, and behind the number of a house at the start or behind a comma.
    [GeneratedRegex(@"(?<=(?<![\p{L}\d]|\p{L}\.)(RM)?)O(?=[.,]\d\d(?!\d))|(?<![\p{L}\d])\d+[oO]+\d[\doO]*(?![\p{L}\d])|(?<![\p{L}\d])(\d{3,}[oO]+(?![\p{L}\d])|\d+[oO](?=,)|(?<=^|,\s?)\d{1,2}[oO](?=\s\p{Lu}{4})|\d{4,}[lI](?![\p{L}\d]))|(?<=\d[A-Za-z]?[-/]|#)[oO](?=\d+(?!\w))|(?<=(?<![\p{L}\d])S|\p{Lu}-)O(?=\d{5}(?!\d))|(?<=(?<![\p{L}\d])[A-Z]{1,2}\d[A-Z\d]?\s)O(?=[A-Z]{2}(?![\p{L}\d]))|(?<=(?<![\p{L}\d])[AC-FHKNPRTV-Y]\d[\dW]\s)(?=[A-Z]*\d|[^O]{3}O)[B-DF-HJ-TV-Z\d]{4}(?![\p{L}\d])", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Numbers();

    [GeneratedRegex(@"(?<=[Ss](tr|TR)[aA])B(?=[eE])", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Street();
}
