namespace Serverless.Training.Drops;

/// <summary>
/// A file that can be read about as often as it is long: the Parquet library reads a file once, but goes round forever in some that are damaged.
/// </summary>
/// <param name="file">The file; stays open.</param>
internal sealed class BoundedStream(Stream file) : Stream
{
    private const int Times = 4, Always = 1 << 20;

    private long _left = (Times * file.Length) + Always;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => file.Length;

    public override long Position { get => file.Position; set => file.Position = value; }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer) => Spend(file.Read(buffer));

    public override int ReadByte()
    {
        Spend(1);
        return file.ReadByte();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => Spend(await file.ReadAsync(buffer, cancellationToken));

    public override long Seek(long offset, SeekOrigin origin) => file.Seek(offset, origin);

    public override void Flush() => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private int Spend(int read) => (_left -= Math.Max(1, read)) >= 0 ? read : throw new EndOfStreamException("The file is read again and again.");
}
