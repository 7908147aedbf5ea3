using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Serverless.Serving;
using Serverless.Serving.Poison;
using Serverless.Serving.Text;

namespace Serverless.Training.Drops;

/// <summary>
/// Removes drops and what is kept of them when they are older than their settings say. What still waits stays, and so does what the
/// next training needs: the parts of the current datasets. Models stay, and so do the lists of what they were trained on.
/// </summary>
public sealed class DropRetention(StorageAccount account, DropStore drops, DropOutcomes outcomes, DatasetStore datasets, PortfolioLease lease, PoisonStore poison, DropRetentionDays days, TimeProvider time)
{
    /// <summary>What it does in the storage.</summary>
    public static IReadOnlyList<StorageNeed> Needs { get; } =
    [
        .. StorageNeeds.Failures, new(DatasetStore.Container, StorageAccess.Write), new(DropStore.Container, StorageAccess.Write), new(FeedbackStore.Container, StorageAccess.Write), new("outcomes", StorageAccess.Write),
        new(DropStore.Rejected, StorageAccess.Write), new("runs", StorageAccess.Write),
    ];

    /// <summary>Looks once. Safe to stop and to repeat: what is left is found by the next look.</summary>
    /// <returns>How many went, by container.</returns>
    /// <remarks>The drops go before their outcomes: a drop without one would be worked off again. So an outcome stays as long as its drop lies there.</remarks>
    public async Task<IReadOnlyDictionary<string, int>> RunAsync(CancellationToken cancel)
    {
        var gone = new Dictionary<string, int>();
        if (days.Drops is { } dropDays) gone[DropStore.Container] = await ExpireDropsAsync(Before(dropDays), cancel);
        if (days.Rejected is { } rejectedDays) gone[DropStore.Rejected] = await ExpireAsync(DropStore.Rejected, Before(rejectedDays), (_, _) => Task.FromResult(true), cancel);
        if (days.Outcomes is { } outcomeDays) gone["outcomes"] = await ExpireOutcomesAsync(Before(outcomeDays), cancel);
        if (days.Runs is { } runDays) gone["runs"] = await ExpireAsync("runs", Before(runDays), (blob, _) => Task.FromResult(!blob.Name.EndsWith("/lease.json", StringComparison.Ordinal)), cancel);
        if (days.Datasets is { } datasetDays) gone[DatasetStore.Container] = await ExpireDatasetsAsync(Before(datasetDays), cancel);
        if (days.Feedback is { } feedbackDays) gone[FeedbackStore.Container] = await ExpireAsync(FeedbackStore.Container, Before(feedbackDays), (blob, _) => Task.FromResult(blob.Name.Split('/') is [_, "gathered", _]), cancel);
        if (days.Poison is { } poisonDays) gone[PoisonStore.Container] = await poison.ExpireAsync(Before(poisonDays), async (record, token) => record.Container == DropStore.Container && await drops.FindAsync(record.BlobName!, record.ETag, token) is null, cancel);
        foreach (var (container, count) in gone) RetentionTelemetry.Removed(container, count);
        return gone;
    }

    private async Task<int> ExpireDropsAsync(DateTimeOffset before, CancellationToken cancel)
    {
        var settled = await outcomes.SettledAsync("", cancel);
        var staying = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var drop in drops.ListAsync("", cancel))
        {
            if (DropName.IsManifestName(drop.Name) && !await MayGoAsync(drop)) staying.Add(drop.Name);
        }

        // Parts stay with their manifest, whose name comes before theirs, so that a crash in between leaves parts alone, which go next time.
        return await ExpireAsync(
            DropStore.Container, before,
            async (blob, _) => DropName.IsPart(blob.Name) ? !staying.Contains(DropName.ManifestOf(blob.Name)) : await MayGoAsync(new(blob.Name, blob.Properties.ETag!.Value, 0, blob.Properties.LastModified!.Value)),
            cancel);

