namespace Serverless.Serving.Text;

/// <summary>Words near a value that say what it is.</summary>
internal static class ContextWords
{
    /// <summary>Whether one of the words stands right before a place, with no end of a clause between.</summary>
    public static bool Before(ReadOnlySpan<char> plain, int place, int reach, IReadOnlyList<string> words)
    {
        var near = plain[Math.Max(0, place - reach)..place];
        var clause = near.LastIndexOfAny(",;?!");
        return Within(clause < 0 ? near : near[(clause + 1)..], words);
    }

    /// <summary>Whether one of the words stands near a part of the text, before or behind it.</summary>
    public static bool Around(ReadOnlySpan<char> plain, int start, int end, int reach, IReadOnlyList<string> words) =>
        Within(plain[Math.Max(0, start - reach)..start], words) || Within(plain[end..Math.Min(plain.Length, end + reach)], words);

    // A word of ASCII letters is no part of a longer one: tel is not in hotel.
    private static bool Within(ReadOnlySpan<char> near, IReadOnlyList<string> words)
    {
        foreach (var word in words)
        {
            for (var from = 0; from < near.Length && near[from..].IndexOf(word, StringComparison.OrdinalIgnoreCase) is >= 0 and var at; from += at + 1)
            {
                var (start, end) = (from + at, from + at + word.Length);
                if ((start == 0 || !char.IsAsciiLetter(near[start - 1])) && (end == near.Length || !char.IsAsciiLetter(near[end]))) return true;
            }
        }

        return false;
    }
}
