using System.Buffers;
using System.Globalization;
using Parquet;
using Parquet.Meta;
using Parquet.Schema;

namespace Serverless.Training.Drops;

/// <summary>A column of a Parquet file: the values of one row group, told as the texts that a CSV with ISO formats holds.</summary>
internal abstract class ParquetColumn(DataField column)
{
    private const long TicksOfMillisecond = TimeSpan.TicksPerMillisecond, TicksOfMicrosecond = TimeSpan.TicksPerMicrosecond;

    private bool[] _given = [];
    private int[] _levels = [];

    /// <summary>Writes a value into a buffer that is long enough.</summary>
    /// <returns>Its length.</returns>
    protected delegate int Writer<T>(T value, Span<char> text);

    /// <summary>Name of the column.</summary>
    public string Name => column.Name;

    /// <summary>The reader of a column; null where its values have no text.</summary>
    public static ParquetColumn? Of(DataField field) => field.ClrType switch
    {
        var type when type == typeof(string) || type == typeof(ReadOnlyMemory<char>) => new Texts(field),
        var type when type == typeof(bool) => new Values<bool>(field, (value, text) => Copy(value ? "true" : "false", text)),
        var type when type == typeof(DateTime) => new Values<DateTime>(field, Moment(field is DateTimeDataField { IsAdjustedToUTC: true, DateTimeFormat: DateTimeFormat.Timestamp })),
        var type when type == typeof(DateOnly) => new Values<DateOnly>(field, Formatted<DateOnly>("yyyy-MM-dd")),
        var type when type == typeof(int) && IsTime(field, ConvertedType.TIME_MILLIS) => new Values<int>(field, (value, text) => Time(value * TicksOfMillisecond, text)),
        var type when type == typeof(long) && field is TimeDataField { Precision: TimeUnitPrecision.Nanos } => new Values<long>(field, (value, text) => Time(value / TimeSpan.NanosecondsPerTick, text)),
        var type when type == typeof(long) && IsTime(field, ConvertedType.TIME_MICROS) => new Values<long>(field, (value, text) => Time(value * TicksOfMicrosecond, text)),
        var type when type == typeof(sbyte) => new Values<sbyte>(field, Formatted<sbyte>()),
        var type when type == typeof(byte) => new Values<byte>(field, Formatted<byte>()),
        var type when type == typeof(short) => new Values<short>(field, Formatted<short>()),
        var type when type == typeof(ushort) => new Values<ushort>(field, Formatted<ushort>()),
        var type when type == typeof(int) => new Values<int>(field, Formatted<int>()),
        var type when type == typeof(uint) => new Values<uint>(field, Formatted<uint>()),
        var type when type == typeof(long) => new Values<long>(field, Formatted<long>()),
        var type when type == typeof(ulong) => new Values<ulong>(field, Formatted<ulong>()),
        var type when type == typeof(float) => new Values<float>(field, Formatted<float>()),
        var type when type == typeof(double) => new Values<double>(field, Formatted<double>()),
        var type when type == typeof(decimal) => new Values<decimal>(field, Formatted<decimal>()),
        var type when type == typeof(Guid) => new Values<Guid>(field, Formatted<Guid>()),
        _ => null,
    };

    /// <summary>Reads the values of a row group, over those of the last.</summary>
    public abstract Task ReadAsync(ParquetRowGroupReader group, int rows, CancellationToken cancel);

    /// <summary>The text of a row's value, empty where it has none; valid until the next row's is asked for.</summary>
    public abstract ReadOnlySpan<char> Text(int row);

    /// <summary>The first value that is no text or too long, and what is wrong with it.</summary>
    public virtual (int Row, string Fault)? FaultAt(int maxLength, int rows) => null;

    /// <summary>Reads values and puts them into their rows.</summary>
    protected async Task ReadAsync<T>(ParquetRowGroupReader group, T[] values, int rows, CancellationToken cancel)
        where T : struct
    {
        if (group.GetMetadata(column)?.MetaData?.NumValues != rows) throw new InvalidDataException("A column has not as many values as its row group has rows.");
        if (_given.Length < rows) (_given, _levels) = (new bool[rows], new int[rows]);
        var nullable = column.MaxDefinitionLevel > 0;
        await group.ReadRawAsync(column, values.AsMemory(0, rows), nullable ? _levels.AsMemory(0, rows) : (Memory<int>?)null, null, cancel);
        var given = nullable ? _levels.AsSpan(0, rows).Count(column.MaxDefinitionLevel) : rows;
        for (var row = rows - 1; row >= 0; row--)
        {
            _given[row] = !nullable || _levels[row] == column.MaxDefinitionLevel;
            if (_given[row]) values[row] = values[--given];
        }
    }

    /// <summary>Whether a row has a value.</summary>
    protected bool Has(int row) => _given[row];

    private static bool IsTime(DataField field, ConvertedType legacy) => field is TimeDataField || field.SchemaElement?.ConvertedType == legacy;

    private static Writer<T> Formatted<T>(string? format = null)
        where T : ISpanFormattable => (value, text) => value.TryFormat(text, out var length, format, CultureInfo.InvariantCulture) ? length : throw new FormatException("A value is longer than any of its type.");

    private static Writer<DateTime> Moment(bool utc) => (value, text) =>
    {
        var format = value.TimeOfDay == TimeSpan.Zero ? "yyyy-MM-dd" : utc ? "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'" : "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF";
        value.TryFormat(text, out var length, format, CultureInfo.InvariantCulture);
        return length;
    };

    private static int Time(long ticks, Span<char> text)
    {
        new TimeOnly(ticks).TryFormat(text, out var length, "HH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture);
        return length;
    }

    private static int Copy(string value, Span<char> text)
    {
        value.CopyTo(text);
        return value.Length;
    }

    private sealed class Values<T>(DataField field, Writer<T> write) : ParquetColumn(field)
        where T : struct
    {
        private readonly char[] _text = new char[64];
        private T[] _values = [];

        public override Task ReadAsync(ParquetRowGroupReader group, int rows, CancellationToken cancel)
        {
            if (_values.Length < rows) _values = new T[rows];
            return ReadAsync(group, _values, rows, cancel);
        }

        public override ReadOnlySpan<char> Text(int row) => Has(row) ? _text.AsSpan(0, write(_values[row], _text)) : default;
    }

    private sealed class Texts(DataField field) : ParquetColumn(field)
    {
        // The library puts U+FFFD where bytes are no UTF-8, and nothing else tells.
        private static readonly SearchValues<char> Refused = SearchValues.Create('\0', '\uFFFD');

        private ReadOnlyMemory<char>[] _values = [];

        public override Task ReadAsync(ParquetRowGroupReader group, int rows, CancellationToken cancel)
        {
            if (_values.Length < rows) _values = new ReadOnlyMemory<char>[rows];
            return ReadAsync(group, _values, rows, cancel);
        }

        public override ReadOnlySpan<char> Text(int row) => Has(row) ? _values[row].Span : default;

        public override (int Row, string Fault)? FaultAt(int maxLength, int rows)
        {
            for (var row = 0; row < rows; row++)
            {
                var text = Text(row);
                if (text.Length > maxLength) return (row, CsvPart.TooLong(maxLength));
                if (text.ContainsAny(Refused)) return (row, "has a NUL character, or bytes that are not UTF-8: write the file again.");
            }

            return null;
        }
    }
}
