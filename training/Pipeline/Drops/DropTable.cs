using Serverless.Serving;
using Sylvan.Data.Csv;

namespace Serverless.Training.Drops;

/// <summary>The rows of a drop, read one after the other without keeping them: UTF-8, a header, delimiter found by itself, RFC 4180 quotes.</summary>
public sealed class DropTable : IAsyncDisposable
{
    private readonly CsvDataReader _csv;

    private readonly LocalDrop _drop;

    private DropTable(CsvDataReader csv, IReadOnlyList<string> header, LocalDrop drop) => (_csv, Header, _drop) = (csv, header, drop);

    /// <summary>How much of the drop has been read, 0 to 1.</summary>
    public double Fraction => (double)_drop.Parts[0].Content.Position / _drop.Bytes;

    /// <summary>Names of the columns, in the order of the file.</summary>
    public IReadOnlyList<string> Header { get; }

    /// <summary>Number of the present row: 1 is the first below the header.</summary>
    public int Row => _csv.RowNumber;

    /// <summary>Whether the present row has as many fields as the header.</summary>
    public bool Complete => _csv.RowFieldCount == Header.Count;

    /// <summary>A field of the present row; valid until the next row is read. Only for rows that are <see cref="Complete"/>.</summary>
    public ReadOnlySpan<char> this[int column] => _csv.GetFieldSpan(column);

    /// <summary>Opens a drop at its start; rejected when it is empty, has only a header, or names a column twice or not at all.</summary>
    /// <param name="drop">The drop; stays open.</param>
    /// <param name="format">How its files are written.</param>
    /// <param name="limits">What is refused.</param>
    /// <param name="cancel">Stops it.</param>
    public static async Task<Outcome<DropTable>> OpenAsync(LocalDrop drop, DropFormat format, DropLimits limits, CancellationToken cancel = default)
    {
        drop.Parts[0].Content.Position = 0;
        var options = new CsvDataReaderOptions { BufferSize = 1 << 16, OwnsReader = false };
        CsvDataReader csv;
        try
        {
            csv = await CsvDataReader.CreateAsync(new StreamReader(drop.Parts[0].Content, leaveOpen: true), options, cancel);
        }
        catch (CsvMissingHeadersException)
        {
            return Outcome<DropTable>.Reject("The file is empty: drop a CSV with a header line and rows.");
        }
        catch (CsvFormatException error)
        {
            return Outcome<DropTable>.Reject(NotCsv(error));
        }

        var header = Enumerable.Range(0, csv.FieldCount).Select(csv.GetName).ToList();
        List<string> faults =
        [
            .. header.Where(n => n.Length > 0).GroupBy(n => n).Where(g => g.Count() > 1).Select(g => $"The header names column '{g.Key}' {g.Count()} times: rename or remove one."),
            .. header.Index().Where(c => c.Item.Length == 0).Select(c => $"Column {c.Index + 1} has no name in the header: name it."),
        ];
        if (faults.Count == 0 && !csv.HasRows) faults.Add("The file has a header but no rows: drop a CSV with rows.");
        if (faults.Count == 0) return new DropTable(csv, header, drop);
        await csv.DisposeAsync();
        return Outcome<DropTable>.Reject(faults);
    }

    /// <summary>Place of a column in the header, or -1.</summary>
    public int IndexOf(string column)
    {
        for (var i = 0; i < Header.Count; i++)
        {
            if (Header[i] == column) return i;
        }

        return -1;
    }

    /// <summary>Goes to the next row.</summary>
    /// <returns>False at the end.</returns>
    /// <exception cref="InvalidDataException">The file cannot be read further; the message says where and why.</exception>
    public async ValueTask<bool> ReadAsync(CancellationToken cancel = default)
    {
        try
        {
            return await _csv.ReadAsync(cancel);
        }
        catch (CsvFormatException error)
        {
            throw new InvalidDataException(NotCsv(error), error);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _csv.DisposeAsync();

    private static string NotCsv(CsvFormatException error) => error is CsvRecordTooLargeException
        ? $"Row {error.RowNumber} is longer than 65,536 characters, perhaps because a quote does not end: write the file as RFC 4180 with shorter fields."
        : $"Row {error.RowNumber} is not valid CSV (a quote that does not end, or text after one): write the file as RFC 4180.";
}
