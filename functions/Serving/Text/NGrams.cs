using System.Globalization;

namespace Serverless.Serving.Text;

/// <summary>
/// The n-grams of a text as slots of a hash table: words and pairs of neighbouring words, and 3 to 5 characters within a word
/// whose two ends are marked. Works for any script: text is normalised (NFKC, lower case), a word is a run of letters,
/// digits and marks, and in scripts written without spaces each character also counts as a word.
/// </summary>
public static class NGrams
{
    private const int Shortest = 3, Longest = 5;
    private const char Edge = ' ';
    private const uint Basis = 2166136261, WordSeed = Basis ^ 0x9E3779B9;

    /// <summary>Adds the slot of every n-gram, repeated ones as often as they occur.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="bits">The table has 2^bits slots for words and as many, above them, for characters.</param>
    /// <param name="slots">Gets the slots.</param>
    public static void Collect(string text, int bits, List<int> slots)
    {
        // A final sigma has the same capital as any other; lower case alone would leave two letters of it.
        var normal = Nfkc.Normalize(text).ToLowerInvariant().Replace('\u03C2', '\u03C3');
        uint? previous = null;
        for (var at = 0; at < normal.Length;)
        {
            if (!IsWord(normal, at))
            {
                at += Width(normal, at);
                continue;
            }

            var end = at;
            while (end < normal.Length && IsWord(normal, end)) end += Width(normal, end);
            var word = normal.AsSpan(at, end - at);
            Words(word, bits, ref previous, slots);
            Characters(word, bits, slots);
            at = end;
        }
    }

    /// <summary>FNV-1a (Fowler, Noll, Vo) over UTF-16 code units, ended by the mixing step of MurmurHash3 (Appleby); the same everywhere.</summary>
    internal static uint Hash(ReadOnlySpan<char> gram, uint basis = Basis)
    {
        var hash = basis;
        foreach (var unit in gram) hash = Step(hash, unit);
        return Mix(hash);
    }

    private static void Words(ReadOnlySpan<char> run, int bits, ref uint? previous, List<int> slots)
    {
        for (int start = 0, at = 0; at < run.Length; start = at)
        {
            if (IsSpaceless(run[at])) at += char.IsHighSurrogate(run[at]) ? 2 : 1;
            else while (at < run.Length && !IsSpaceless(run[at])) at++;
            var word = Hash(run[start..at], WordSeed);
            slots.Add((int)(word >> (32 - bits)));
            if (previous is { } before) slots.Add((int)(Mix((before * 31) ^ word) >> (32 - bits)));
            previous = word;
        }
    }

    private static void Characters(ReadOnlySpan<char> word, int bits, List<int> slots)
    {
        var above = 1 << bits;
        for (var start = -1; start + Shortest <= word.Length + 1; start++)
        {
            var hash = Basis;
            for (var length = 1; length <= Longest && start + length <= word.Length + 1; length++)
            {
                var at = start + length - 1;
                hash = Step(hash, at < 0 || at == word.Length ? Edge : word[at]);
                if (length >= Shortest) slots.Add(above | (int)(Mix(hash) >> (32 - bits)));
            }
        }
    }

    private static uint Step(uint hash, char unit) => (hash ^ unit) * 16777619;

    private static uint Mix(uint hash)
    {
        hash = (hash ^ (hash >> 16)) * 0x85EBCA6B;
        hash = (hash ^ (hash >> 13)) * 0xC2B2AE35;
        return hash ^ (hash >> 16);
    }

    private static int Width(string text, int at) => char.IsSurrogatePair(text, at) ? 2 : 1;

    private static bool IsWord(string text, int at)
    {
        if (char.IsAscii(text[at])) return char.IsAsciiLetterOrDigit(text[at]);
        return CharUnicodeInfo.GetUnicodeCategory(text, at) is <= UnicodeCategory.OtherNumber;
    }

    // Thai to Tibetan, Myanmar, Khmer, Chinese and Japanese with their extensions; the last are pairs from D840 on.
    private static bool IsSpaceless(char unit) => unit is (>= '\u0E00' and <= '\u0FFF') or (>= '\u1000' and <= '\u109F') or (>= '\u1780' and <= '\u17FF')
        or (>= '\u2E80' and <= '\u9FFF') or (>= '\uF900' and <= '\uFAFF') or (>= '\uD840' and <= '\uD8BF');
}
