using System.Globalization;
using Serverless.Serving.Credit;

namespace Serverless.Training.Credit;

/// <summary>Recognises dates as exports write them.</summary>
internal static class DateText
{
    private static readonly ColumnReader Reader = new(new Column { Name = "date", Type = ColumnType.Date });

    private static readonly string[] Other =
    [
        "yyyy/M/d", "d/M/yyyy", "M/d/yyyy", "d.M.yyyy", "d-M-yyyy", "M-d-yyyy", "d/M/yy", "M/d/yy", "d-MMM-yyyy", "d-MMM-yy", "d MMM yyyy", "MMM d, yyyy",
        "MMM-yyyy", "MMM-yy", "MMM yyyy", "yyyy-MM", "yyyy/MM", "MM/yyyy", "M/d/yyyy H:mm", "d/M/yyyy H:mm", "M/d/yyyy H:mm:ss", "d/M/yyyy H:mm:ss", "d.M.yyyy H:mm", "d.M.yyyy H:mm:ss",
    ];

    /// <summary>Whether a text is a date as training and scoring read it (ISO 8601).</summary>
    public static bool IsIso(ReadOnlySpan<char> text) => !double.IsNaN(Days(text));

    /// <summary>Days from 1970-01-01 to a date as training and scoring read it (ISO 8601); NaN when the text is none.</summary>
    public static double Days(ReadOnlySpan<char> text) =>
        text.Length >= 10 && text[4] == '-' && Reader.Read(text) is { Kind: CellKind.Number } cell ? cell.Number : double.NaN;

    /// <summary>Whether a text is a date written in another common way.</summary>
    public static bool IsOther(ReadOnlySpan<char> text) =>
        text.Length is >= 5 and <= 24 && text.ContainsAnyInRange('0', '9') && DateTime.TryParseExact(text, Other, CultureInfo.InvariantCulture, DateTimeStyles.None, out _);
}
