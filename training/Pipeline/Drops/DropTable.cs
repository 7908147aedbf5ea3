using System.Globalization;
using Serverless.Serving;

namespace Serverless.Training.Drops;

/// <summary>The rows of a drop, read one after the other without keeping them, file by file: CSV, CSV as gzip, or Parquet.</summary>
public sealed class DropTable : IAsyncDisposable
{
    private const int Named = 10;

    private readonly LocalDrop _drop;
    private readonly DropFormat _format;
    private readonly DropLimits _limits;
    private readonly List<int> _begins = [0];
    private PartReader _part;
    private int _sourceBegins;
    private int[] _places;

    private DropTable(LocalDrop drop, DropFormat format, DropLimits limits, PartReader first, IReadOnlyList<string> header)
    {
        (_drop, _format, _limits, _part, Header) = (drop, format, limits, first, header);
        _places = Places(first);
        Format = first.Delimiter is null ? null : ValueFormat.Of(format);
    }

    /// <summary>How much of the drop has been read, 0 to 1.</summary>
    public double Fraction => (_drop.Parts.Take(At).Sum(p => p.Bytes) + _part.Fraction * _drop.Parts[At].Bytes) / _drop.Bytes;

    /// <summary>Names of the columns, in the order of the first file.</summary>
    public IReadOnlyList<string> Header { get; }

    /// <summary>How numbers and dates are written; null where as in applications. Parquet has one way to write them, whatever the contract says.</summary>
    public ValueFormat? Format { get; }

    /// <summary>What to do about columns that were not found, where the delimiter may be why; begins with a blank, or is empty.</summary>
    public string DelimiterAdvice => Header.Count > 1 || _part.Delimiter is not { } delimiter ? "" : _format.Delimiter is null
        ? " No delimiter was found in the header, so that it was read as one column: name it in the contract's format.delimiter."
        : $" The header was read as one column, since it has no '{delimiter}', which the contract's format.delimiter names: correct it there, or remove it and the delimiter is found.";

    /// <summary>Number of the present row: 1 is the first below the header. Rows of several files are counted on; <see cref="Place"/> tells them apart.</summary>
    public int Row { get; private set; }

    /// <summary>Place of the drop that the present row came with, in a union of drops; 0 is the earliest.</summary>
    public int Source => _drop.Parts[At].Source;

    /// <summary>Whether the present row has as many fields as the header.</summary>
    public bool Complete => _part.Complete;

    /// <summary>A field of the present row; valid until the next row is read. Only for rows that are <see cref="Complete"/>.</summary>
    public ReadOnlySpan<char> this[int column] => _part[_places[column]];

    private int At => _begins.Count - 1;

    /// <summary>
    /// Opens a drop at its start; rejected when a file of it is empty, has only a header, names a column twice or not at all, or breaks a
    /// limit, and when files that came together have other columns. Of files that came with several drops, the columns that all have are read.
    /// </summary>
    /// <param name="drop">The drop; stays open.</param>
    /// <param name="format">How its files are written.</param>
    /// <param name="limits">What is refused.</param>
    /// <param name="cancel">Stops it.</param>
    public static async Task<Outcome<DropTable>> OpenAsync(LocalDrop drop, DropFormat format, DropLimits limits, CancellationToken cancel = default)
    {
        // Limits are those of a drop: a union of several may grow.
        if (drop.Parts.GroupBy(p => p.Source).Max(d => d.Sum(p => p.Bytes)) is var bytes && bytes > limits.MaxBytes)
            return Outcome<DropTable>.Reject(string.Create(CultureInfo.InvariantCulture, $"The drop has {bytes:N0} bytes, and the contract's limits.maxBytes allows {limits.MaxBytes:N0}: leave out columns that the contract ignores, or raise it."));
        var opened = await PartReader.OpenAsync(drop.Parts[0], PartName.In(drop, 0), format, limits, cancel);
        if (opened is not Outcome<PartReader>.Done { Value: var first }) return opened.Pass<DropTable>();
        var header = await HeaderAsync(drop, first, format, limits, cancel);
        if (header is Outcome<IReadOnlyList<string>>.Done { Value: var columns }) return new DropTable(drop, format, limits, first, columns);
        await first.DisposeAsync();
        return header.Pass<DropTable>();
    }

    /// <summary>What is wrong with a drop of too many rows.</summary>
    internal static string TooManyRows(DropLimits limits) => string.Create(CultureInfo.InvariantCulture, $"The drop has more than {limits.MaxRows:N0} rows: drop fewer, or raise limits.maxRows in the contract.");

    /// <summary>Place of a column in the header, or -1.</summary>
    public int IndexOf(string column)
    {
        for (var i = 0; i < Header.Count; i++)
        {
            if (Header[i] == column) return i;
        }

        return -1;
    }

