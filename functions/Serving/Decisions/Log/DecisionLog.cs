using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace Serverless.Serving.Decisions;

/// <summary>
/// The log of all decisions: hash-chained, append-only, in shards that are written side by side. It holds ids, versions and keyed
/// hashes; inputs and reasons lie with the applications, where they can be erased.
/// </summary>
public sealed class DecisionLog
{
    private const long FirstLook = 64 * 1024, LargestLook = 16 << 20;
    private readonly LogSegments _segments;
    private readonly DecisionLogOptions _options;
    private readonly ConcurrentDictionary<int, ShardWriter> _writers = new();

    /// <summary>Creates the log over an account.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A setting lies outside its range.</exception>
    public DecisionLog(StorageAccount account, DecisionLogOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(options.Shards is >= 1 and <= 100, true, nameof(options.Shards));
        // A segment must have room for a decision behind its opening, else writing would open and close for ever.
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxSegmentBytes, 500);
        ArgumentOutOfRangeException.ThrowIfNotEqual(options.MaxSegmentBlocks is >= 2 and <= 40_000, true, nameof(options.MaxSegmentBlocks));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MostLines, 1);
        (_segments, _options) = (new(account), options);
    }

    /// <summary>Finds the place for a decision, or for its review, that is about to be recorded.</summary>
    /// <param name="portfolio">Portfolio.</param>
    /// <param name="applicationId">Id of the application.</param>
    /// <param name="entryId">Id of the decision or of the review.</param>
    /// <param name="cancel">Stops it.</param>
    /// <exception cref="InvalidDataException">The end of the log is damaged.</exception>
    public Task<LogReservation> ReserveAsync(string portfolio, string applicationId, string entryId, CancellationToken cancel) =>
        Writer(ShardOf(portfolio, applicationId)).ReserveAsync(entryId, cancel);

    /// <summary>Writes the entry of a decision that was recorded earlier, unless it is there.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="from">The place that was found for it then; its shard counts, even if there are more shards now.</param>
    /// <param name="cancel">Stops it.</param>
    /// <exception cref="InvalidDataException">The end of the log is damaged.</exception>
    public Task EnsureAsync(LogEntry entry, LogPlace from, CancellationToken cancel) => EnsureAsync(new LogLine(0, "") { Decision = entry }, from, cancel);

    /// <summary>Writes the entry of a review that was recorded earlier, unless it is there.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="from">The place that was found for it then.</param>
    /// <param name="cancel">Stops it.</param>
    /// <exception cref="InvalidDataException">The end of the log is damaged.</exception>
    public Task EnsureAsync(ReviewEntry entry, LogPlace from, CancellationToken cancel) => EnsureAsync(new LogLine(0, "") { Review = entry }, from, cancel);

    private async Task EnsureAsync(LogLine line, LogPlace from, CancellationToken cancel)
    {
        // Reserved before it is looked for: what is written during the look is noticed by the writer.
        using var reservation = await Writer(from.Shard).ReserveAsync(line.EntryId!, cancel);
        if (!await HoldsAsync(line.Mark, from, reservation.Place, cancel)) await reservation.WriteAsync(line, cancel);
    }

    /// <summary>Looks for an entry; it mostly stands close behind the place, so little is read at first.</summary>
    private async Task<bool> HoldsAsync(string mark, LogPlace from, LogPlace to, CancellationToken cancel)
    {
        var member = Encoding.UTF8.GetBytes(mark);
        var (segment, offset, chunk) = (from.Segment, from.Offset, FirstLook);
        while (segment < to.Segment || (segment == to.Segment && offset < to.Offset))
        {
            var end = segment == to.Segment ? Math.Min(offset + chunk, to.Offset) : offset + chunk;
            var bytes = await _segments.ReadAsync(from.Shard, segment, offset, end, cancel);
            if (bytes.AsSpan().IndexOf(member) >= 0) return true;
            var ended = bytes.Length < end - offset || (segment == to.Segment && end == to.Offset);
            (segment, offset) = ended ? (segment + 1, 0) : (segment, end - member.Length); // it may lie across the two
            chunk = Math.Min(chunk * 4, LargestLook);
        }

        return false;
    }

    private ShardWriter Writer(int shard) => _writers.GetOrAdd(shard, s => new ShardWriter(s, _segments, _options));

    private int ShardOf(string portfolio, string applicationId)
    {
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(Encoding.UTF8.GetBytes($"{portfolio}/{applicationId}"), hash);
        return (int)(BinaryPrimitives.ReadUInt32BigEndian(hash) % (uint)_options.Shards);
    }
}

/// <summary>Settings of <see cref="DecisionLog"/>.</summary>
public sealed record DecisionLogOptions
{
    /// <summary>Shards that new decisions are spread over, 1 to 100. More of them collide less between instances and group less within one.</summary>
    public int Shards { get; init; } = 2;

    /// <summary>A segment with this many bytes is closed, 500 at least: small enough to be read at once.</summary>
    public long MaxSegmentBytes { get; init; } = 16 << 20;

    /// <summary>A segment with this many blocks is closed, 2 to 40,000; storage allows 50,000.</summary>
    public int MaxSegmentBlocks { get; init; } = 20_000;

    /// <summary>Most decisions in one append, 1 at least; storage allows 4 MB.</summary>
    public int MostLines { get; init; } = 1_000;
}
