using System.Globalization;

namespace Serverless.Serving.Credit;

/// <summary>What the text of one field turned out to be.</summary>
public enum CellKind
{
    /// <summary>Empty, or one of the contract's missing texts.</summary>
    Missing,

    /// <summary>One of the contract's special codes.</summary>
    Special,

    /// <summary>A number, or a date in days.</summary>
    Number,

    /// <summary>A category value.</summary>
    Category,

    /// <summary>Not what the contract says.</summary>
    Fault,
}

/// <summary>One field of a row or an application, read under its contract; valid as long as the text that it was read from.</summary>
public readonly ref struct Cell
{
    private Cell(CellKind kind) => Kind = kind;

    /// <summary>What it is, and which of the other members holds it.</summary>
    public CellKind Kind { get; }

    /// <summary>Place of the code in the contract's <see cref="Column.Special"/>.</summary>
    public int Special { get; private init; }

    /// <summary>The number; finite.</summary>
    public double Number { get; private init; }

    /// <summary>The category value, trimmed.</summary>
    public ReadOnlySpan<char> Category { get; private init; }

    /// <summary>What is wrong: names the column and what to do, never the value.</summary>
    public string? Fault { get; private init; }

    /// <summary>A field without a value.</summary>
    public static Cell Missing => default;

    /// <summary>A special code, by its place in the contract.</summary>
    public static Cell OfSpecial(int place) => new(CellKind.Special) { Special = place };

    /// <summary>A number, or a date in days.</summary>
    public static Cell OfNumber(double number) => new(CellKind.Number) { Number = number };

    /// <summary>A category value, trimmed.</summary>
    public static Cell OfCategory(ReadOnlySpan<char> value) => new(CellKind.Category) { Category = value };

    internal static Cell OfFault(string fault) => new(CellKind.Fault) { Fault = fault };
}

/// <summary>
/// Reads the fields of one column, the same way from a CSV as from an application, without allocating. Blanks around a value do not
/// count. Numbers have a decimal point and no thousands separators, unless a drop's contract names another format; missing texts and
/// special codes of a number column also match by value, so that <c>-9.0</c> is the code <c>-9</c>.
/// </summary>
public sealed class ColumnReader
{
    private static readonly string[] Timestamps =
    [
        "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd HH:mmK",
    ];

    private readonly ValueFormat? _format;
    private readonly string[] _missing;
    private readonly double[] _missingNumbers;
    private readonly string[] _special;
    private readonly double[] _specialNumbers;
    private readonly double _minimum;
    private readonly double _maximum;
    private readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>>? _allowed;
    private readonly string _malformed;
    private readonly string _refused;

