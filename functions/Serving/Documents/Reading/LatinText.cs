using System.Text;

namespace Serverless.Serving.Documents;

/// <summary>Mends what networks for many scripts do to Latin text: signs of full width, and a zero for the letter O within a word.</summary>
internal static class LatinText
{
    private const char FirstWide = '\uFF01', LastWide = '\uFF5E', WideSpace = '\u3000';

    /// <summary>The text as Latin letters are printed; of another script as it is.</summary>
    public static string Of(string text)
    {
        if (text.Any(c => c > '\u2E7F' && char.IsLetter(c) && c is not (>= FirstWide and <= LastWide))) return text;
        var mended = new StringBuilder(text.Length);
        foreach (var c in text) mended.Append(c switch { >= FirstWide and <= LastWide => (char)(c - FirstWide + '!'), WideSpace => ' ', '\u3002' => '.', '\u3001' => ',', _ => c });
        for (var i = 1; i + 1 < mended.Length; i++)
        {
            if (mended[i] == '0' && IsLetter(mended, i - 1) && IsLetter(mended, i + 1) && IsWord(mended, i)) mended[i] = char.IsUpper(mended[i - 1]) && char.IsUpper(mended[i + 1]) ? 'O' : 'o';
        }

        return mended.ToString();
    }

    // Letters and zeros alone: with any other digit in it, it is a number or a code, in which a zero may be one.
    private static bool IsWord(StringBuilder text, int at)
    {
        var (from, to) = (at, at);
        while (from > 0 && char.IsLetterOrDigit(text[from - 1])) from--;
        while (to + 1 < text.Length && char.IsLetterOrDigit(text[to + 1])) to++;
        for (var i = from; i <= to; i++)
        {
            if (char.IsDigit(text[i]) && text[i] != '0') return false;
        }

        return true;
    }

    private static bool IsLetter(StringBuilder text, int at) => char.IsLetter(text[at]);
}
