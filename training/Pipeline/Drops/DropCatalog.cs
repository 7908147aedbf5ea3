using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Serverless.Serving;
using Serverless.Serving.Poison;

namespace Serverless.Training.Drops;

/// <summary>The drops as people look at them: which wait, how each ended, why, and once more for one that was rejected.</summary>
public sealed class DropCatalog(StorageAccount account, DropStore drops, DropOutcomes outcomes, PoisonStore poison, DropUpload upload)
{
    private readonly BlobContainerClient _drops = account.Blobs.GetBlobContainerClient(DropStore.Container);
    private readonly BlobContainerClient _rejected = account.Blobs.GetBlobContainerClient(DropStore.Rejected);

    /// <summary>Every drop whose name begins with <paramref name="prefix"/>: those that wait by name, then those that ended, the latest last.</summary>
    public async Task<IReadOnlyList<DropState>> ListAsync(string prefix, CancellationToken cancel)
    {
        var ended = await outcomes.ListAsync(prefix, cancel).ToListAsync(cancel);
        var settled = ended.Select(e => (e.Outcome.Drop, e.ETag)).ToHashSet();
        var states = new List<DropState>();
        await foreach (var drop in drops.ListAsync(prefix, cancel))
        {
            if (DropName.IsPart(drop.Name) || settled.Contains((drop.Name, drop.ETag.ToString().Trim('"')))) continue;
            var failed = await poison.HoldsBlobAsync(DropStore.Container, drop.Name, drop.ETag.ToString(), cancel);
            states.Add(new(drop.Name, failed ? "failed" : "waiting", drop.LastModified, null, failed ? ["It failed again and again: see 'serverless poison list'."] : []));
        }

        return [.. states, .. ended.OrderBy(e => e.FinishedAt).ThenBy(e => e.Outcome.Drop, StringComparer.Ordinal).Select(DropState.Of)];
    }

    /// <summary>How a drop ended, with the files of its report; rejected when it did not end, or there is none.</summary>
    /// <param name="name">Name of the blob in container <c>drops</c>.</param>
    /// <param name="cancel">Stops it.</param>
    public async Task<Outcome<ReportedDrop>> ReportAsync(string name, CancellationToken cancel)
    {
        if (!DropName.StaysInside(name)) return Unknown<ReportedDrop>();
        if (await outcomes.FindAsync(name, cancel) is not { } ended)
        {
            return await drops.FindAsync(name, null, cancel) is null
                ? Unknown<ReportedDrop>()
                : Outcome<ReportedDrop>.Reject($"Drop '{name}' has no report yet, since nobody has worked on it: see 'serverless drops list'.");
        }

        var rejected = ended.Outcome.Result == RetrainResult.Rejected;
        var files = rejected ? await DropReport.ReadAsync(_rejected, DropName.Stored(name), cancel) : await outcomes.ReadReportAsync(name, cancel);
        return new ReportedDrop(DropState.Of(ended), ended.Outcome, files);
    }

    /// <summary>Puts a rejected drop back among the drops, as new content, so that it is worked off again.</summary>
    /// <returns>Its files; rejected when it was not rejected, or new content has its name.</returns>
    /// <remarks>
    /// The order: the parts, then the blob that starts the run, then the copies among the rejected go, unless the run is so fast that they
    /// are new ones already. A crash before the start leaves the drop among the rejected, to be tried again; one after it leaves copies.
    /// </remarks>
    public async Task<Outcome<int>> RetryAsync(string name, CancellationToken cancel)
    {
        if (!DropName.StaysInside(name)) return Unknown<int>();
        var kept = await KeptAsync(name, cancel);
        if (!kept.Exists(b => b.Name == name)) return Outcome<int>.Reject($"'{name}' is not among the rejected drops: see 'serverless drops list'.");
        if (await _drops.GetBlobClient(name).ExistsAsync(cancel)) return Overtaken(name);

        var parts = kept.Where(b => DropName.IsPart(b.Name)).ToList();
        if (DropName.IsManifestName(name) && await HasNewerPartsAsync(name, parts, cancel))
            return Outcome<int>.Reject($"Parts of a newer drop of the name '{name}' are coming in: wait for its manifest, or remove them, and repeat this.");
        foreach (var part in parts)
        {
            await using var content = (await _rejected.GetBlobClient(part.Name).DownloadStreamingAsync(cancellationToken: cancel)).Value.Content;
            await _drops.GetBlobClient(part.Name).UploadAsync(content, overwrite: true, cancel);
        }

        await using (var content = (await _rejected.GetBlobClient(name).DownloadStreamingAsync(cancellationToken: cancel)).Value.Content)
        {
            if (!await upload.StartOnceAsync(name, content, cancel)) return Overtaken(name);
        }

        foreach (var blob in kept) await DeleteAsync(blob, cancel);
        return 1 + parts.Count;
    }

