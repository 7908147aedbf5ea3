using System.Buffers;
using System.Globalization;

namespace Serverless.Serving;

/// <summary>How the numbers and dates of a drop are written, where its contract says that they are not written as in applications.</summary>
public sealed class ValueFormat
{
    private const int LongestNumber = 100;

    private readonly NumberCulture? _culture;
    private readonly SearchValues<char> _groups;
    private readonly string[] _dates;
    private readonly bool _pairs;

    private ValueFormat(NumberCulture? culture, string? dateFormat)
    {
        _culture = culture;
        _groups = SearchValues.Create(culture?.GroupSeparators ?? "");
        _dates = dateFormat is not null ? [dateFormat] : [.. culture?.DateFormats ?? []];
        _pairs = culture?.Name.EndsWith("-IN", StringComparison.Ordinal) == true; // 12,34,567
        NumberAdvice = culture is null ? null : $"write it as '{culture.Name}' does, which the contract's format.culture says.";
        DateAdvice = dateFormat is not null
            ? $"write it as {dateFormat}, which the contract's format.dateFormat says, or as yyyy-MM-dd."
            : $"write it as '{culture?.Name}' does, which the contract's format.culture says, or as yyyy-MM-dd.";
    }

    /// <summary>How to write a number; null where a number is written as in applications.</summary>
    public string? NumberAdvice { get; }

    /// <summary>How to write a date.</summary>
    public string DateAdvice { get; }

    /// <summary>The format of a valid contract's drops; null where numbers and dates are written as in applications.</summary>
    public static ValueFormat? Of(DropFormat format) =>
        format is { Culture: null, DateFormat: null } ? null : new(format.Culture is { } name ? NumberCulture.Find(name) : null, format.DateFormat);

    /// <summary>Reads a number without blanks around it.</summary>
    /// <returns>NaN where it is none. Groups must be whole, so that 1.23 is no number where a point stands between thousands.</returns>
    public double Number(ReadOnlySpan<char> text)
    {
        if (_culture is null) return Plain(text);
        if (text.Length > LongestNumber) return double.NaN;
        Span<char> plain = stackalloc char[LongestNumber];
        var (length, run, grouped, whole) = (0, 0, false, true);
        foreach (var c in text)
        {
            if (char.IsAsciiDigit(c)) run++;
            else if (whole && _groups.Contains(c))
            {
                if (grouped ? run != 3 && !(_pairs && run == 2) : run is 0 or > 3) return double.NaN;
                (grouped, run) = (true, 0);
                continue;
            }
            else if (c == _culture.DecimalSeparator || c is 'e' or 'E')
            {
                if (whole && grouped && run != 3) return double.NaN;
                whole = false;
            }
            else if (c is not ('-' or '+')) return double.NaN;
            plain[length++] = c == _culture.DecimalSeparator ? '.' : c;
        }

        return whole && grouped && run != 3 ? double.NaN : Plain(plain[..length]);
    }

    /// <summary>Reads a date, or a date with a time, that is not written as ISO 8601.</summary>
    public bool TryDate(ReadOnlySpan<char> text, out DateTime date) =>
        DateTime.TryParseExact(text, _dates, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out date);

    /// <summary>Reads the number of a code in a contract, which is written as its drops are, or as in applications.</summary>
    /// <returns>NaN where it is none.</returns>
    public static double Code(string code, ValueFormat? format) => format?.Number(code) is { } number && !double.IsNaN(number) ? number : Plain(code);

    /// <summary>Reads a number as applications write it: with a decimal point and without thousands separators.</summary>
    /// <returns>NaN where it is none: texts such as "NaN" and "Infinity", and numbers beyond the range of double, are no numbers.</returns>
    public static double Plain(ReadOnlySpan<char> text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : double.NaN;
}
