using System.Globalization;

namespace Serverless.Serving.Text;

/// <summary>Where in a text what its n-grams are taken from comes from: normalising changes lengths.</summary>
internal static class TextOrigins
{
    // Characters with their marks that become one: three letters of a Hangul syllable, a half-width letter and its voicing.
    private const int MostJoined = 4;

    /// <summary>For each UTF-16 unit of a normalised text the stretch of the text that it comes from.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="normal">The same as <see cref="NGrams.Normal"/> gives it.</param>
    public static (int Start, int End)[] Of(string text, string normal)
    {
        var origins = new (int Start, int End)[normal.Length];
        for (int at = 0, done = 0; at < text.Length;)
        {
            // The shortest stretch that alone becomes what comes next; all that is left, should there be none.
            var (end, piece) = (at, "");
            for (var joined = 1; end == at || (end < text.Length && !normal.AsSpan(done).StartsWith(piece, StringComparison.Ordinal)); joined++)
            {
                end = joined <= MostJoined ? BehindMarks(text, end) : text.Length;
                piece = NGrams.Normal(text[at..end]);
            }

            var length = end == text.Length ? normal.Length - done : piece.Length;
            origins.AsSpan(done, length).Fill((at, end));
            (at, done) = (end, done + length);
        }

        return origins;
    }

    // Behind a character and the marks on it, which may change places with each other.
    private static int BehindMarks(string text, int at)
    {
        do at += char.IsSurrogatePair(text, at) ? 2 : 1;
        while (at < text.Length && CharUnicodeInfo.GetUnicodeCategory(text, at) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark);
        return at;
    }
}