    private static Outcome<int> Overtaken(string name) =>
        Outcome<int>.Reject($"Another drop of the name '{name}' has come since: see 'serverless drops list', and drop the file again under another name if its rows are still wanted.");

    // Parts that a retry left behind when it died are the same as those that were kept.
    private async Task<bool> HasNewerPartsAsync(string manifest, List<BlobItem> kept, CancellationToken cancel)
    {
        var same = kept.ToDictionary(p => p.Name, p => p.Properties.ContentLength, StringComparer.Ordinal);
        return await _drops.GetBlobsAsync(new GetBlobsOptions { Prefix = DropName.PartsOf(manifest) }, cancel)
            .AnyAsync(p => !same.TryGetValue(p.Name, out var bytes) || bytes != p.Properties.ContentLength, cancel);
    }

    /// <summary>The drop, its report and its parts.</summary>
    private async Task<List<BlobItem>> KeptAsync(string name, CancellationToken cancel)
    {
        var kept = await _rejected.GetBlobsAsync(new GetBlobsOptions { Prefix = name }, cancel)
            .Where(b => b.Name == name || DropReport.IsOf(DropName.Stored(name), b.Name)).ToListAsync(cancel);
        if (DropName.IsManifestName(name)) kept.AddRange(await _rejected.GetBlobsAsync(new GetBlobsOptions { Prefix = DropName.PartsOf(name) }, cancel).ToListAsync(cancel));
        return kept;
    }

    private async Task DeleteAsync(BlobItem blob, CancellationToken cancel)
    {
        try
        {
            await _rejected.GetBlobClient(blob.Name).DeleteAsync(conditions: new BlobRequestConditions { IfMatch = blob.Properties.ETag }, cancellationToken: cancel);
        }
        catch (RequestFailedException error) when (error.Status is 404 or 412)
        {
            // Rejected again already.
        }
    }

    private static Outcome<T> Unknown<T>() => Outcome<T>.Reject("There is no such drop: give a name that 'serverless drops list' prints, such as credit/consumer/2026-03.csv.");
}

/// <summary>A drop as it stands.</summary>
/// <param name="Drop">Its name.</param>
/// <param name="State">How it ended (<c>promoted</c>, <c>kept</c>, <c>notEnoughEvidence</c>, <c>noOp</c>, <c>rejected</c>), or <c>waiting</c>, or <c>failed</c>.</param>
/// <param name="At">When it ended, or came, UTC.</param>
/// <param name="Version">The version that was trained.</param>
/// <param name="Reasons">Why.</param>
public sealed record DropState(string Drop, string State, DateTimeOffset At, string? Version, IReadOnlyList<string> Reasons)
{
    internal static DropState Of(DropOutcome ended) =>
        new(ended.Outcome.Drop, System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName($"{ended.Outcome.Result}"), ended.FinishedAt, ended.Outcome.Version, ended.Outcome.Reasons);
}

/// <summary>How a drop ended, with its report.</summary>
/// <param name="State">In short.</param>
/// <param name="Outcome">The outcome.</param>
/// <param name="Files">The files of the report, by name: <c>report.json</c>, <c>report.html</c>; none when nothing was read.</param>
public sealed record ReportedDrop(DropState State, RetrainOutcome Outcome, IReadOnlyDictionary<string, byte[]> Files);
