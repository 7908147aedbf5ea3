namespace Serverless.Tests.Training.Drops;

/// <summary>Bytes that are made when they are read: a beginning, then a block again and again up to a length.</summary>
internal sealed class GeneratedStream(byte[] beginning, byte[] block, long length) : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => length;

    public override long Position { get; set; }

    /// <summary>The furthest that was read.</summary>
    public long Furthest { get; private set; }

    public override int Read(Span<byte> buffer)
    {
        var read = 0;
        while (read < buffer.Length && Position < length)
        {
            var from = Position < beginning.Length ? beginning.AsSpan((int)Position) : block.AsSpan((int)((Position - beginning.Length) % block.Length));
            var count = (int)Math.Min(Math.Min(from.Length, buffer.Length - read), length - Position);
            from[..count].CopyTo(buffer[read..]);
            (read, Position) = (read + count, Position + count);
        }

        Furthest = Math.Max(Furthest, Position);
        return read;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => ValueTask.FromResult(Read(buffer.Span));

    public override long Seek(long offset, SeekOrigin origin) => Position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => Position + offset,
        _ => length + offset,
    };

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
