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
    internal async Task<DropOutcome?> FindAsync(DropBlob drop, CancellationToken cancel)
    {
        try
        {
            var stored = (await Blob(drop).DownloadContentAsync(cancel)).Value.Content.ToObjectFromJson<DropOutcome>(Json.Options)!;
            return stored.ETag == Text(drop.ETag) ? stored : null;
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
        await Blob(drop).UploadAsync(BinaryData.FromBytes(Json.File(new DropOutcome(etag, now, outcome))), options, cancel);
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
    internal static (string StoredName, string ETag) Key(DropBlob drop) => (StoredName(drop), Text(drop.ETag));

    private BlobClient Blob(DropBlob drop) => _outcomes.GetBlobClient(StoredName(drop));

    private static string StoredName(DropBlob drop) => $"{DropName.Stored(drop.Name)}.json";

    private static string Text(ETag etag) => etag.ToString().Trim('"');
}

/// <summary>How a drop ended; <c>outcomes/{name}.json</c>.</summary>
/// <param name="ETag">Of the content that was worked on.</param>
/// <param name="FinishedAt">When, UTC.</param>
/// <param name="Outcome">How.</param>
public sealed record DropOutcome(string ETag, DateTimeOffset FinishedAt, RetrainOutcome Outcome);
