using System.Text.RegularExpressions;

namespace Serverless.Serving.Text;

/// <summary>Finds the identifiers of one recogniser.</summary>
internal sealed class IdFinder(IdRecogniser recogniser)
{
    private const int ContextReach = 60, MostDigits = 64;

    private readonly Regex _pattern = Compile(recogniser.Pattern);

    /// <summary>What it finds is called so.</summary>
    public string Name => recogniser.Name;

    /// <summary>What is wrong with a pattern, as the end of a sentence; null when it is good.</summary>
    public static string? FaultOf(string pattern)
    {
        try
        {
            return Compile(pattern).IsMatch("") ? "matches an empty text: write what every value must have" : null;
        }
        catch (ArgumentException error)
        {
            return $"is no regular expression: {error.Message.TrimEnd('.')}";
        }
        catch (NotSupportedException)
        {
            return "needs backtracking: write it without lookaround, back-references and atomic groups, and shorter where it repeats much";
        }
    }

    /// <summary>Adds the parts of the text that are values of the recogniser.</summary>
    /// <exception cref="RegexMatchTimeoutException">The text cannot be searched, so it must not be used.</exception>
    public void Find(ReadOnlySpan<char> plain, List<(int Start, int End)> found)
    {
        for (var from = 0; from < plain.Length;)
        {
            var matches = _pattern.EnumerateMatches(plain, from);
            if (!matches.MoveNext()) return;
            var (start, end) = (matches.Current.Index, matches.Current.Index + matches.Current.Length);
            var good = IsWhole(plain, start, end) && Passes(plain[start..end])
                && (recogniser.Context.Count == 0 || ContextWords.Around(plain, start, end, ContextReach, recogniser.Context));
            if (good) found.Add((start, end));
            from = good ? end : start + 1;
        }
    }

    // Linear in the text whatever the pattern; the limit is for a machine that stands still.
    private static Regex Compile(string pattern) =>
        new(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));

    private static bool IsWhole(ReadOnlySpan<char> plain, int start, int end) =>
        end > start && (start == 0 || !char.IsAsciiLetterOrDigit(plain[start - 1])) && (end == plain.Length || !char.IsAsciiLetterOrDigit(plain[end]));

    private bool Passes(ReadOnlySpan<char> value)
    {
        if (recogniser.Checksum is not { } checksum) return !value.Contains(FoldedText.Taken);
        Span<char> digits = stackalloc char[MostDigits];
        var count = 0;
        foreach (var unit in value)
        {
            if (!char.IsAsciiDigit(unit)) continue;
            if (count == MostDigits) return false;
            digits[count++] = unit;
        }

        return IdChecksums.Passes(checksum, digits[..count]);
    }
}
