using System.Buffers.Binary;
using System.Globalization;
using Serverless.Serving;
using Serverless.Serving.Documents;
using Serverless.Training.Drops;

namespace Serverless.Training.Documents;

/// <summary>
/// A file in the IDX format of the MNIST database (LeCun, Cortes and Burges 1998), plain or as gzip: two zeros, the type of the values (8: bytes), the
/// number of dimensions, the size of each as 32 bits with the greatest first, the values.
/// </summary>
internal sealed class IdxFile : IAsyncDisposable
{
    /// <summary>Dimensions of a file of labels.</summary>
    public const int OfLabels = 1;

    /// <summary>Dimensions of a file of pictures: number, height, width.</summary>
    public const int OfPictures = 3;

    private const byte Bytes = 8;

    private readonly DropPart _part;
    private readonly GzipContent? _unzipped;

    private IdxFile(DropPart part, GzipContent? unzipped) => (_part, _unzipped) = (part, unzipped);

    /// <summary>Size of each dimension.</summary>
    public IReadOnlyList<int> Sizes { get; private set; } = [];

    /// <summary>Begins a sentence about the file.</summary>
    public string Name => $"'{_part.Name}'";

    /// <summary>How much of the file has been read, 0 to 1.</summary>
    public double Fraction => (double)_part.Content.Position / _part.Bytes;

    /// <summary>Opens a file and reads its head; rejected when it is not the head of pictures or labels.</summary>
    /// <param name="part">The file; stays open.</param>
    /// <param name="maxExpansion">Most times that compressed content may grow.</param>
    /// <param name="cancel">Stops it.</param>
    public static async Task<Outcome<IdxFile>> OpenAsync(DropPart part, int maxExpansion, CancellationToken cancel)
    {
        part.Content.Position = 0;
        var first = new byte[2];
        await part.Content.ReadAtLeastAsync(first, 2, throwOnEndOfStream: false, cancel);
        part.Content.Position = 0;
        var file = new IdxFile(part, first is [0x1f, 0x8b] ? new GzipContent(part.Content, maxExpansion) : null);
        try
        {
            if (await file.HeadAsync(cancel) is not { } fault) return file;
            await file.DisposeAsync();
            return Outcome<IdxFile>.Reject(fault);
        }
        catch (InvalidDataException error)
        {
            await file.DisposeAsync();
            return Outcome<IdxFile>.Reject(error.Message);
        }
    }

    /// <summary>What is wrong with pictures of such a size; null when nothing is.</summary>
    public string? PictureFault(PictureLimits limits) =>
        Sizes[1] < 1 || Sizes[2] < 1 ? $"{Name} says that its pictures have no pixels: write the IDX file again."
        : (long)Sizes[1] * Sizes[2] > limits.MaxPixels || Sizes[1] > limits.MaxSide || Sizes[2] > limits.MaxSide
            ? string.Create(CultureInfo.InvariantCulture, $"{Name} says that its pictures have {Sizes[2]} x {Sizes[1]} pixels, and a picture may have {limits.MaxPixels} in all and {limits.MaxSide} a side: write the IDX file again, or raise picture.limits in the contract.")
            : null;

    /// <summary>Reads the next values.</summary>
    /// <param name="values">All of it is filled.</param>
    /// <param name="cancel">Stops it.</param>
    /// <exception cref="InvalidDataException">The file ends before, or cannot be unpacked.</exception>
    public async Task ReadAsync(Memory<byte> values, CancellationToken cancel)
    {
        if (await SomeAsync(values, cancel) < values.Length)
            throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"{Name} is too short: its head says {string.Join(" x ", Sizes)} values, and it ends before. Drop the whole file."));
    }

    /// <summary>Asks that nothing comes any more.</summary>
    /// <param name="cancel">Stops it.</param>
    /// <exception cref="InvalidDataException">Something comes.</exception>
    public async Task EndAsync(CancellationToken cancel)
    {
        if (await SomeAsync(new byte[1], cancel) > 0)
            throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"{Name} is too long: its head says {string.Join(" x ", Sizes)} values, and more come behind them. Write the IDX file again."));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_unzipped is not null) await _unzipped.DisposeAsync();
    }

    private async Task<string?> HeadAsync(CancellationToken cancel)
    {
        var magic = new byte[4];
        if (await SomeAsync(magic, cancel) < magic.Length) return $"{Name} is too short for the head of an IDX file: drop the whole file.";
        if (magic[0] != 0 || magic[1] != 0 || magic[2] != Bytes || magic[3] is not (OfLabels or OfPictures))
            return $"{Name} has another magic number than IDX files of labels (00000801) or of pictures of one channel (00000803), both of bytes: it begins with {Convert.ToHexStringLower(magic)}. Write it again, or drop a ZIP of pictures.";
        var sizes = new byte[4 * magic[3]];
        if (await SomeAsync(sizes, cancel) < sizes.Length) return $"{Name} is too short for the head of an IDX file: drop the whole file.";
        var read = Enumerable.Range(0, magic[3]).Select(i => BinaryPrimitives.ReadInt32BigEndian(sizes.AsSpan(4 * i))).ToArray();
        Sizes = read;
        return Array.Exists(read, size => size < 0) ? $"{Name} says that it has more values than a file can have: write the IDX file again." : null;
    }

    private async Task<int> SomeAsync(Memory<byte> values, CancellationToken cancel)
    {
        var read = 0;
        try
        {
            while (read < values.Length)
            {
                var more = _unzipped is null ? await _part.Content.ReadAsync(values[read..], cancel) : await _unzipped.ReadAsync(values[read..], cancel);
                if (more == 0) break;
                read += more;
            }
        }
        catch (UnreadableException error)
        {
            throw new InvalidDataException($"{Name} {error.Message}", error);
        }

        return read;
    }
}