        async Task<bool> MayGoAsync(DropBlob drop) =>
            drop.LastModified < before && (settled.Contains(DropOutcomes.Key(drop)) || await poison.IsDiscardedAsync(DropStore.Container, drop.Name, drop.ETag.ToString(), cancel));
    }

    private async Task<int> ExpireOutcomesAsync(DateTimeOffset before, CancellationToken cancel)
    {
        var there = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var drop in drops.ListAsync("", cancel)) there.Add(DropName.Stored(drop.Name));
        return await ExpireAsync("outcomes", before, (blob, _) => Task.FromResult(!there.Contains(DropOf(blob.Name))), cancel);

        static string DropOf(string outcome) => outcome[..^(outcome.EndsWith(".report.json", StringComparison.Ordinal) || outcome.EndsWith(".report.html", StringComparison.Ordinal) ? 12 : outcome.EndsWith(".json", StringComparison.Ordinal) ? 5 : 0)];
    }

    /// <summary>Under the portfolio's lease, since a run may just be about to use a part again; a busy portfolio is left to the next look.</summary>
    private async Task<int> ExpireDatasetsAsync(DateTimeOffset before, CancellationToken cancel)
    {
        var (gone, portfolios) = (0, new HashSet<(string Family, string Portfolio)>());
        await foreach (var blob in account.Blobs.GetBlobContainerClient(DatasetStore.Container).GetBlobsAsync(cancellationToken: cancel))
        {
            if (blob.Name.Split('/') is [var family, var portfolio, "parts", _] && Names.Family.Allows(family) && Names.Portfolio.Allows(portfolio)) portfolios.Add((family, portfolio));
        }

        foreach (var (family, portfolio) in portfolios)
        {
            if (await lease.IsHeldAsync(family, portfolio, cancel)) continue;
            gone += await lease.HoldAsync(family, portfolio, "retention", async held =>
            {
                var current = (await datasets.CurrentAsync(family, portfolio, held))?.Dataset.DistinctParts().Select(p => p.Sha256).ToHashSet(StringComparer.Ordinal) ?? [];
                return await ExpireAsync(DatasetStore.Container, before, (blob, _) => Task.FromResult(!current.Contains(blob.Name[(blob.Name.LastIndexOf('/') + 1)..])), held, $"{family}/{portfolio}/parts/");
            }, cancel);
        }

        return gone;
    }

    private async Task<int> ExpireAsync(string container, DateTimeOffset before, Func<BlobItem, CancellationToken, Task<bool>> mayGo, CancellationToken cancel, string prefix = "")
    {
        var (client, gone) = (account.Blobs.GetBlobContainerClient(container), 0);
        await foreach (var blob in client.GetBlobsAsync(new GetBlobsOptions { Prefix = prefix }, cancel))
        {
            if (blob.Properties.LastModified >= before || !await mayGo(blob, cancel)) continue;
            if (await DeleteAsync(client.GetBlobClient(blob.Name), blob.Properties.ETag!.Value, cancel)) gone++;
        }

        return gone;
    }

    private static async Task<bool> DeleteAsync(BlobClient blob, ETag etag, CancellationToken cancel)
    {
        try
        {
            await blob.DeleteAsync(DeleteSnapshotsOption.IncludeSnapshots, new BlobRequestConditions { IfMatch = etag }, cancel);
            return true;
        }
        catch (RequestFailedException error) when (error.Status is 404 or 412)
        {
            return false; // gone already, or written again, which keeps it
        }
    }

    private DateTimeOffset Before(int age) => time.GetUtcNow() - TimeSpan.FromDays(age);
}

/// <summary>Settings of <see cref="DropRetention"/>, section <c>Retention</c>: days after which content goes; absent: it is kept.</summary>
public sealed record DropRetentionDays
{
    /// <summary>Drops that have an outcome, with their parts.</summary>
    public int? Drops { get; init; }

    /// <summary>Rejected drops, with their parts and reports.</summary>
    public int? Rejected { get; init; }

    /// <summary>Outcomes and reports of drops that lie there no more.</summary>
    public int? Outcomes { get; init; }

    /// <summary>Records of runs.</summary>
    public int? Runs { get; init; }

    /// <summary>Parts that the current dataset does not list.</summary>
    public int? Datasets { get; init; }

    /// <summary>Feedback on texts that is in a drop; nobody can tell then any more whose it was.</summary>
    public int? Feedback { get; init; }

    /// <summary>Records of drops that failed and lie there no more.</summary>
    public int? Poison { get; init; }

    /// <summary>Everything that is wrong, with what to do.</summary>
    public IEnumerable<string> Faults() =>
        new[] { (Drops, nameof(Drops)), (Rejected, nameof(Rejected)), (Outcomes, nameof(Outcomes)), (Runs, nameof(Runs)), (Datasets, nameof(Datasets)), (Feedback, nameof(Feedback)), (Poison, nameof(Poison)) }
            .Where(d => d.Item1 < 1).Select(d => $"Retention:{d.Item2} must be 1 or more days; leave it out to keep them.");
}
