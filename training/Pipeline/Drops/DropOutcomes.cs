using System.Runtime.CompilerServices;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Serverless.Serving;

namespace Serverless.Training.Drops;

/// <summary>
/// How every drop ended: container <c>outcomes</c>, <c>{name of the drop}.json</c>. A drop with an outcome for its ETag is settled; one
/// without is still to be worked off, whatever became of its message.
/// </summary>
public sealed class DropOutcomes(StorageAccount account)
{
    // In the blob's metadata too, so that one listing tells which drops are settled.
    private const string ETagKey = "etag";
    private readonly BlobContainerClient _outcomes = account.Blobs.GetBlobContainerClient("outcomes");

    /// <summary>Reads how a drop ended; null when its present content has no outcome yet.</summary>
    internal async Task<DropOutcome?> FindAsync(DropBlob drop, CancellationToken cancel) =>
        await FindAsync(drop.Name, cancel) is { } stored && stored.ETag == Text(drop.ETag) ? stored : null;

    /// <summary>Reads how the last drop of a name ended that has ended; null when there is none.</summary>
    internal async Task<DropOutcome?> FindAsync(string name, CancellationToken cancel)
    {
        try
        {
            return (await _outcomes.GetBlobClient(StoredName(name)).DownloadContentAsync(cancel)).Value.Content.ToObjectFromJson<DropOutcome>(Json.Options);
        }
        catch (RequestFailedException error) when (error.Status == 404)
        {
            return null;
        }
    }

    /// <summary>Stores how a drop ended, over the outcome of earlier content of that name.</summary>
    internal async Task WriteAsync(DropBlob drop, RetrainOutcome outcome, DateTimeOffset now, CancellationToken cancel)
    {
        var etag = Text(drop.ETag);
        var options = new BlobUploadOptions { Metadata = new Dictionary<string, string> { [ETagKey] = etag } };
        await _outcomes.GetBlobClient(StoredName(drop.Name)).UploadAsync(BinaryData.FromBytes(Json.File(new DropOutcome(etag, now, outcome))), options, cancel);
    }

    /// <summary>Stores what was seen of a drop's quality, before its outcome.</summary>
    internal Task WriteReportAsync(DropBlob drop, IReadOnlyDictionary<string, byte[]> report, CancellationToken cancel) =>
        DropReport.WriteAsync(_outcomes, DropName.Stored(drop.Name), report, cancel);

    /// <summary>Reads what was seen of the quality of a drop that was accepted.</summary>
    internal Task<IReadOnlyDictionary<string, byte[]>> ReadReportAsync(string name, CancellationToken cancel) => DropReport.ReadAsync(_outcomes, DropName.Stored(name), cancel);

    /// <summary>Streams how the drops ended whose names begin with <paramref name="prefix"/>.</summary>
    internal async IAsyncEnumerable<DropOutcome> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancel)
    {
        await foreach (var blob in _outcomes.GetBlobsAsync(new GetBlobsOptions { Traits = BlobTraits.Metadata, Prefix = prefix }, cancel))
        {
            if (!blob.Metadata.ContainsKey(ETagKey)) continue;
            yield return (await _outcomes.GetBlobClient(blob.Name).DownloadContentAsync(cancel)).Value.Content.ToObjectFromJson<DropOutcome>(Json.Options)!;
        }
    }

    /// <summary>The settled drops whose names begin with <paramref name="prefix"/>: their ETags by name. A hundred bytes a drop.</summary>
    internal async Task<HashSet<(string StoredName, string ETag)>> SettledAsync(string prefix, CancellationToken cancel)
    {
        var settled = new HashSet<(string, string)>();
        await foreach (var blob in _outcomes.GetBlobsAsync(new GetBlobsOptions { Traits = BlobTraits.Metadata, Prefix = prefix }, cancel))
            if (blob.Metadata.TryGetValue(ETagKey, out var etag)) settled.Add((blob.Name, etag));
        return settled;
    }

    /// <summary>What <see cref="SettledAsync"/> holds of a drop that is settled.</summary>
    internal static (string StoredName, string ETag) Key(DropBlob drop) => (StoredName(drop.Name), Text(drop.ETag));

    private static string StoredName(string name) => $"{DropName.Stored(name)}.json";

    private static string Text(ETag etag) => etag.ToString().Trim('"');
}

/// <summary>How a drop ended; <c>outcomes/{name}.json</c>.</summary>
/// <param name="ETag">Of the content that was worked on.</param>
/// <param name="FinishedAt">When, UTC.</param>
/// <param name="Outcome">How.</param>
public sealed record DropOutcome(string ETag, DateTimeOffset FinishedAt, RetrainOutcome Outcome);
