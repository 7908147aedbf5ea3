using System.Text;

namespace Serverless.Training.Text;

/// <summary>
/// Typing errors in a share of a text's words, so that a network learns from words as people write them (Belinkov and Bisk 2018): those of
/// <see cref="Typo"/>, and the key beside a letter's.
/// </summary>
internal static class CharacterNoise
{
    // As the letters stand on keyboards for English and Russian. A letter of no such row has no key beside it, and is left out instead.
    private static readonly string[] Keys = ["qwertyuiop", "asdfghjkl", "zxcvbnm", "йцукенгшщзхъ", "фывапролджэ", "ячсмитьбю"];

    /// <summary>The text with the errors, one in a word.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="share">Of its words of four letters or more, 0 to 1; with 0 nothing is drawn.</param>
    /// <param name="random">Says which words, which letters and which errors.</param>
    public static string In(string text, double share, Random random)
    {
        if (share == 0) return text;
        var (changed, from) = (new StringBuilder(), 0);
        foreach (var word in Typo.Words(text))
        {
            if (random.NextDouble() >= share) continue;
            var at = random.Next(word.Count - 2); // a letter that has one behind it
            var (one, other) = (text[word[at]..word[at + 1]], text[word[at + 1]..word[at + 2]]);
            changed.Append(text, from, word[at] - from).Append(random.Next(4) switch
            {
                0 => other + one,
                1 => other,
                2 => one + one + other,
                _ => Beside(one, random) + other,
            });
            from = word[at + 2];
        }

        return changed.Append(text, from, text.Length - from).ToString();
    }

    private static string Beside(string letter, Random random)
    {
        var step = random.Next(2) == 0 ? -1 : 1;
        var lower = letter.ToLowerInvariant();
        if (lower.Length != 1 || Array.Find(Keys, row => row.Contains(lower, StringComparison.Ordinal)) is not { } row) return "";
        var at = row.IndexOf(lower, StringComparison.Ordinal);
        return row[at + step < 0 || at + step == row.Length ? at - step : at + step].ToString();
    }
}
