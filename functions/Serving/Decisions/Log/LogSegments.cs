using System.Globalization;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;

namespace Serverless.Serving.Decisions;

/// <summary>
/// The segments of the decision log: container <c>decision-log</c>, append blobs <c>{shard:00}/{segment:000000}.jsonl</c>. Every append
/// names the position that it expects, so of two writers one is refused and has to read on.
/// </summary>
internal sealed class LogSegments(StorageAccount account)
{
    /// <summary>Name of the container.</summary>
    public const string Container = "decision-log";

    private const int LongestLine = 16 * 1024; // ids and versions have at most 100 characters: a line is far shorter
    private readonly BlobContainerClient _log = account.Blobs.GetBlobContainerClient(Container);

    /// <summary>Name of a segment's blob.</summary>
    public static string Name(int shard, int segment) => string.Create(CultureInfo.InvariantCulture, $"{shard:00}/{segment:000000}.jsonl");

    /// <summary>Shard and segment of a blob's name; null when it names none.</summary>
    public static (int Shard, int Segment)? Parse(string name) =>
        name.Split('/') is [var shard, var file] && file.EndsWith(".jsonl", StringComparison.Ordinal)
        && int.TryParse(shard, NumberStyles.None, CultureInfo.InvariantCulture, out var s)
        && int.TryParse(file[..^6], NumberStyles.None, CultureInfo.InvariantCulture, out var n) && Name(s, n) == name ? (s, n) : null;

    /// <summary>The shards that are there, in order.</summary>
    public async Task<IReadOnlyList<int>> ShardsAsync(CancellationToken cancel)
    {
        var shards = new SortedSet<int>();
        await foreach (var blob in _log.GetBlobsAsync(cancellationToken: cancel))
            if (Parse(blob.Name) is { } segment) shards.Add(segment.Shard);
        return [.. shards];
    }

    /// <summary>Finds the end of a shard.</summary>
    /// <exception cref="InvalidDataException">Its last line is damaged.</exception>
    public async Task<LogHead> HeadAsync(int shard, CancellationToken cancel)
    {
        // The segment after the last one that has lines may be there already, still empty.
        var last = (Segment: -1, Length: 0L);
        await foreach (var blob in _log.GetBlobsAsync(new() { Prefix = $"{shard:00}/" }, cancel))
            if (Parse(blob.Name) is var (_, segment) && blob.Properties.ContentLength is > 0 and { } length) last = (segment, length);
        if (last.Segment < 0) return LogHead.Empty(shard);

        var tail = await ReadAsync(shard, last.Segment, Math.Max(0, last.Length - LongestLine), last.Length, cancel);
        var start = tail.Length > 1 ? tail.AsSpan(0, tail.Length - 1).LastIndexOf((byte)'\n') + 1 : 0;
        var line = tail is [.., (byte)'\n'] ? SealedLine.Read(tail.AsMemory(start, tail.Length - 1 - start)) : null;
        return line is null
            ? throw new InvalidDataException($"The decision log is damaged at the end of shard {shard}, segment {last.Segment}: find out where with 'serverless decisions verify'.")
            : new(shard, last.Segment, last.Length, 0, line.Content.Line, line.Hash, line.Content.Close is not null);
    }

    /// <summary>Reads from an offset to another, or to the present end; empty when there is nothing, or no such segment.</summary>
    public async Task<byte[]> ReadAsync(int shard, int segment, long from, long? to, CancellationToken cancel)
    {
        if (to <= from) return [];
        try
        {
            var range = new HttpRange(from, to - from);
            var read = await _log.GetBlobClient(Name(shard, segment)).DownloadContentAsync(new BlobDownloadOptions { Range = range }, cancel);
            return read.Value.Content.ToArray();
        }
        catch (RequestFailedException error) when (error.Status is 404 or 416)
        {
            return [];
        }
    }

    /// <summary>Creates a segment, still empty, unless it is there.</summary>
    public async Task CreateAsync(int shard, int segment, CancellationToken cancel)
    {
        try
        {
            await Blob(shard, segment).CreateAsync(new AppendBlobCreateOptions { Conditions = new AppendBlobRequestConditions { IfNoneMatch = ETag.All } }, cancel);
        }
        catch (RequestFailedException error) when (error.Status is 409 or 412)
        {
            // There already: another writer was faster, or this one before it crashed.
        }
    }

    /// <summary>Appends at a place.</summary>
    /// <returns>The number of blocks in the segment; null when the place is not its end any more.</returns>
    public async Task<int?> AppendAsync(LogPlace at, ReadOnlyMemory<byte> bytes, CancellationToken cancel)
    {
        try
        {
            using var content = BinaryData.FromBytes(bytes).ToStream();
            var still = new AppendBlobAppendBlockOptions { Conditions = new AppendBlobRequestConditions { IfAppendPositionEqual = at.Offset } };
            return (await Blob(at.Shard, at.Segment).AppendBlockAsync(content, still, cancel)).Value.BlobCommittedBlockCount;
        }
        catch (RequestFailedException error) when (error.Status == 412)
        {
            return null;
        }
        catch (RequestFailedException error) when (error.ErrorCode == BlobErrorCode.BlobNotFound)
        {
            throw new InvalidDataException($"The decision log lacks shard {at.Shard}, segment {at.Segment}: find out what else is missing with 'serverless decisions verify'.", error);
        }
    }

    private AppendBlobClient Blob(int shard, int segment) => _log.GetAppendBlobClient(Name(shard, segment));
}
