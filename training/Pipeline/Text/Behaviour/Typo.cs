using System.Globalization;
using System.Text;

namespace Serverless.Training.Text;

/// <summary>
/// One typing error in a text: two neighbouring letters of a word swapped, one left out, or one written twice. A letter is what a reader takes for
/// one, with the marks that belong to it; a word is a row of at least four. Ideographs are no letters: without one of them a text says something else. What redaction put into a text is no word.
/// </summary>
internal static class Typo
{
    private const int LeastLetters = 4;

    /// <summary>The text with the error; null when it has no word that is long enough.</summary>
    public static string? In(string text, Random random)
    {
        var words = Words(text);
        if (words.Count == 0) return null;
        var word = words[random.Next(words.Count)];
        var at = random.Next(word.Count - 2); // a letter that has one behind it
        var (before, one, other, after) = (text[..word[at]], text[word[at]..word[at + 1]], text[word[at + 1]..word[at + 2]], text[word[at + 2]..]);
        return random.Next(3) switch
        {
            0 when one != other => before + other + one + after,
            1 => before + other + after,
            _ => before + one + one + other + after,
        };
    }

    /// <summary>Of each word that is long enough where its letters begin, and where the last one ends.</summary>
    internal static List<List<int>> Words(string text)
    {
        List<List<int>> words = [];
        List<int> word = [];
        for (int at = 0, length; at < text.Length; at += length)
        {
            length = StringInfo.GetNextTextElementLength(text, at);
            if (!IsLetter(text, at))
            {
                End(at);
                continue;
            }

            word.Add(at);
        }

        End(text.Length);
        return words;

        void End(int at)
        {
            if (word.Count >= LeastLetters && (word[0] == 0 || text[word[0] - 1] != '[')) words.Add([.. word, at]);
            word = [];
        }
    }

    private static bool IsLetter(string text, int at) => Rune.TryGetRuneAt(text, at, out var rune) && Rune.IsLetter(rune)
        && rune.Value is not ((>= 0x3400 and <= 0x9FFF) or (>= 0xF900 and <= 0xFAFF) or (>= 0x20000 and <= 0x3FFFF));
}
