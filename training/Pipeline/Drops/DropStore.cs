using System.Runtime.CompilerServices;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Serverless.Serving;

namespace Serverless.Training.Drops;

/// <summary>
/// The drops: container <c>drops</c> with what came in, tables and manifests with their parts, container <c>rejected</c> with what was refused, under the same name and with
/// <c>{name}.report.json</c> beside it; a later drop of the same name that is refused too replaces both.
/// </summary>
public sealed class DropStore(StorageAccount account)
{
    /// <summary>Name of the container.</summary>
    internal const string Container = "drops";

    /// <summary>Name of the container with what was refused.</summary>
    internal const string Rejected = "rejected";

    private readonly BlobContainerClient _drops = account.Blobs.GetBlobContainerClient(Container);
    private readonly BlobContainerClient _rejected = account.Blobs.GetBlobContainerClient(Rejected);

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

    /// <summary>Streams a drop that is one table into a temporary file; an overwrite meanwhile does not mix in.</summary>
    /// <param name="drop">The drop.</param>
    /// <param name="source">Its place in the union of drops that it is read in.</param>
    /// <param name="cancel">Stops it.</param>
    /// <returns>Null when it is gone or was overwritten since it was found.</returns>
    internal Task<DropPart?> DownloadAsync(DropBlob drop, int source, CancellationToken cancel) => UnlessGoneAsync(async () =>
    {
        await using var content = await OpenAsync(drop, cancel);
        return await DropPart.CopyAsync(drop.Name[(drop.Name.LastIndexOf('/') + 1)..], content, cancel, source);
    });

    /// <summary>Reads a drop that is a manifest.</summary>
    /// <returns>Null when it is gone or was overwritten since it was found.</returns>
    internal Task<BinaryData?> ReadManifestAsync(DropBlob drop, CancellationToken cancel) => UnlessGoneAsync<BinaryData>(async () =>
        (await _drops.GetBlobClient(drop.Name).DownloadContentAsync(new BlobDownloadOptions { Conditions = Still(drop) }, cancel)).Value.Content);

    /// <summary>Streams the parts of a drop into temporary files; rejected with every part that is not what the manifest lists.</summary>
    /// <param name="manifest">Name of the manifest's blob.</param>
    /// <param name="listed">Its parts.</param>
    /// <param name="source">The drop's place in the union of drops that it is read in.</param>
    /// <param name="cancel">Stops it.</param>
    /// <remarks>The manifest comes last, so a part that is not there will not come by waiting: whoever wrote the drop has to look.</remarks>
    internal async Task<Outcome<IReadOnlyList<DropPart>>> DownloadPartsAsync(string manifest, IReadOnlyList<ListedPart> listed, int source, CancellationToken cancel)
    {
        var (parts, faults) = (new List<DropPart>(), new List<string>());
        try
        {
            foreach (var part in listed)
            {
                if (await DownloadPartAsync(DropName.PartsOf(manifest), part, source, faults, cancel) is { } local) parts.Add(local);
            }

            if (faults.Count == 0) return parts;
            await DisposeAsync(parts);
            return Outcome<IReadOnlyList<DropPart>>.Reject(faults);
        }
        catch
        {
            await DisposeAsync(parts);
            throw;
        }
    }