    /// <summary>What messages call a row that was read, such as <c>row 17</c> or, of several files, <c>row 17 of 'b.csv'</c>.</summary>
    /// <param name="row">Its <see cref="Row"/>.</param>
    public string Place(int row)
    {
        var part = _begins.FindLastIndex(begin => begin < row);
        return string.Create(CultureInfo.InvariantCulture, $"row {row - _begins[part]}{PartName.In(_drop, part).Of}");
    }

    /// <summary>Notes that a row cannot be used.</summary>
    /// <param name="row">Its <see cref="Row"/>.</param>
    internal void Refuse(int row) => _drop.Rows?.Refuse(row - 1);

    /// <summary>Goes to the next row.</summary>
    /// <returns>False at the end.</returns>
    /// <exception cref="InvalidDataException">The drop cannot be read further; the message says where and why.</exception>
    public async ValueTask<bool> ReadAsync(CancellationToken cancel = default)
    {
        do
        {
            if (!await _part.ReadAsync(cancel) && !await ReadNextPartAsync(cancel)) return false;
            if (++Row - _sourceBegins > _limits.MaxRows) throw new InvalidDataException(TooManyRows(_limits));
        }
        while (_drop.Rows?.Left[Row - 1] == true);
        return true;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _part.DisposeAsync();

    private async ValueTask<bool> ReadNextPartAsync(CancellationToken cancel)
    {
        while (At < _drop.Parts.Count - 1)
        {
            await _part.DisposeAsync();
            Ended();
            var source = Source;
            _begins.Add(Row);
            if (Source != source) _sourceBegins = Row;
            var opened = await PartReader.OpenAsync(_drop.Parts[At], PartName.In(_drop, At), _format, _limits, cancel);
            _part = opened is Outcome<PartReader>.Done { Value: var part } ? part : throw new InvalidDataException(string.Join(' ', ((Outcome<PartReader>.Rejected)opened).Reasons));
            _places = Places(_part);
            if (await _part.ReadAsync(cancel)) return true;
        }

        Ended();
        return false;
    }

    private void Ended() => _drop.Parts[At].Rows = Row - _begins[At];

    /// <summary>Looks at all files before the first row is read: the columns that all have.</summary>
    private static async Task<Outcome<IReadOnlyList<string>>> HeaderAsync(LocalDrop drop, PartReader first, DropFormat format, DropLimits limits, CancellationToken cancel)
    {
        List<PartHeader> seen = [new(drop.Parts[0], first)];
        for (var i = 1; i < drop.Parts.Count; i++)
        {
            var opened = await PartReader.OpenAsync(drop.Parts[i], PartName.In(drop, i), format, limits, cancel);
            if (opened is not Outcome<PartReader>.Done { Value: var part }) return opened.Pass<IReadOnlyList<string>>();
            await using (part) seen.Add(new(drop.Parts[i], part));
        }

        if (!seen.Exists(p => p.HasRows)) return Outcome<IReadOnlyList<string>>.Reject(drop.Parts.Count > 1 ? "The files have headers but no rows: drop at least one with rows." : "The file has a header but no rows: drop a CSV with rows.");
        if (seen.Exists(p => p.IsCsv != seen[0].IsCsv)) return Outcome<IReadOnlyList<string>>.Reject("Some files of the drop are CSV and others Parquet: write all in one way.");
        var faults = seen.Select(p => p.DiffersFrom(seen.Find(o => o.Part.Source == p.Part.Source)!)).OfType<string>().ToList();
        return faults.Count > 0
            ? Outcome<IReadOnlyList<string>>.Reject(faults)
            : first.Header.Where(c => seen.TrueForAll(p => p.Columns.Contains(c))).ToList();
    }

    private int[] Places(PartReader part)
    {
        var places = part.Header.Index().ToDictionary(c => c.Item, c => c.Index);
        return [.. Header.Select(c => places[c])];
    }

    private sealed class PartHeader(DropPart part, PartReader read)
    {
        public DropPart Part => part;

        public HashSet<string> Columns { get; } = [.. read.Header];

        public bool HasRows { get; } = read.HasRows;

        public bool IsCsv { get; } = read.Delimiter is not null;

        public string? DiffersFrom(PartHeader first)
        {
            var differences = first.Columns.Except(Columns).Select(c => $"lacks '{c}'").Concat(Columns.Except(first.Columns).Select(c => $"has '{c}'")).Take(Named).ToList();
            return differences.Count == 0 ? null : $"'{part.Name}' has other columns than '{first.Part.Name}' (it {string.Join(", ", differences)}): the files of one drop have the same columns.";
        }
    }
}
