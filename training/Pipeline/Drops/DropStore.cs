using System.Diagnostics;
using System.Runtime.CompilerServices;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Serverless.Serving;

namespace Serverless.Training.Drops;

/// <summary>
/// The drops: container <c>drops</c> with what came in, container <c>rejected</c> with what was refused, under the same name and with
/// <c>{name}.report.json</c> beside it; a later drop of the same name that is refused too replaces both.
/// </summary>
public sealed class DropStore(StorageAccount account)
{
    /// <summary>Name of the container.</summary>
    internal const string Container = "drops";

    private readonly BlobContainerClient _drops = account.Blobs.GetBlobContainerClient(Container);
    private readonly BlobContainerClient _rejected = account.Blobs.GetBlobContainerClient("rejected");

    /// <summary>Drops a file, or replaces the drop of that name; rejected with every fault of its name and size.</summary>
    /// <param name="name"><c>{family}/{portfolio}/{file}.csv</c>.</param>
    /// <param name="content">The CSV; seekable.</param>
    /// <param name="families">Names of the families that can be trained.</param>
    /// <param name="cancel">Stops it.</param>
    public async Task<Outcome<string>> UploadAsync(string name, Stream content, IEnumerable<string> families, CancellationToken cancel)
    {
        var read = DropName.Read(name, content.Length, families);
        if (read is not Outcome<DropName>.Done) return read.Pass<string>();

        // A drop begins a trace, which its retrain goes on with.
        var trace = Activity.Current?.Id ?? $"00-{ActivityTraceId.CreateRandom()}-{ActivitySpanId.CreateRandom()}-01";
        await _drops.GetBlobClient(name).UploadAsync(content, new BlobUploadOptions { Metadata = new Dictionary<string, string> { [Telemetry.TraceParent] = trace } }, cancel);
        return name;
    }

    /// <summary>Looks at a drop.</summary>
    /// <param name="name">Name of the blob.</param>
    /// <param name="etag">The ETag that it must have, with or without quotes, or null for any.</param>
    /// <param name="cancel">Stops it.</param>
    /// <returns>Null when it is gone or was overwritten, or when no drop can have such a name.</returns>
    internal async Task<DropBlob?> FindAsync(string name, string? etag, CancellationToken cancel)
    {
        if (!DropName.StaysInside(name)) return null;
        var conditions = etag is null ? null : new BlobRequestConditions { IfMatch = new ETag(etag.Trim('"')) };
        try
        {
            var properties = (await _drops.GetBlobClient(name).GetPropertiesAsync(conditions, cancel)).Value;
            return new(name, properties.ETag, properties.ContentLength, properties.LastModified) { TraceParent = Trace(properties.Metadata) };
        }
        catch (RequestFailedException error) when (error.Status is 404 or 412)
        {
            return null;
        }
    }

    /// <summary>Streams a drop into a temporary file; an overwrite meanwhile does not mix in.</summary>
    /// <returns>Null when it is gone or was overwritten since it was found.</returns>
    internal async Task<LocalDrop?> DownloadAsync(DropBlob drop, CancellationToken cancel)
    {
        try
        {
            await using var content = await OpenAsync(drop, cancel);
            return await LocalDrop.CopyAsync(content, cancel);
        }
        catch (RequestFailedException error) when (error.Status is 404 or 412)
        {
            return null;
        }
    }

    /// <summary>Streams the drops whose names begin with <paramref name="prefix"/>, by name.</summary>
    internal async IAsyncEnumerable<DropBlob> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancel)
    {
        await foreach (var blob in _drops.GetBlobsAsync(new GetBlobsOptions { Prefix = prefix, Traits = BlobTraits.Metadata }, cancel))
        {
            var properties = blob.Properties;
            yield return new(blob.Name, properties.ETag!.Value, properties.ContentLength ?? 0, properties.LastModified!.Value) { TraceParent = Trace(blob.Metadata) };
        }
    }

    /// <summary>Copies a drop to the rejected ones, with its report; <see cref="RemoveAsync"/> completes the move.</summary>
    internal async Task CopyToRejectedAsync(DropBlob drop, DropReport report, CancellationToken cancel)
    {
        var name = DropName.Stored(drop.Name);
        try
        {
            await using (var content = await OpenAsync(drop, cancel))
                await _rejected.GetBlobClient(name).UploadAsync(content, overwrite: true, cancel);
            await _rejected.GetBlobClient($"{name}.report.json").UploadAsync(BinaryData.FromBytes(Json.File(report)), overwrite: true, cancel);
        }
        catch (RequestFailedException error) when (IsGone(error))
        {
            // Gone or overwritten meanwhile: nothing is left to keep, and the new content has its own run.
        }
    }

    /// <summary>Deletes a drop that was rejected; one that was overwritten meanwhile stays and has its own run.</summary>
    internal async Task RemoveAsync(DropBlob drop, CancellationToken cancel)
    {
        try
        {
            await _drops.GetBlobClient(drop.Name).DeleteAsync(DeleteSnapshotsOption.IncludeSnapshots, Still(drop), cancel);
        }
        catch (RequestFailedException error) when (IsGone(error))
        {
            // Removed by an earlier delivery, or overwritten.
        }
    }

    private static string? Trace(IDictionary<string, string> metadata) => metadata.TryGetValue(Telemetry.TraceParent, out var trace) ? trace : null;

    private static bool IsGone(RequestFailedException error) => error.Status is 404 or 412 && error.ErrorCode != BlobErrorCode.ContainerNotFound;

    private async Task<Stream> OpenAsync(DropBlob drop, CancellationToken cancel) =>
        (await _drops.GetBlobClient(drop.Name).DownloadStreamingAsync(new BlobDownloadOptions { Conditions = Still(drop) }, cancel)).Value.Content;

    private static BlobRequestConditions Still(DropBlob drop) => new() { IfMatch = drop.ETag };
}

/// <summary>A drop as it was found.</summary>
/// <param name="Name">Name of the blob.</param>
/// <param name="ETag">Of its content.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="LastModified">When the content came, to the second.</param>
internal sealed record DropBlob(string Name, ETag ETag, long Bytes, DateTimeOffset LastModified)
{
    /// <summary>The trace that it came with, in its metadata; null when it came with none.</summary>
    public string? TraceParent { get; init; }

    /// <summary>The order in which drops of a portfolio are worked off: as they came, ties by name.</summary>
    public bool CameBefore(DropBlob other) =>
        LastModified != other.LastModified ? LastModified < other.LastModified : string.CompareOrdinal(Name, other.Name) < 0;
}

/// <summary>Why a drop was refused; <c>{name}.report.json</c>.</summary>
/// <param name="Drop">Name of the drop.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="RejectedAt">When, UTC.</param>
/// <param name="Reasons">What to mend; rows and columns, never values.</param>
public sealed record DropReport(string Drop, long Bytes, DateTimeOffset RejectedAt, IReadOnlyList<string> Reasons);
