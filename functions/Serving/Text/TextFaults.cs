using System.Globalization;

namespace Serverless.Serving.Text;

/// <summary>What makes a text unfit to be trained on or classified.</summary>
internal static class TextFaults
{
    /// <summary>The end of a sentence that begins with which text it is; null when the text is good.</summary>
    public static string? Of(ReadOnlySpan<char> text, int longest)
    {
        if (text.IsWhiteSpace()) return "is empty: write what the customer says.";
        if (text.Length > longest) return string.Create(CultureInfo.InvariantCulture, $"is longer than {longest} characters: shorten it.");
        return HasLoneSurrogate(text) ? "holds half of a surrogate pair: send it as valid Unicode." : null;
    }

    private static bool HasLoneSurrogate(ReadOnlySpan<char> text)
    {
        for (var i = text.IndexOfAnyInRange('\uD800', '\uDFFF'); i >= 0 && i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i])) continue;
            if (i + 1 == text.Length || !char.IsSurrogatePair(text[i], text[i + 1])) return true;
            i++;
        }

        return false;
    }
}
