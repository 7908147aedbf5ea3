using System.Globalization;
using System.Security.Cryptography;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;

namespace Serverless.Serving.Decisions;

/// <summary>
/// The ends of the decision log, noted once a day: container <c>decision-anchors</c>, <c>{yyyy-MM-dd}.json</c>, each created once and naming
/// the hash of the one before. Where the account keeps that container under an immutability policy, nobody can rewrite the log
/// from before the last anchor, not even with all keys of the account.
/// </summary>
public sealed class DecisionAnchors(StorageAccount account, TimeProvider time)
{
    /// <summary>Name of the container.</summary>
    public const string Container = "decision-anchors";

    private readonly BlobContainerClient _anchors = account.Blobs.GetBlobContainerClient(Container);
    private readonly LogSegments _segments = new(account);

    /// <summary>Notes today's ends, unless that is done or there is no log yet.</summary>
    /// <returns>The anchor that was made; null when there was nothing to do.</returns>
    /// <exception cref="InvalidDataException">The end of a shard is damaged.</exception>
    public async Task<LogAnchor?> AnchorAsync(CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        var name = $"{now.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}.json";
        string? last = null;
        await foreach (var blob in _anchors.GetBlobsAsync(cancellationToken: cancel)) last = blob.Name;
        if (string.CompareOrdinal(last, name) >= 0) return null; // also one by a clock ahead of ours, which ours must not continue

        List<AnchoredLine> heads = [];
        foreach (var shard in await _segments.ShardsAsync(cancel))
            if (await _segments.HeadAsync(shard, cancel) is { Line: > 0 } head) heads.Add(new(shard, head.Line, head.Hash));
        if (heads.Count == 0) return null;
        var before = last is null ? null : (await _anchors.GetBlobClient(last).DownloadContentAsync(cancel)).Value.Content;
        var anchor = new LogAnchor(now, heads) { Previous = before is null ? null : HashOf(before) };
        try
        {
            var once = new BlobUploadOptions { Conditions = new BlobRequestConditions { IfNoneMatch = ETag.All } };
            await _anchors.GetBlobClient(name).UploadAsync(BinaryData.FromBytes(Json.File(anchor)), once, cancel);
            return anchor;
        }
        catch (RequestFailedException error) when (error.Status is 409 or 412)
        {
            return null; // another instance was faster
        }
    }

    internal static string HashOf(BinaryData anchor) => Convert.ToHexStringLower(SHA256.HashData(anchor));
}

/// <summary>The ends of all shards at a time.</summary>
/// <param name="At">When, UTC.</param>
/// <param name="Lines">The last line of each shard.</param>
public sealed record LogAnchor(DateTimeOffset At, IReadOnlyList<AnchoredLine> Lines)
{
    /// <summary>SHA-256 (hex) of the anchor before; absent in the first.</summary>
    public string? Previous { get; init; }
}

/// <summary>The last line of a shard.</summary>
/// <param name="Shard">Shard.</param>
/// <param name="Line">Number of the line.</param>
/// <param name="Hash">Its hash.</param>
public sealed record AnchoredLine(int Shard, long Line, string Hash);