    /// <summary>Creates the reader of a column of a valid contract.</summary>
    /// <param name="column">The column.</param>
    /// <param name="toRowDate">Whether a date counts as the days from it to the row's date instead of the days since 1970-01-01.</param>
    /// <param name="format">How the fields are written; null for applications and for drops that write as they do.</param>
    /// <param name="codes">How the contract writes its codes, which is as its drops do.</param>
    public ColumnReader(Column column, bool toRowDate = false, ValueFormat? format = null, ValueFormat? codes = null)
    {
        Column = column;
        _format = format;
        NeedsRowDate = toRowDate && column.Type == ColumnType.Date;
        _missing = [.. column.Missing];
        _special = [.. column.Special];
        var numbers = column.Type == ColumnType.Number;
        _missingNumbers = numbers ? [.. _missing.Select(code => ValueFormat.Code(code, codes))] : [];
        _specialNumbers = numbers ? [.. _special.Select(code => ValueFormat.Code(code, codes))] : [];
        _minimum = column.Minimum ?? double.NegativeInfinity;
        _maximum = column.Maximum ?? double.PositiveInfinity;
        _allowed = column.Allowed is { } allowed
            ? new HashSet<string>(allowed, StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>()
            : null;
        _malformed = numbers
            ? $"'{column.Name}' is not a number: {format?.NumberAdvice ?? "write it with a decimal point and without thousands separators."}"
            : $"'{column.Name}' is not a date: {format?.DateAdvice ?? "write it as yyyy-MM-dd, or as a timestamp of ISO 8601."}";
        _refused = numbers
            ? string.Create(CultureInfo.InvariantCulture, $"'{column.Name}' is outside its range, {Range(column)}: correct it, or the contract.")
            : $"'{column.Name}' has a value that its contract does not allow: correct it, or add it to the contract.";
    }

    /// <summary>The contract's column.</summary>
    public Column Column { get; }

    /// <summary>Whether reading a date needs the row's date.</summary>
    public bool NeedsRowDate { get; }

    /// <summary>The readers of a contract's inputs, in its order; dates count to the row's date where the contract has one.</summary>
    /// <param name="contract">The contract.</param>
    /// <param name="format">How the fields are written; null for applications and for drops that write as they do.</param>
    public static IReadOnlyList<ColumnReader> Inputs(CreditContract contract, ValueFormat? format = null)
    {
        var codes = ValueFormat.Of(contract.Format);
        var dated = contract.Columns.Any(c => c.Role == ColumnRole.Date);
        return [.. contract.Columns.Where(c => c.Role == ColumnRole.Input).Select(c => new ColumnReader(c, dated, format, codes))];
    }

    /// <summary>The reader of a contract's date column, whose cells are days since 1970-01-01; null where it has none.</summary>
    /// <param name="contract">The contract.</param>
    /// <param name="format">How the fields are written; null for applications and for drops that write as they do.</param>
    public static ColumnReader? RowDate(CreditContract contract, ValueFormat? format = null) =>
        contract.Columns.FirstOrDefault(c => c.Role == ColumnRole.Date) is { } column ? new ColumnReader(column, false, format) : null;

    /// <summary>Reads a field.</summary>
    /// <param name="text">Its text; for CSV without the quotes.</param>
    /// <param name="rowDate">Days since 1970-01-01 of the row's date; used only where <see cref="NeedsRowDate"/>.</param>
    public Cell Read(ReadOnlySpan<char> text, double rowDate = 0)
    {
        text = text.Trim();
        if (text.IsEmpty || PlaceOf(text, _missing) >= 0) return Cell.Missing;
        var special = PlaceOf(text, _special);
        if (special >= 0) return Cell.OfSpecial(special);
        return Column.Type switch
        {
            ColumnType.Number => ReadNumber(text),
            ColumnType.Date => ReadDate(text, rowDate),
            _ => _allowed is { } allowed && !allowed.Contains(text) ? Cell.OfFault(_refused) : Cell.OfCategory(text),
        };
    }

    /// <summary>Whether a fault of this column says that the text is no number or date, and not that its value is refused.</summary>
    public bool IsMalformed(in Cell cell) => ReferenceEquals(cell.Fault, _malformed);

    private Cell ReadNumber(ReadOnlySpan<char> text)
    {
        var number = _format is null ? ValueFormat.Plain(text) : _format.Number(text);
        if (double.IsNaN(number)) return Cell.OfFault(_malformed);
        if (Array.IndexOf(_missingNumbers, number) >= 0) return Cell.Missing;
        var special = Array.IndexOf(_specialNumbers, number);
        if (special >= 0) return Cell.OfSpecial(special);
        return number >= _minimum && number <= _maximum ? Cell.OfNumber(number) : Cell.OfFault(_refused);
    }

    private Cell ReadDate(ReadOnlySpan<char> text, double rowDate)
    {
        double days;
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
            days = date.DayNumber - DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber;
        else if (DateTimeOffset.TryParseExact(text, Timestamps, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
            days = (time.UtcTicks - DateTime.UnixEpoch.Ticks) / (double)TimeSpan.TicksPerDay;
        else if (_format?.TryDate(text, out var written) == true)
            days = (written - DateTime.UnixEpoch).TotalDays;
        else
            return Cell.OfFault(_malformed);
        return Cell.OfNumber(NeedsRowDate ? rowDate - days : days);
    }

    private static int PlaceOf(ReadOnlySpan<char> text, string[] codes)
    {
        for (var i = 0; i < codes.Length; i++)
        {
            if (text.SequenceEqual(codes[i])) return i;
        }

        return -1;
    }

    private static string Range(Column column) => (column.Minimum, column.Maximum) switch
    {
        ({ } least, { } most) => string.Create(CultureInfo.InvariantCulture, $"{least} to {most}"),
        ({ } least, null) => string.Create(CultureInfo.InvariantCulture, $"{least} or more"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{column.Maximum} or less"),
    };
}
