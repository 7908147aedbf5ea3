using System.Text.RegularExpressions;

namespace Serverless.Serving.Documents;

/// <summary>Mends what readers systematically get wrong, character by character, so that places in the text stay what they are.</summary>
public static partial class ReadText
{
    /// <summary>Wide forms become ASCII (Unicode block Halfwidth and Fullwidth Forms), a zero within a word of letters the letter O, and the B of "straBe" the letter ß.</summary>
    public static string Mended(string text)
    {
        var plain = string.Create(text.Length, text, static (to, from) =>
        {
            for (var i = 0; i < from.Length; i++)
            {
                to[i] = from[i] switch
                {
                    >= '\uFF01' and <= '\uFF5E' => (char)(from[i] - 0xFEE0),
                    '\u3000' or '\u00A0' or '\u202F' or '\t' => ' ',
                    '\u3002' => '.',
                    '\u3001' => ',',
                    var sign => sign,
                };
            }
        });
        return Street().Replace(Zeros().Replace(plain, static m => m.Value.Replace('0', m.Value.Any(char.IsLower) && !char.IsUpper(m.Value[1]) ? 'o' : 'O')), "ß");
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

    // A word with two letters or more and no other digit, so that numbers of papers and postcodes stay; or a code of two before a postcode.
    [GeneratedRegex(@"(?<![\p{L}\d])\p{L}(?=[\p{L}0]*\p{L})[\p{L}0]*0[\p{L}0]*(?![\p{L}\d])|(?<![\p{L}\d])[A-Z]0(?=\s?\d{5}(?!\d))", RegexOptions.CultureInvariant)]
    private static partial Regex Zeros();

    [GeneratedRegex(@"(?<=[Ss](tr|TR)[aA])B(?=[eE])", RegexOptions.CultureInvariant)]
    private static partial Regex Street();
}