    /// <summary>Streams what lies among the drops under names that begin with <paramref name="prefix"/>, by name: drops and their parts.</summary>
    internal async IAsyncEnumerable<DropBlob> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancel)
    {
        await foreach (var blob in _drops.GetBlobsAsync(new GetBlobsOptions { Prefix = prefix, Traits = BlobTraits.Metadata }, cancel))
        {
            var properties = blob.Properties;
            yield return new(blob.Name, properties.ETag!.Value, properties.ContentLength ?? 0, properties.LastModified!.Value) { TraceParent = Trace(blob.Metadata) };
        }
    }

    /// <summary>
    /// Copies a drop with its parts to the rejected ones, with its report in the place of earlier ones; <see cref="RemoveAsync"/>
    /// completes the move.
    /// </summary>
    /// <param name="drop">The drop.</param>
    /// <param name="report">The files of its report, by what stands behind the drop's name.</param>
    /// <param name="cancel">Stops it.</param>
    internal async Task CopyToRejectedAsync(DropBlob drop, IReadOnlyDictionary<string, byte[]> report, CancellationToken cancel)
    {
        var name = DropName.Stored(drop.Name);
        try
        {
            if (DropName.IsManifestName(drop.Name)) await CopyPartsAsync(drop.Name, cancel);
            await using (var content = await OpenAsync(drop, cancel))
                await _rejected.GetBlobClient(name).UploadAsync(content, overwrite: true, cancel);
            await DropReport.WriteAsync(_rejected, name, report, cancel);
        }
        catch (RequestFailedException error) when (IsGone(error))
        {
            // Gone or overwritten meanwhile: nothing is left to keep, and the new content has its own run.
        }
    }

    /// <summary>
    /// Deletes a drop that was rejected, its parts before the manifest that leads to them; one that was overwritten meanwhile stays with
    /// its parts and has its own run.
    /// </summary>
    internal async Task RemoveAsync(DropBlob drop, CancellationToken cancel)
    {
        if (DropName.IsManifestName(drop.Name))
        {
            var parts = await ListPartsAsync(_drops, drop.Name, cancel).ToListAsync(cancel);
            if (parts.Count > 0 && await FindAsync(drop.Name, drop.ETag.ToString(), cancel) is null) return;
            // Those that came behind the manifest belong to the next one.
            foreach (var part in parts.Where(p => p.Properties.LastModified <= drop.LastModified)) await DeleteAsync(part.Name, part.Properties.ETag, cancel);
        }

        await DeleteAsync(drop.Name, drop.ETag, cancel);
    }

    private async Task CopyPartsAsync(string manifest, CancellationToken cancel)
    {
        var copied = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var part in ListPartsAsync(_drops, manifest, cancel))
        {
            try
            {
                await using var content = (await _drops.GetBlobClient(part.Name).DownloadStreamingAsync(cancellationToken: cancel)).Value.Content;
                await _rejected.GetBlobClient(part.Name).UploadAsync(content, overwrite: true, cancel);
                copied.Add(part.Name);
            }
            catch (RequestFailedException error) when (error.ErrorCode == BlobErrorCode.BlobNotFound)
            {
                // Somebody took this part away meanwhile: the others and the report are kept all the same.
            }
        }

        // Of an earlier drop of that name, whose manifest is overwritten too.
        await foreach (var stale in ListPartsAsync(_rejected, manifest, cancel).Where(p => !copied.Contains(p.Name)))
            await _rejected.GetBlobClient(stale.Name).DeleteIfExistsAsync(cancellationToken: cancel);
    }

    private async Task<DropPart?> DownloadPartAsync(string folder, ListedPart listed, int source, List<string> faults, CancellationToken cancel)
    {
        BlobDownloadStreamingResult found;
        try
        {
            found = (await _drops.GetBlobClient(folder + listed.Name).DownloadStreamingAsync(cancellationToken: cancel)).Value;
        }
        catch (RequestFailedException error) when (error.ErrorCode == BlobErrorCode.BlobNotFound)
        {
            faults.Add($"Part '{listed.Name}' is not there: upload all parts to drops/{folder} before the manifest, then the manifest again.");
            return null;
        }

        await using var content = found.Content;
        if (found.Details.ContentLength != listed.Bytes)
        {
            faults.Add($"Part '{listed.Name}' has {found.Details.ContentLength} bytes and the manifest says {listed.Bytes}: upload all parts that the manifest lists, then the manifest again.");
            return null;
        }

        var part = await DropPart.CopyAsync(listed.Name, content, cancel, source);
        if (part.Sha256 == listed.Sha256) return part;
        await part.DisposeAsync();
        faults.Add($"Part '{listed.Name}' has another SHA-256 than the manifest says: upload all parts that the manifest lists, then the manifest again.");
        return null;
    }

    private static async Task<T?> UnlessGoneAsync<T>(Func<Task<T>> read)
        where T : class
    {
        try
        {
            return await read();
        }
        catch (RequestFailedException error) when (error.Status is 404 or 412)
        {
            return null;
        }
    }

    private static async Task DisposeAsync(IEnumerable<DropPart> parts)
    {
        foreach (var part in parts) await part.DisposeAsync();
    }

    private static AsyncPageable<BlobItem> ListPartsAsync(BlobContainerClient container, string manifest, CancellationToken cancel) =>
        container.GetBlobsAsync(new GetBlobsOptions { Prefix = DropName.PartsOf(manifest) }, cancel);

    private async Task DeleteAsync(string name, ETag? etag, CancellationToken cancel)
    {
        try
        {
            await _drops.GetBlobClient(name).DeleteAsync(DeleteSnapshotsOption.IncludeSnapshots, new BlobRequestConditions { IfMatch = etag }, cancel);
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
