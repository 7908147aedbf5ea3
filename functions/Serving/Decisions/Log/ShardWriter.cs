namespace Serverless.Serving.Decisions;

/// <summary>
/// Writes one shard of the decision log. While an append is under way the next decisions gather, and go together into the next one: one
/// request for many under load, none that waits without it (group commit, Gray and Reuter, 1992).
/// </summary>
/// <remarks>
/// Each append names the position up to which the shard is known. When another instance was faster, or an earlier request took effect
/// although its answer was lost, the position is taken: the writer reads on, finds what it was about to write or not, and tries again
/// with the rest. So an entry is never there twice, whoever crashes when.
/// </remarks>
internal sealed class ShardWriter(int shard, LogSegments segments, DecisionLogOptions options)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, List<LogReservation>> _watched = new(StringComparer.Ordinal);
    private readonly List<LogReservation> _ready = [];
    private Task<LogHead>? _loading;
    private volatile LogHead? _head; // loaded once, then moved on by WriteAsync only
    private bool _writing;

    /// <summary>From now on the entry of this id is noticed, whoever writes it.</summary>
    public async Task<LogReservation> ReserveAsync(string entryId, CancellationToken cancel)
    {
        if (_head is null) await LoadAsync(cancel);
        lock (_gate)
        {
            var reservation = new LogReservation(this, entryId, _head!.Next);
            if (!_watched.TryGetValue(entryId, out var same)) _watched[entryId] = same = [];
            same.Add(reservation);
            return reservation;
        }
    }

    /// <summary>Writes the entry of a reservation unless it was noticed meanwhile; its task ends when it is in the log.</summary>
    public void Add(LogReservation reservation)
    {
        lock (_gate)
        {
            _ready.Add(reservation);
            if (_writing) return;
            _writing = true;
        }

        _ = Task.Run(WriteAsync);
    }

    /// <summary>Ends a reservation.</summary>
    public void Release(LogReservation reservation)
    {
        lock (_gate)
        {
            _ready.Remove(reservation);
            if (!_watched.TryGetValue(reservation.EntryId, out var same)) return;
            same.Remove(reservation);
            if (same.Count == 0) _watched.Remove(reservation.EntryId);
        }
    }

    private async Task LoadAsync(CancellationToken cancel)
    {
        Task<LogHead> loading;
        lock (_gate) loading = _loading is null or { IsCompleted: true, IsCompletedSuccessfully: false } ? _loading = segments.HeadAsync(shard, CancellationToken.None) : _loading;
        var head = await loading.WaitAsync(cancel);
        lock (_gate) _head ??= head;
    }

    private async Task WriteAsync()
    {
        while (true)
        {
            LogReservation[] batch;
            lock (_gate)
            {
                _ready.RemoveAll(r => r.Written.IsCompleted);
                if (_ready.Count == 0)
                {
                    _writing = false;
                    return;
                }

                batch = [.. _ready.DistinctBy(r => r.EntryId).Take(options.MostLines)];
            }

            try
            {
                await StepAsync(batch, _head!);
            }
            catch (Exception error)
            {
                // Wide, because whoever waits must hear of it. What is known of the shard stays true: the next append finds out the rest.
                lock (_gate)
                {
                    foreach (var reservation in batch) reservation.Fail(error);
                }
            }
        }
    }

    /// <summary>One request and what follows from it: appends the batch, or closes the full segment, or opens the next, or reads on.</summary>
    private async Task StepAsync(LogReservation[] batch, LogHead head)
    {
        var full = head.Offset >= options.MaxSegmentBytes || head.Blocks >= options.MaxSegmentBlocks;
        List<LogLine> content = head.Closed ? [new(0, "") { Open = new(shard, head.Segment + 1) }]
            : full ? [new(0, "") { Close = new(shard, head.Segment) }]
            : [.. batch.Select(r => r.Line!)];

        // The next segment is there before the present one is closed: so a closed segment without a next one was tampered with.
        if (full || head.Segment < 0) await segments.CreateAsync(shard, head.Segment + 1, CancellationToken.None);
        var lines = Chain(head, content);
        var blocks = await segments.AppendAsync(head.Next, Join(lines), CancellationToken.None);
        if (blocks is null) await ReadOnAsync(head);
        else Advance(lines, blocks.Value);
    }

    private async Task ReadOnAsync(LogHead head)
    {
        var from = head.Next;
        var bytes = await segments.ReadAsync(from.Shard, from.Segment, from.Offset, to: null, CancellationToken.None);
        List<SealedLine> lines = [];
        for (var at = 0; at < bytes.Length;)
        {
            var length = bytes.AsSpan(at).IndexOf((byte)'\n');
            var line = length < 0 ? null : SealedLine.Read(bytes.AsMemory(at, length));
            if (line is null)
                throw new InvalidDataException($"The decision log is damaged at shard {from.Shard}, segment {from.Segment}, byte {from.Offset + at}: find out where with 'serverless decisions verify'.");
            lines.Add(line with { Bytes = bytes.AsMemory(at, length + 1) });
            at += length + 1;
        }

        if (lines.Count == 0)
            throw new InvalidDataException($"The decision log has lost its end at shard {from.Shard}, segment {from.Segment}, byte {from.Offset}: find out where with 'serverless decisions verify'.");
        Advance(lines, blocks: 0);
    }

    private static List<SealedLine> Chain(LogHead head, List<LogLine> content)
    {
        List<SealedLine> lines = [];
        var (number, hash) = (head.Line, head.Hash);
        foreach (var line in content)
        {
            lines.Add(SealedLine.Of(line with { Line = ++number, Previous = hash }));
            hash = lines[^1].Hash;
        }

        return lines;
    }

    private static byte[] Join(List<SealedLine> lines)
    {
        var bytes = new byte[lines.Sum(l => l.Bytes.Length)];
        var at = 0;
        foreach (var line in lines)
        {
            line.Bytes.CopyTo(bytes.AsMemory(at));
            at += line.Bytes.Length;
        }

        return bytes;
    }

    private void Advance(List<SealedLine> lines, int blocks)
    {
        lock (_gate)
        {
            foreach (var line in lines)
            {
                _head = _head!.Then(line);
                if (line.Content.EntryId is { } id && _watched.TryGetValue(id, out var waiting))
                    foreach (var reservation in waiting) reservation.Done();
            }

            if (blocks > 0) _head = _head! with { Blocks = blocks };
        }
    }
}
