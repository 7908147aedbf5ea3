namespace Serverless.Serving.Decisions;

/// <summary>A place in the log. What is written later stands at it or behind it.</summary>
/// <param name="Shard">Shard, from 0.</param>
/// <param name="Segment">Segment of the shard, from 0.</param>
/// <param name="Offset">Bytes from the segment's start.</param>
public sealed record LogPlace(int Shard, int Segment, long Offset);

/// <summary>The end of a shard as far as it is known.</summary>
/// <param name="Shard">Shard.</param>
/// <param name="Segment">Its last segment that is not empty; -1 when there is none.</param>
/// <param name="Offset">Bytes in it.</param>
/// <param name="Blocks">Blocks in it, if known, else 0.</param>
/// <param name="Line">Number of the last line.</param>
/// <param name="Hash">Hash of the last line.</param>
/// <param name="Closed">Whether the segment is closed, so that the next line opens another.</param>
internal sealed record LogHead(int Shard, int Segment, long Offset, int Blocks, long Line, string Hash, bool Closed)
{
    /// <summary>Of a shard without lines.</summary>
    public static LogHead Empty(int shard) => new(shard, -1, 0, 0, 0, LogLine.Start, Closed: true);

    /// <summary>Where the next line goes.</summary>
    public LogPlace Next => Closed ? new(Shard, Segment + 1, 0) : new(Shard, Segment, Offset);

    /// <summary>The end after one more line.</summary>
    /// <exception cref="InvalidDataException">The line does not continue this one.</exception>
    public LogHead Then(SealedLine line)
    {
        var next = Next;
        if (line.Content.Previous != Hash || line.Content.Line != Line + 1)
            throw new InvalidDataException($"The decision log is damaged at shard {Shard}, segment {next.Segment}, byte {next.Offset}: find out where with 'serverless decisions verify'.");
        return this with
        {
            Segment = next.Segment,
            Offset = next.Offset + line.Bytes.Length,
            Blocks = Closed ? 0 : Blocks,
            Line = line.Content.Line,
            Hash = line.Hash,
            Closed = line.Content.Close is not null,
        };
    }
}
