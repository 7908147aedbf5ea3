using System.Globalization;
using System.Text;

namespace Serverless.Serving;

/// <summary>What can be wrong with the format of a contract's drops.</summary>
public static class FormatFaults
{
    private const int Utf7 = 65000; // which .NET does not read, as it can hide what a text says

    /// <summary>Every fault of a format by itself, each with what to do.</summary>
    public static IReadOnlyList<string> All(DropFormat format) => [.. MemberFaults.Of(format, "format."), .. Of(format)];

    /// <summary>Every fault beyond those of its members' lengths and patterns.</summary>
    internal static IEnumerable<string> Of(DropFormat format)
    {
        if (!IsEncoding(format.Encoding))
            yield return "'format.encoding' names no encoding that is known: write its IANA name, such as utf-8, utf-16, iso-8859-1, iso-8859-15 or windows-1252.";
        if (format.Culture is { } culture && NumberCulture.Find(culture) is null)
            yield return $"'format.culture' names no culture that is known: write one of {string.Join(", ", NumberCulture.Known)}; or leave it out for a decimal point and ISO 8601 dates.";
        if (format.DateFormat is { Length: > 0 } dates && !TellsMonths(dates))
            yield return "'format.dateFormat' does not tell a date's year and month: write day, month and year as dd, MM and yyyy, such as dd.MM.yyyy.";
    }

    private static bool IsEncoding(string name)
    {
        try
        {
            return (CodePagesEncodingProvider.Instance.GetEncoding(name) ?? Encoding.GetEncoding(name)).CodePage != Utf7;
        }
        catch (Exception error) when (error is ArgumentException or NotSupportedException)
        {
            return false;
        }
    }

    private static bool TellsMonths(string format)
    {
        var month = new DateTime(1998, 11, 1); // not this year, which stands for one that is not written
        try
        {
            var culture = CultureInfo.InvariantCulture;
            return DateTime.TryParseExact(month.ToString(format, culture), format, culture, DateTimeStyles.None, out var read) && read == month;
        }
        catch (FormatException)
        {
            return false;
        }
    }
}
