namespace Serverless.Serving.Decisions;

/// <summary>Reads a shard line by line and stops at the first place that is broken.</summary>
internal sealed class ShardVerification(int shard, LogCopy copy)
{
    // Which line stands at the first broken place instead of the one that belongs there; what that means takes a look further down.
    private (int Segment, long Line, long Found)? _outOfOrder;

    /// <summary>The end as far as it was read.</summary>
    public LogHead Head { get; private set; } = LogHead.Empty(shard);

    /// <summary>The first broken place, and what is wrong there; null as long as there is none.</summary>
    public string? Fault { get; private set; }

    /// <summary>Reads on from where it stands to the present end.</summary>
    /// <param name="segments">The shard's segments that were there; a live log may have more by now.</param>
    /// <param name="visit">Told of every line that is good.</param>
    /// <param name="cancel">Stops it.</param>
    public async Task ReadOnAsync(IReadOnlySet<int> segments, Action<LogHead, LogLine> visit, CancellationToken cancel)
    {
        while (Fault is null)
        {
            var next = Head.Next;
            if (!await copy.ExistsAsync(LogSegments.Container, LogSegments.Name(shard, next.Segment), cancel))
            {
                Fault = At(next.Segment, null, "the segment is missing: it was removed");
                return;
            }

            // What a live log has written since it was listed is for the next look: a busy one would never be read to its end.
            if (next.Segment > segments.Max()) return;

            var bytes = await copy.ReadAsync(LogSegments.Container, LogSegments.Name(shard, next.Segment), next.Offset, cancel);
            Lines(bytes, next, visit);
            if (bytes.Length > 0)
            {
                if (Head.Closed || Fault is not null || next.Segment < segments.Max()) continue;
                return;
            }

            // A live segment may have been closed between its reading and that of the later one: then there is more to read.
            if (await LaterLinesAsync(segments, next.Segment, cancel) && (await copy.ReadAsync(LogSegments.Container, LogSegments.Name(shard, next.Segment), next.Offset, cancel)).Length == 0)
                Fault = At(next.Segment, Head.Line + 1, $"the segment ends behind line {Head.Line} although a later one has lines: its tail was cut");
            return;
        }

        if (_outOfOrder is { } place) Fault = await OutOfOrderAsync(segments, place, cancel);
        _outOfOrder = null;
    }

    private void Lines(byte[] bytes, LogPlace from, Action<LogHead, LogLine> visit)
    {
        for (var at = 0; at < bytes.Length && Fault is null;)
        {
            var length = bytes.AsSpan(at).IndexOf((byte)'\n');
            var (number, start) = (Head.Line + 1, from.Offset + at);
            if (length < 0)
            {
                Fault = At(from.Segment, number, $"the segment ends within the line (byte {from.Offset + bytes.Length}): its tail was cut");
                return;
            }

            var line = SealedLine.Read(bytes.AsMemory(at, length));
            if (line is null) Fault = At(from.Segment, number, $"the line (bytes {start} to {start + length}) was changed: it does not have its hash");
            else if (line.Content.Line != number) (_outOfOrder, Fault) = ((from.Segment, number, line.Content.Line), "");
            else if (line.Content.Previous != Head.Hash) Fault = At(from.Segment, number, "the line does not continue the one before: one of the two was replaced");
            else if (Misplaced(line.Content, from.Segment, start)) Fault = At(from.Segment, number, "the line opens or closes another segment, or stands behind a close: lines were moved");
            else Take(line with { Bytes = bytes.AsMemory(at, length + 1) }, visit);
            at += length + 1;
        }
    }

    private bool Misplaced(LogLine line, int segment, long offset) =>
        (line.Open is null) == (offset == 0)
        || Head.Closed != (offset == 0)
        || (line.Open ?? line.Close) is { } named && (named.Shard, named.Segment) != (shard, segment);

    private void Take(SealedLine line, Action<LogHead, LogLine> visit)
    {
        Head = Head.Then(line);
        visit(Head, line.Content);
    }

    private async Task<bool> LaterLinesAsync(IReadOnlySet<int> segments, int segment, CancellationToken cancel)
    {
        foreach (var later in segments.Where(s => s > segment).Order())
            if ((await copy.ReadAsync(LogSegments.Container, LogSegments.Name(shard, later), 0, cancel)).Length > 0) return true;
        return false;
    }

    private async Task<string> OutOfOrderAsync(IReadOnlySet<int> segments, (int Segment, long Line, long Found) place, CancellationToken cancel)
    {
        var (segment, line, found) = place;
        if (found < line) return At(segment, line, $"line {found} stands here a second time");
        foreach (var later in segments.Where(s => s >= segment).Order())
        {
            var rest = await copy.ReadAsync(LogSegments.Container, LogSegments.Name(shard, later), 0, cancel);
            for (var (at, end) = (0, rest.AsSpan().IndexOf((byte)'\n')); end >= 0; at += end + 1, end = rest.AsSpan(at).IndexOf((byte)'\n'))
                if (SealedLine.Read(rest.AsMemory(at, end))?.Content.Line == line) return At(segment, line, $"line {found} stands here and line {line} further down: lines were swapped");
        }

        return At(segment, line, found == line + 1 ? "the line was removed" : $"lines {line} to {found - 1} were removed");
    }

    private string At(int segment, long? line, string what) => $"Shard {shard}, segment {segment}{(line is null ? "" : $", line {line}")}: {what}.";
}
