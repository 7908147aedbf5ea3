using System.Globalization;

namespace Serverless.Training.Credit;

/// <summary>Recognises dates as exports write them.</summary>
internal static class DateText
{
    private static readonly string[] Iso = ["yyyy-MM-dd", "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mm:ssK"];

    private static readonly string[] Other =
    [
        "yyyy/M/d", "d/M/yyyy", "M/d/yyyy", "d.M.yyyy", "d-M-yyyy", "M-d-yyyy", "d/M/yy", "M/d/yy", "d-MMM-yyyy", "d-MMM-yy", "d MMM yyyy", "MMM d, yyyy",
        "MMM-yyyy", "MMM-yy", "MMM yyyy", "yyyy-MM", "yyyy/MM", "MM/yyyy", "M/d/yyyy HH:mm", "d/M/yyyy HH:mm", "M/d/yyyy HH:mm:ss", "d/M/yyyy HH:mm:ss", "yyyy-MM-dd HH:mm:ss.FFF", "yyyy-MM-dd HH:mm",
    ];

    /// <summary>Whether a text is a date in ISO 8601.</summary>
    public static bool IsIso(ReadOnlySpan<char> text) =>
        text.Length >= 10 && text[4] == '-' && DateTime.TryParseExact(text, Iso, CultureInfo.InvariantCulture, DateTimeStyles.None, out _);

    /// <summary>Whether a text is a date written in another common way.</summary>
    public static bool IsOther(ReadOnlySpan<char> text) =>
        text.Length is >= 5 and <= 24 && text.ContainsAnyInRange('0', '9') && DateTime.TryParseExact(text, Other, CultureInfo.InvariantCulture, DateTimeStyles.None, out _);
}
