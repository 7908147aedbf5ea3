using System.Globalization;
using Parquet;
using Parquet.Schema;
using Serverless.Serving;

namespace Serverless.Training.Drops;

/// <summary>A Parquet file of a drop, read one row group after the other.</summary>
internal sealed class ParquetPart : PartReader
{
    /// <summary>Most values of a row group: all of its columns are held at a time.</summary>
    public const long MostValues = 1 << 26;

    private const int MostFooterBytes = 64 << 20;

    private static readonly ParquetOptions Options = new() { UseDateOnlyTypeForDates = true, UseBigDecimal = false, TreatByteArrayAsString = false };

    private readonly ParquetReader _file;
    private readonly PartName _name;
    private readonly ParquetColumn[] _columns;
    private readonly int _maxFieldLength;
    private readonly long _rows;
    private int _group;
    private int _inGroup;
    private int _row;
    private int _at = -1;

    private ParquetPart(ParquetReader file, PartName name, DropLimits limits)
    {
        (_file, _name, _maxFieldLength) = (file, name, limits.MaxFieldLength);
        _columns = [.. file.Schema.DataFields.Select(c => ParquetColumn.Of(c)!)];
        _rows = file.RowGroups.Sum(g => g.RowCount);
        Header = [.. _columns.Select(c => c.Name)];
    }

    public override IReadOnlyList<string> Header { get; }

    public override bool HasRows => _rows > 0;

    public override bool Complete => true;

    public override double Fraction => _rows == 0 ? 1 : (double)_row / _rows;

    public override char? Delimiter => null;

    public override ReadOnlySpan<char> this[int column] => _columns[column].Text(_at);

    /// <summary>Opens a file that stands at its start and begins as Parquet does.</summary>
    public static async Task<Outcome<PartReader>> OpenAsync(DropPart part, PartName name, DropLimits limits, CancellationToken cancel)
    {
        if (!await EndsAsync(part, cancel)) return Outcome<PartReader>.Reject(NotParquet(name));
        ParquetReader file;
        try
        {
            file = await ParquetReader.CreateAsync(new BoundedStream(part.Content), Options, leaveStreamOpen: true, cancel);
            if (Faults(file, part, name, limits) is { Count: > 0 } faults) return Outcome<PartReader>.Reject(faults);
            return new ParquetPart(file, name, limits);
        }
        catch (Exception error) when (IsOfTheFile(error))
        {
            return Outcome<PartReader>.Reject(NotParquet(name));
        }
    }

    public override async ValueTask<bool> ReadAsync(CancellationToken cancel)
    {
        while (++_at >= _inGroup)
        {
            if (_group == _file.RowGroupCount) return false;
            await ReadGroupAsync(_file.RowGroups[_group++], cancel);
            _at = -1;
        }

        _row++;
        return true;
    }

    public override ValueTask DisposeAsync() => _file.DisposeAsync();

    // The library believes what a file says of itself: what a damaged one makes it throw is of any kind, also of the disk, which is asked for
    // places that it has not, and for want of memory.
    private static bool IsOfTheFile(Exception error) => error is not OperationCanceledException;

    private static string NotParquet(PartName name) => $"{name.File} begins as Parquet and cannot be read as such: it is cut short, damaged, encrypted or of an unknown kind. Write it again.";

    /// <summary>
    /// Whether it ends as Parquet does, with a description that is no longer than the file and any that is right, and that ends itself: the
    /// library would look for its end forever.
    /// </summary>
    private static async Task<bool> EndsAsync(DropPart part, CancellationToken cancel)
    {
        if (part.Bytes < 12) return false;
        var end = new byte[9];
        part.Content.Position = part.Bytes - end.Length;
        await part.Content.ReadExactlyAsync(end, cancel);
        part.Content.Position = 0;
        return end[0] == 0 && end.AsSpan(5).SequenceEqual("PAR1"u8) && BitConverter.ToInt32(end, 1) is > 0 and <= MostFooterBytes and var length && length <= part.Bytes - 12;
    }

    private static List<string> Faults(ParquetReader file, DropPart part, PartName name, DropLimits limits)
    {
        if (file.Metadata!.Schema.Count - 1 > limits.MaxColumns) return [CsvPart.TooManyColumns(name, limits)];
        if (file.RowGroups.Sum(g => g.RowCount) > limits.MaxRows) return [DropTable.TooManyRows(limits)];
        var unpacked = file.RowGroups.Sum(g => g.RowGroup.Columns.Sum(c => c.MetaData?.TotalUncompressedSize ?? 0));
        if (unpacked > GzipContent.AlwaysAllowed && unpacked > limits.MaxExpansion * part.Bytes) return [$"{name.File} {GzipContent.Grows(limits.MaxExpansion)}"];
        var columns = file.Schema.DataFields;
        if (file.RowGroups.Max(g => (long?)g.RowCount * columns.Length) > MostValues)
            return [string.Create(CultureInfo.InvariantCulture, $"{name.File} has a row group of more than {MostValues:N0} values: write it with smaller row groups.")];
        return
        [
            .. file.Schema.Fields.Where(f => f is not DataField { IsArray: false }).Select(f => $"Column '{f.Name}'{name.Of} is nested: drop a table whose columns hold one value a row."),
            .. columns.Where(c => c.Path.Length == 1 && ParquetColumn.Of(c) is null).Select(c => $"Column '{c.Name}'{name.Of} holds bytes or intervals: write it as text, or leave it out."),
        ];
    }

    private async Task ReadGroupAsync(ParquetRowGroupReader group, CancellationToken cancel)
    {
        _inGroup = (int)group.RowCount;
        try
        {
            foreach (var column in _columns) await column.ReadAsync(group, _inGroup, cancel);
        }
        catch (Exception error) when (IsOfTheFile(error))
        {
            throw new InvalidDataException(NotParquet(_name), error);
        }

        foreach (var column in _columns)
        {
            if (column.FaultAt(_maxFieldLength, _inGroup) is (var at, var fault)) throw new InvalidDataException($"{_name.Row(_row + at + 1)}: '{column.Name}' {fault}");
        }
    }
}
