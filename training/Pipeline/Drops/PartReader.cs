using Serverless.Serving;

namespace Serverless.Training.Drops;

/// <summary>The rows of one file of a drop, of whatever kind; the kind is told by its first bytes, never by its name.</summary>
internal abstract class PartReader : IAsyncDisposable
{
    /// <summary>Names of the columns, in the order of the file.</summary>
    public abstract IReadOnlyList<string> Header { get; }

    /// <summary>Whether there is a row below the header.</summary>
    public abstract bool HasRows { get; }

    /// <summary>Whether the present row has as many fields as the header.</summary>
    public abstract bool Complete { get; }

    /// <summary>How much of the file has been read, 0 to 1.</summary>
    public abstract double Fraction { get; }

    /// <summary>What stands between two fields; null where the kind of file has nothing there.</summary>
    public abstract char? Delimiter { get; }

    /// <summary>A field of the present row; valid until the next row is read.</summary>
    public abstract ReadOnlySpan<char> this[int column] { get; }

    /// <summary>Opens a file at its start; rejected when it is no table or breaks a limit.</summary>
    public static async Task<Outcome<PartReader>> OpenAsync(DropPart part, PartName name, DropFormat format, DropLimits limits, CancellationToken cancel)
    {
        var first = new byte[4];
        part.Content.Position = 0;
        var read = await part.Content.ReadAtLeastAsync(first, first.Length, throwOnEndOfStream: false, cancel);
        part.Content.Position = 0;
        var opened = first switch
        {
            [(byte)'P', (byte)'A', (byte)'R', (byte)'1'] => await ParquetPart.OpenAsync(part, name, limits, cancel),
            [0x1f, 0x8b, ..] => await CsvPart.OpenAsync(part, new GzipContent(part.Content, limits.MaxExpansion), name, format, limits, cancel),
            _ => await CsvPart.OpenAsync(part, null, name, format, limits, cancel),
        };
        if (opened is not Outcome<PartReader>.Done { Value: var reader } || HeaderFaults(reader.Header, name) is not { Count: > 0 } faults) return opened;
        await reader.DisposeAsync();
        return Outcome<PartReader>.Reject(faults);
    }

    /// <summary>Goes to the next row.</summary>
    /// <returns>False at the end.</returns>
    /// <exception cref="InvalidDataException">The file cannot be read further; the message says where and why.</exception>
    public abstract ValueTask<bool> ReadAsync(CancellationToken cancel);

    /// <inheritdoc/>
    public abstract ValueTask DisposeAsync();

    private static List<string> HeaderFaults(IReadOnlyList<string> header, PartName name) =>
    [
        .. header.Where(n => n.Length > 0).GroupBy(n => n).Where(g => g.Count() > 1).Select(g => $"{name.Header} names column '{g.Key}' {g.Count()} times: rename or remove one."),
        .. header.Index().Where(c => c.Item.Length == 0).Select(c => $"Column {c.Index + 1}{name.Of} has no name in the header: name it."),
    ];
}
