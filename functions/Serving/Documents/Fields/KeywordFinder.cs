namespace Serverless.Serving.Documents;

/// <summary>A word or phrase of the lexicon in a line.</summary>
/// <param name="Keyword">What it says.</param>
/// <param name="Start">Its first character.</param>
/// <param name="End">The one behind its last.</param>
internal readonly record struct KeywordHit(Keyword Keyword, int Start, int End);

/// <summary>
/// Finds words of the lexicon although they were read badly: blanks may be missing or too many, marks over letters lost, a digit read for a letter,
/// and in words of five letters one, in those of nine two letters wrong (edit distance of Levenshtein 1966).
/// </summary>
internal static class KeywordFinder
{
    private const int MostTokens = 6, LongestPhrase = 40, LeastBehindDigit = 3, LeastInside = 6, LeastMisread = 5; // of four letters too many are other words: a taxi is no tax id

    /// <summary>The hits of a line, from left to right, none within another.</summary>
    public static List<KeywordHit> Find(string text)
    {
        var tokens = Tokens(text);
        List<KeywordHit> hits = [];
        Span<char> joined = stackalloc char[LongestPhrase + 24];
        Span<int> ends = stackalloc int[MostTokens];
        for (var i = 0; i < tokens.Count; i++)
        {
            var (length, count) = (0, 0);
            while (count < MostTokens && i + count < tokens.Count && length + tokens[i + count].Letters.Length <= joined.Length)
            {
                tokens[i + count].Letters.CopyTo(joined[length..]);
                length += tokens[i + count].Letters.Length;
                ends[count++] = length;
            }

            if (count == 0) continue;
            if (Match(joined[..length], ends[..count]) is not { } match)
            {
                Within(tokens[i], hits);
                continue;
            }

            // The end of a postcode, such as SL2 5FN or NE26 7HP.
            if (match is { Length: < LeastBehindDigit, Keyword: Keyword.Phone or Keyword.Registration } && tokens[i].Start > 0 && char.IsDigit(text[tokens[i].Start - 1])) continue;
            var last = 0;
            while (ends[last] < match.Length) last++;
            hits.Add(new(match.Keyword, tokens[i].Start, tokens[i + last].End));
            i += last;
        }

        return hits;
    }

    private static (Keyword Keyword, int Length)? Match(ReadOnlySpan<char> joined, ReadOnlySpan<int> ends)
    {
        if (!Lexicon.ByLetter.TryGetValue(joined[0], out var phrases)) return null;
        (Keyword Keyword, int Length)? best = null;
        foreach (var (phrase, keyword) in phrases)
        {
            if (best is { } found && phrase.Length < found.Length) break;
            if (joined.StartsWith(phrase) && (phrase.Length >= 5 || ends.Contains(phrase.Length))) return (keyword, phrase.Length);
            if (best is not null || phrase.Length < 5) continue;
            var limit = phrase.Length >= 9 ? 2 : 1;
            foreach (var end in ends)
            {
                if (end >= phrase.Length - limit && end <= phrase.Length + limit && end >= LeastMisread && Within(joined[..end], phrase, limit)) best = (keyword, end);
            }
        }

        return best;
    }

    // Words that lost their blank: long phrases anywhere in a long token.
    private static void Within((string Letters, int Start, int End) token, List<KeywordHit> hits)
    {
        for (var at = 1; at + LeastInside <= token.Letters.Length; at++)
        {
            if (!Lexicon.ByLetter.TryGetValue(token.Letters[at], out var phrases)) continue;
            foreach (var (phrase, keyword) in phrases)
            {
                if (phrase.Length < LeastInside) break;
                if (!token.Letters.AsSpan(at).StartsWith(phrase)) continue;
                hits.Add(new(keyword, token.Start + at, token.Start + at + phrase.Length));
                at += phrase.Length - 1;
                break;
            }
        }
    }

    /// <summary>Whether the edit distance of two short words is at most a limit.</summary>
    public static bool Within(ReadOnlySpan<char> a, ReadOnlySpan<char> b, int limit)
    {
        Span<int> row = stackalloc int[b.Length + 1];
        for (var j = 0; j <= b.Length; j++) row[j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            var (corner, least) = (row[0], row[0] = i);
            for (var j = 1; j <= b.Length; j++)
            {
                var above = row[j];
                row[j] = Math.Min(Math.Min(above, row[j - 1]) + 1, corner + (a[i - 1] == b[j - 1] ? 0 : 1));
                corner = above;
                least = Math.Min(least, row[j]);
            }

            if (least > limit) return false;
        }

        return row[b.Length] <= limit;
    }

    // Runs of letters, cut where small letters are followed by capitals; a digit among letters is a letter that was misread.
    private static List<(string Letters, int Start, int End)> Tokens(string text)
    {
        List<(string, int, int)> tokens = [];
        Span<char> letters = stackalloc char[64];
        for (var at = 0; at < text.Length;)
        {
            if (!char.IsLetter(text[at]))
            {
                at++;
                continue;
            }

            var (start, count) = (at, 0);
            for (; at < text.Length && count < letters.Length; at++)
            {
                if (char.IsLetter(text[at]))
                {
                    if (at > start && char.IsUpper(text[at]) && char.IsLower(text[at - 1])) break;
                    letters[count++] = Folded(text[at]);
                }
                else if (count >= 1 && Misread(text, at) is { } meant)
                {
                    letters[count++] = meant;
                }
                else
                {
                    break;
                }
            }

            tokens.Add((new string(letters[..count]), start, at));
        }

        return tokens;
    }

    private static char? Misread(string text, int at)
    {
        if (!char.IsLetter(text[at - 1]) || (at + 1 < text.Length && char.IsDigit(text[at + 1]))) return null;
        return text[at] switch { '0' => 'o', '1' or '|' => 'l', '5' => 's', '8' => 'b', _ => null };
    }

    private static char Folded(char letter) => char.ToLowerInvariant(LatinText.Bare(letter));
}
