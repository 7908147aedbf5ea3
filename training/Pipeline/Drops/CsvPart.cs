using System.Globalization;
using Serverless.Serving;
using Sylvan.Data.Csv;

namespace Serverless.Training.Drops;

/// <summary>A CSV file of a drop, plain or as gzip: RFC 4180 with a header.</summary>
internal sealed class CsvPart : PartReader
{
    private const int Buffer = 1 << 16;

    private readonly DropPart _part;
    private readonly GzipContent? _unzipped;
    private readonly PartName _name;
    private readonly CsvDataReader _csv;
    private readonly int _maxFieldLength;
    private readonly int _maxRecordLength;

    private CsvPart(DropPart part, GzipContent? unzipped, PartName name, CsvDataReader csv, DropLimits limits, char delimiter)
    {
        (_part, _unzipped, _name, _csv, _maxFieldLength, _maxRecordLength) = (part, unzipped, name, csv, limits.MaxFieldLength, MaxRecordLength(limits));
        Header = [.. Enumerable.Range(0, csv.FieldCount).Select(csv.GetName)];
        Delimiter = delimiter;
    }

    public override IReadOnlyList<string> Header { get; }

    public override bool HasRows => _csv.HasRows;

    public override bool Complete => _csv.RowFieldCount == Header.Count;

    public override double Fraction => (double)_part.Content.Position / _part.Bytes;

    public override char? Delimiter { get; }

    public override ReadOnlySpan<char> this[int column] => _csv.GetFieldSpan(column);

    /// <summary>Opens a file that stands at its start.</summary>
    /// <param name="part">The file; stays open.</param>
    /// <param name="unzipped">Its content, where it is gzip.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="format">How it is written.</param>
    /// <param name="limits">What is refused.</param>
    /// <param name="cancel">Stops it.</param>
    public static async Task<Outcome<PartReader>> OpenAsync(DropPart part, GzipContent? unzipped, PartName name, DropFormat format, DropLimits limits, CancellationToken cancel)
    {
        CsvText? text = null;
        try
        {
            text = await CsvText.OpenAsync(unzipped is null ? part.Content.ReadAsync : unzipped.ReadAsync, format.Encoding, cancel);
            var sample = await SampleAsync(text, format.Delimiter, limits, cancel);
            if (sample.Columns > limits.MaxColumns)
                return Outcome<PartReader>.Reject(TooManyColumns(name, limits));
            var options = new CsvDataReaderOptions
            {
                BufferSize = Buffer,
                MaxBufferSize = MaxRecordLength(limits),
                Delimiter = sample.Delimiter,
                Comment = '\0', // there are no comments: a field may begin with any character, and this one was refused already
                OwnsReader = false,
            };
            var csv = await CsvDataReader.CreateAsync(text, options, cancel);
            return new CsvPart(part, unzipped, name, csv, limits, sample.Delimiter);
        }
        catch (CsvMissingHeadersException)
        {
            return Outcome<PartReader>.Reject($"{name.File} is empty: drop a CSV with a header line and rows.");
        }
        catch (CsvFormatException error)
        {
            return Outcome<PartReader>.Reject(NotCsv(error, name, [], MaxRecordLength(limits)));
        }
        catch (UnreadableException error)
        {
            return Outcome<PartReader>.Reject(Unreadable(error, name, text?.BelowHeader == true ? 1 : 0));
        }
    }

    /// <summary>What is wrong with a file of too many columns.</summary>
    public static string TooManyColumns(PartName name, DropLimits limits) =>
        string.Create(CultureInfo.InvariantCulture, $"{name.File} has more than {limits.MaxColumns:N0} columns: leave out those that the contract ignores, or raise limits.maxColumns in it.");

    /// <summary>What is wrong with a field that is too long.</summary>
    public static string TooLong(int maxFieldLength) =>
        string.Create(CultureInfo.InvariantCulture, $"is longer than {maxFieldLength:N0} characters: shorten it, end a quote that does not end, or raise limits.maxFieldLength in the contract.");

    public override async ValueTask<bool> ReadAsync(CancellationToken cancel)
    {
        try
        {
            if (!await _csv.ReadAsync(cancel)) return false;
        }
        catch (CsvFormatException error)
        {
            throw new InvalidDataException(NotCsv(error, _name, Header, _maxRecordLength), error);
        }
        catch (UnreadableException error)
        {
            throw new InvalidDataException(Unreadable(error, _name, _csv.RowNumber), error);
        }

        if (_csv.GetRawRecordSpan().Length > _maxFieldLength) CheckFields();
        return true;
    }

    public override async ValueTask DisposeAsync()
    {
        await _csv.DisposeAsync();
        if (_unzipped is not null) await _unzipped.DisposeAsync();
    }

    /// <summary>A record may be longer than a field, and its quotes may double it.</summary>
    private static int MaxRecordLength(DropLimits limits) => Math.Max(1 << 20, 2 * limits.MaxFieldLength + Buffer);

    /// <summary>Looks at the beginning until the header is whole, has too many columns or is too long to be read.</summary>
    private static async Task<CsvSample> SampleAsync(CsvText text, string? delimiter, DropLimits limits, CancellationToken cancel)
    {
        for (var enough = 1; ; enough = 2 * text.Ahead.Length)
        {
            while (!text.Done && text.Ahead.Length < enough) await text.LookAheadAsync(cancel);
            var sample = delimiter is [var given] ? CsvSample.With(text.Ahead, given) : CsvSample.Of(text.Ahead);
            if (sample.Records > 0 || sample.Columns > limits.MaxColumns || text.Done || text.Ahead.Length > MaxRecordLength(limits)) return sample;
        }
    }

    private static string Unreadable(UnreadableException error, PartName name, int row) => $"{(error.InRow ? name.Row(row) : name.File)} {error.Message}";

    private static string NotCsv(CsvFormatException error, PartName name, IReadOnlyList<string> header, int maxRecordLength) => error is CsvRecordTooLargeException
        ? string.Create(CultureInfo.InvariantCulture, $"{name.Row(error.RowNumber)} is longer than {maxRecordLength:N0} characters{(error.FieldOrdinal < header.Count ? $" at '{header[error.FieldOrdinal]}'" : "")}, perhaps because a quote does not end: write the file as RFC 4180 with shorter fields.")
        : $"{name.Row(error.RowNumber)} is not valid CSV (a quote that does not end, or text after one): write the file as RFC 4180.";

    private void CheckFields()
    {
        for (var i = 0; i < Math.Min(_csv.RowFieldCount, Header.Count); i++)
        {
            if (_csv.GetFieldSpan(i).Length > _maxFieldLength)
                throw new InvalidDataException($"{_name.Row(_csv.RowNumber)}: '{Header[i]}' {TooLong(_maxFieldLength)}");
        }
    }
}
