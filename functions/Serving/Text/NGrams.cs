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
        var normal = Normal(text);
        uint? previous = null;
        for (var at = 0; NextRun(normal, ref at, out var start);)
        {
            var run = normal.AsSpan(start, at - start);
            foreach (var word in new WordsOf(run)) AddWord(Hash(word, WordSeed), bits, ref previous, slots);
            Characters(run, bits, slots);
        }
    }

    /// <summary>Adds each word of a text, in order, normalised as its n-grams are.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="words">Gets the words.</param>
    public static void Words(string text, List<string> words)
    {
        var normal = Normal(text);
        for (var at = 0; NextRun(normal, ref at, out var start);)
            foreach (var word in new WordsOf(normal.AsSpan(start, at - start))) words.Add(word.ToString());
    }

    /// <summary>Adds the slot of a word itself, and those of the characters within it.</summary>
    /// <param name="word">One of <see cref="Words"/>.</param>
    /// <param name="bits">As for <see cref="Collect"/>, which gives the same slots; but in scripts without spaces its characters reach into the neighbours.</param>
    /// <param name="slots">Gets the slots.</param>
    public static void Pieces(ReadOnlySpan<char> word, int bits, List<int> slots)
    {
        slots.Add((int)(Hash(word, WordSeed) >> (32 - bits)));
        Characters(word, bits, slots);
    }

    /// <summary>The words of a text and its n-grams with their places in it, the slots those of <see cref="Collect"/> in the same order.</summary>
    /// <param name="normal">A text as <see cref="Normal"/> gives it.</param>
    /// <param name="bits">As for <see cref="Collect"/>.</param>
    internal static (List<(int Start, int End)> Words, List<PlacedGram> Grams) Places(string normal, int bits)
    {
        var (words, grams, slots) = (new List<(int Start, int End)>(), new List<PlacedGram>(), new List<int>());
        uint? previous = null;
        for (var at = 0; NextRun(normal, ref at, out var start);)
        {
            var run = normal.AsSpan(start, at - start);
            var from = start;
            foreach (var word in new WordsOf(run))
            {
                slots.Clear();
                AddWord(Hash(word, WordSeed), bits, ref previous, slots);
                words.Add((from, from + word.Length));
                grams.Add(new(slots[0], from, from + word.Length, OfCharacters: false));
                if (slots.Count > 1) grams.Add(new(slots[1], words[^2].Start, words[^1].End, OfCharacters: false));
                from += word.Length;
            }

            slots.Clear();
            Characters(run, bits, slots);
            var next = 0;
            for (var first = -1; next < slots.Count; first++) // in the order of Characters
            {
                for (var length = Shortest; length <= Longest && first + length <= run.Length + 1; length++)
                    grams.Add(new(slots[next++], start + first, start + first + length, OfCharacters: true));
            }
        }

        return (words, grams);
    }

    /// <summary>FNV-1a (Fowler, Noll, Vo) over UTF-16 code units, ended by the mixing step of MurmurHash3 (Appleby); the same everywhere.</summary>
    internal static uint Hash(ReadOnlySpan<char> gram, uint basis = Basis)
    {
        var hash = basis;
        foreach (var unit in gram) hash = Step(hash, unit);
        return Mix(hash);
    }

    /// <summary>A text as its n-grams are taken from.</summary>
    // A final sigma has the same capital as any other; lower case alone would leave two letters of it.
    internal static string Normal(string text) => Nfkc.Normalize(text).ToLowerInvariant().Replace('\u03C2', '\u03C3');

    // Moves behind the next run of word characters; false behind the last.
    private static bool NextRun(string normal, ref int at, out int start)
    {
        while (at < normal.Length && !IsWord(normal, at)) at += Width(normal, at);
        start = at;
        while (at < normal.Length && IsWord(normal, at)) at += Width(normal, at);
        return at > start;
    }

    private static void AddWord(uint word, int bits, ref uint? previous, List<int> slots)
    {
        slots.Add((int)(word >> (32 - bits)));
        if (previous is { } before) slots.Add((int)(Mix((before * 31) ^ word) >> (32 - bits)));
        previous = word;
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

    /// <summary>The words of a run: what stands between characters of scripts without spaces, and each of these.</summary>
    private ref struct WordsOf(ReadOnlySpan<char> run)
    {
        private ReadOnlySpan<char> _rest = run;

        public ReadOnlySpan<char> Current { get; private set; }

        public readonly WordsOf GetEnumerator() => this;

        public bool MoveNext()
        {
            if (_rest.IsEmpty) return false;
            var at = 0;
            if (IsSpaceless(_rest[0])) at = char.IsHighSurrogate(_rest[0]) ? 2 : 1;
            else while (at < _rest.Length && !IsSpaceless(_rest[at])) at++;
            Current = _rest[..at];
            _rest = _rest[at..];
            return true;
        }
    }
}

/// <summary>An n-gram and where it stands in the normalised text.</summary>
/// <param name="Slot">Its slot of the hash table.</param>
/// <param name="Start">Its first UTF-16 unit; for characters one before the run when it begins with the mark of the run's end.</param>
/// <param name="End">Behind its last; for two words behind the second, for characters one behind the run when it ends with the mark.</param>
/// <param name="OfCharacters">Characters within a run; otherwise one word, or two neighbouring ones.</param>
internal readonly record struct PlacedGram(int Slot, int Start, int End, bool OfCharacters);
