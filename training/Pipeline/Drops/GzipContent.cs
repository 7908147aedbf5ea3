using System.Globalization;
using System.IO.Compression;

namespace Serverless.Training.Drops;

/// <summary>
/// The content of a gzip file, which may have several members. .NET takes a file that is cut short, or has other bytes behind it, for one
/// that ends there: so it is given one more small member, the mark, and only a whole file lets that come out at the end.
/// </summary>
internal sealed class GzipContent : IAsyncDisposable
{
    /// <summary>So many bytes may come out of any file, whatever its size.</summary>
    public const long AlwaysAllowed = 16 << 20;

    private static readonly byte[] Mark = [.. "end of the drop."u8];
    private static readonly byte[] MarkMember = Compress(Mark);

    private readonly MarkedStream _zipped;
    private readonly GZipStream _unzipped;
    private readonly int _maxExpansion;
    private readonly byte[] _held = new byte[1 << 16];
    private int _from;
    private int _to;
    private long _out;

    /// <summary>Unzips a file from where it stands.</summary>
    /// <param name="file">The file; stays open.</param>
    /// <param name="maxExpansion">Most times that more may come out than was read.</param>
    public GzipContent(Stream file, int maxExpansion)
    {
        _zipped = new MarkedStream(file);
        _unzipped = new GZipStream(_zipped, CompressionMode.Decompress);
        _maxExpansion = maxExpansion;
    }

    /// <summary>What is wrong with a file that grows too much.</summary>
    public static string Grows(int maxExpansion) => string.Create(CultureInfo.InvariantCulture, $"grows more than {maxExpansion} times when it is unpacked: if that is right, raise limits.maxExpansion in the contract.");

    /// <summary>Reads on.</summary>
    /// <returns>Number of bytes; 0 at the end.</returns>
    /// <exception cref="UnreadableException">The file is damaged, or grows too much.</exception>
    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancel)
    {
        // The last bytes are held back: when none come after them, they must be the mark.
        while (_to - _from <= Mark.Length)
        {
            _held.AsSpan(_from.._to).CopyTo(_held);
            (_from, _to) = (0, _to - _from);
            var read = await UnzipAsync(_held.AsMemory(_to), cancel);
            if (read == 0) return _held.AsSpan(0, _to).SequenceEqual(Mark) ? 0 : throw Damaged();
            _to += read;
            _out += read;
            if (_out > AlwaysAllowed && _out > _maxExpansion * _zipped.Taken)
                throw new UnreadableException(Grows(_maxExpansion), false);
        }

        var count = Math.Min(buffer.Length, _to - _from - Mark.Length);
        _held.AsMemory(_from, count).CopyTo(buffer);
        _from += count;
        return count;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _unzipped.DisposeAsync();

    private static UnreadableException Damaged() => new("cannot be unpacked: its gzip is cut short, damaged, or followed by other bytes. Compress it and drop it again.", false);

    private static byte[] Compress(byte[] content)
    {
        using var zipped = new MemoryStream();
        using (var gzip = new GZipStream(zipped, CompressionLevel.Optimal)) gzip.Write(content);
        return zipped.ToArray();
    }

    private async ValueTask<int> UnzipAsync(Memory<byte> buffer, CancellationToken cancel)
    {
        try
        {
            return await _unzipped.ReadAsync(buffer, cancel);
        }
        catch (InvalidDataException)
        {
            throw Damaged();
        }
    }

    /// <summary>The file, then the mark.</summary>
    private sealed class MarkedStream(Stream file) : Stream
    {
        private int _marked;

        /// <summary>Bytes of the file that were read.</summary>
        public long Taken { get; private set; }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await file.ReadAsync(buffer, cancellationToken);
            Taken += read;
            if (read > 0) return read;
            var count = Math.Min(buffer.Length, MarkMember.Length - _marked);
            MarkMember.AsMemory(_marked, count).CopyTo(buffer);
            _marked += count;
            return count;
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
