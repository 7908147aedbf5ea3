using System.Globalization;
using System.Text;

namespace Serverless.Serving.Text;

/// <summary>
/// Reads texts as Hugging Face's tokenizers of the BERT kind do (<c>BertNormalizer</c>, then <c>BertPreTokenizer</c>), by the table of
/// <see cref="Nfkc"/>: the framework's normalisation leaves accents where globalization is invariant, as it is here.
/// </summary>
internal static class BertText
{
    /// <summary>The words of a text without special tokens: runs of characters between white space, each punctuation mark by itself.</summary>
    public static IEnumerable<string> Words(string text, TokenRules rules)
    {
        var word = new StringBuilder();
        foreach (var rune in Normal(text, rules).EnumerateRunes())
        {
            var mark = IsPunctuation(rune);
            if ((mark || Rune.IsWhiteSpace(rune)) && word.Length > 0)
            {
                yield return word.ToString();
                word.Clear();
            }

            if (mark) yield return rune.ToString();
            else if (!Rune.IsWhiteSpace(rune)) word.Append(rune);
        }

        if (word.Length > 0) yield return word.ToString();
    }

    /// <summary>The text as the rules want it.</summary>
    public static string Normal(string text, TokenRules rules)
    {
        var normal = new StringBuilder(text.Length + 8);
        var parts = new List<int>();
        foreach (var rune in text.EnumerateRunes())
        {
            if (rules.CleanText && IsNothing(rune)) continue;
            var character = rules.CleanText && Rune.IsWhiteSpace(rune) ? new Rune(' ') : rune;
            var word = rules.ChineseCharacters && IsIdeograph(character.Value);
            if (word) normal.Append(' ');
            parts.Clear();
            if (rules.StripAccents) Nfkc.Decompose(character, parts);
            else parts.Add(character.Value);
            foreach (var part in parts)
            {
                var unit = new Rune(part);
                if (rules.StripAccents && Rune.GetUnicodeCategory(unit) == UnicodeCategory.NonSpacingMark) continue;
                normal.Append(rules.LowerCase ? Lower(unit) : unit.ToString());
            }

            if (word) normal.Append(' ');
        }

        return normal.ToString();
    }

    // The one character that becomes two.
    private static string Lower(Rune unit) => unit.Value == 0x130 ? "i\u0307" : Rune.ToLowerInvariant(unit).ToString();

    private static bool IsNothing(Rune rune) => rune.Value is 0 or 0xFFFD
        || (rune.Value is not ('\t' or '\n' or '\r') && Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse);

    private static bool IsPunctuation(Rune rune) => rune.IsAscii
        ? !char.IsAsciiLetterOrDigit((char)rune.Value) && rune.Value is > ' ' and < 0x7F
        : Rune.GetUnicodeCategory(rune) is UnicodeCategory.ConnectorPunctuation or UnicodeCategory.DashPunctuation or UnicodeCategory.OpenPunctuation
            or UnicodeCategory.ClosePunctuation or UnicodeCategory.InitialQuotePunctuation or UnicodeCategory.FinalQuotePunctuation or UnicodeCategory.OtherPunctuation;

    private static bool IsIdeograph(int point) => point is (>= 0x4E00 and <= 0x9FFF) or (>= 0x3400 and <= 0x4DBF) or (>= 0x20000 and <= 0x2A6DF) or (>= 0x2A700 and <= 0x2B73F)
        or (>= 0x2B740 and <= 0x2B81F) or (>= 0x2B920 and <= 0x2CEAF) or (>= 0xF900 and <= 0xFAFF) or (>= 0x2F800 and <= 0x2FA1F);
}
