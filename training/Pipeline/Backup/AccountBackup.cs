using System.Globalization;
using System.Text.Json;
using Azure;
using Azure.Storage.Blobs.Models;
using Serverless.Serving;
using Serverless.Serving.Decisions;
using Serverless.Serving.Market;
using Serverless.Serving.Text;

namespace Serverless.Training.Backup;

/// <summary>Copies models, contracts, runs, feedback, tried strategies, and the decision log with its applications into a folder, while the app goes on.</summary>
/// <remarks>
/// What refers is read before what it refers to: the app writes the other way round and changes nothing that is referred to, so whatever a
/// copied blob names is there by the time it is copied. A run is read before the champion that it made, the champion before the
/// versions, those before the datasets, an anchor before the log, a review before its application. Erasure alone deletes what is referred to (<see cref="CopyDatasetsAsync"/>). The log and its applications refer to each other: the applications are read first, then the log,
/// then those applications that the log knows by then and the first look did not. So the copy has a record for each entry; a record
/// whose entry is not there yet is one whose delivery had not ended, as verifying the account itself at that moment would say.
/// </remarks>
public sealed class AccountBackup(StorageAccount account, TimeProvider time)
{
    private const int AtOnce = 8;

    /// <summary>Takes the backup; rejected when the folder holds something already.</summary>
    /// <param name="path">A new folder.</param>
    /// <param name="progress">Told which part is read.</param>
    /// <param name="cancel">Stops it; what is left is no backup, since its list is missing.</param>
    public async Task<Outcome<BackupReport>> TakeAsync(string path, IProgress<TrainingProgress> progress, CancellationToken cancel)
    {
        var created = BackupFolder.Create(path);
        if (created is not Outcome<BackupFolder>.Done { Value: var folder }) return created.Pass<BackupReport>();
        var takenAt = time.GetUtcNow();
        var leftOut = new SortedSet<string>(StringComparer.Ordinal);

        progress.Report(new("applications"));
        await CopyAsync(folder, ReviewStore.Container, await ListAsync(ReviewStore.Container, leftOut, cancel), cancel);
        var applications = await ListAsync(ApplicationStore.Container, leftOut, cancel);
        await CopyAsync(folder, ApplicationStore.Container, applications, cancel);
        progress.Report(new("decision log"));
        await CopyAsync(folder, DecisionAnchors.Container, await ListAsync(DecisionAnchors.Container, leftOut, cancel), cancel);
        var logged = await CopyLogAsync(folder, await ListAsync(BackupParts.Log, leftOut, cancel), cancel);
        logged.ExceptWith(applications);
        await CopyAsync(folder, ApplicationStore.Container, logged, cancel);

        progress.Report(new("models and contracts"));
        foreach (var (container, part) in new[] { ("runs", BackupPart.Runs), ("contracts", BackupPart.ActiveContracts), ("contracts", BackupPart.History), (BackupParts.Models, BackupPart.Champions), (BackupParts.Models, BackupPart.History), ("contracts", BackupPart.Contracts) })
            await CopyAsync(folder, container, (await ListAsync(container, leftOut, cancel)).Where(n => BackupParts.Of(container, n) == part), cancel);
        await CopyModelsAsync(folder, leftOut, cancel);
        progress.Report(new("datasets"));
        foreach (var portfolio in (await ListAsync(BackupParts.Datasets, leftOut, cancel)).Select(PortfolioOf).Distinct()) await CopyDatasetsAsync(folder, portfolio, leftOut, cancel);
        progress.Report(new("feedback, tried strategies and outlooks"));
        foreach (var container in new[] { FeedbackStore.Container, OutlookStore.Container })
        {
            // Twice, since what is gathered meanwhile goes from one name to another.
            var listed = await ListAsync(container, leftOut, cancel);
            await CopyAsync(folder, container, listed, cancel);
            await CopyAsync(folder, container, (await ListAsync(container, leftOut, cancel)).Except(listed), cancel);
        }

        var (files, sha256) = await folder.SealAsync(takenAt, cancel);
        return new BackupReport(files.Length, files.Sum(f => f.Bytes), sha256, [.. leftOut.Select(BackupFolder.Printable)]);
    }

    /// <summary>The segments of every shard, as they stand at one moment of its growth.</summary>
    /// <returns>The names of the applications in them.</returns>
    private async Task<HashSet<string>> CopyLogAsync(BackupFolder folder, IReadOnlyList<string> listed, CancellationToken cancel)
    {
        var logged = new HashSet<string>(StringComparer.Ordinal);
        foreach (var shard in listed.GroupBy(n => n[..3]))
        {
            // The last segment first, and it has no next one even after it was read: so it was not closed, and those before it are complete by now.
            var segments = shard.ToList();
            var last = await FindAsync(BackupParts.Log, segments[^1], cancel);
            while (await FindAsync(BackupParts.Log, Next(segments[^1]), cancel) is { } later)
            {
                segments.Add(Next(segments[^1]));
                last = later;
            }

            await KeepAsync(segments[^1], last);
            foreach (var name in segments.SkipLast(1)) await KeepAsync(name, await FindAsync(BackupParts.Log, name, cancel));
        }

        return logged;

        async Task KeepAsync(string name, byte[]? content)
        {
            if (content is null) return; // removed by somebody: verifying the copy tells
            await folder.WriteAsync(BackupParts.Log, name, content, cancel);
            logged.UnionWith(Applications(content));
        }
    }

    private static string Next(string segment) => string.Create(CultureInfo.InvariantCulture, $"{segment[..3]}{int.Parse(segment.AsSpan(3, 6), CultureInfo.InvariantCulture) + 1:000000}.jsonl");

    private static IEnumerable<string> Applications(byte[] segment)
    {
        for (var (at, length) = (0, segment.AsSpan().IndexOf((byte)'\n')); length >= 0; at += length + 1, length = segment.AsSpan(at).IndexOf((byte)'\n'))
        {
            if (NameIn(segment.AsMemory(at, length)) is { } name && BackupParts.Of(ApplicationStore.Container, name) is not null) yield return name;
        }
    }

    // A line that is damaged is copied as it is: finding that out is the verification's.
    private static string? NameIn(ReadOnlyMemory<byte> line)
    {
        try
        {
            return JsonSerializer.Deserialize<LoggedLine>(line.Span, JsonSerializerOptions.Web)?.Decision is { } entry ? $"{entry.Portfolio}/{entry.ApplicationId}.json" : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Complete versions only, as the registry lists them: their manifests are looked for first, their files afterwards.</summary>
    private async Task CopyModelsAsync(BackupFolder folder, SortedSet<string> leftOut, CancellationToken cancel)
    {
        var found = await ListAsync(BackupParts.Models, leftOut, cancel);
        var complete = found.Where(n => BackupParts.Of(BackupParts.Models, n) == BackupPart.Manifests).Select(FolderOf).ToHashSet(StringComparer.Ordinal);
        leftOut.UnionWith(Files(found).Where(n => !complete.Contains(FolderOf(n))).Select(n => $"{BackupParts.Models}/{n}"));
        await CopyAsync(folder, BackupParts.Models, Files(await ListAsync(BackupParts.Models, leftOut, cancel)).Where(n => complete.Contains(FolderOf(n))), cancel);

        static IEnumerable<string> Files(List<string> names) => names.Where(n => BackupParts.Of(BackupParts.Models, n) is BackupPart.Models or BackupPart.Manifests);
        static string FolderOf(string name) => name[..name.LastIndexOf('/')];
    }

    /// <summary>
    /// The data of a portfolio, as one pointer saw it. An erasure deletes what an earlier pointer leads to: where the pointer is another
    /// one in the end, what is gone is taken out again, and what is new is added.
    /// </summary>
    private async Task CopyDatasetsAsync(BackupFolder folder, string portfolio, SortedSet<string> leftOut, CancellationToken cancel)
    {
        var pointer = $"{portfolio}current.json";
        ETag? before, after = await ETagAsync(BackupParts.Datasets, pointer, cancel);
        do
        {
            before = after;
            var names = await ListAsync(BackupParts.Datasets, leftOut, cancel, portfolio);
            var copied = folder.Retain(BackupParts.Datasets, portfolio, names.Where(n => n != pointer).ToHashSet(StringComparer.Ordinal));
            await CopyAsync(folder, BackupParts.Datasets, names.Where(n => !copied.Contains(n)), cancel);
            after = await ETagAsync(BackupParts.Datasets, pointer, cancel);
        }
        while (before != after);
    }

    private static string PortfolioOf(string name) => string.Concat(name.Split('/').Take(2).Select(part => $"{part}/"));

    private async Task<ETag?> ETagAsync(string container, string name, CancellationToken cancel)
    {
        try
        {
            return (await account.Blobs.GetBlobContainerClient(container).GetBlobClient(name).GetPropertiesAsync(cancellationToken: cancel)).Value.ETag;
        }
        catch (RequestFailedException error) when (error.Status == 404)
        {
            return null;
        }
    }

    /// <summary>Names of a container's blobs, in ordinal order; those that are none of the app's are noted.</summary>
    private async Task<List<string>> ListAsync(string container, SortedSet<string> leftOut, CancellationToken cancel, string prefix = "")
    {
        var names = new List<string>();
        await foreach (var blob in account.Blobs.GetBlobContainerClient(container).GetBlobsAsync(new GetBlobsOptions { Prefix = prefix }, cancel))
        {
            if (BackupParts.Of(container, blob.Name) is not null) names.Add(blob.Name);
            else if (!BackupParts.IsUnderWay(container, blob.Name)) leftOut.Add($"{container}/{blob.Name}");
        }

        return names;
    }

    private Task CopyAsync(BackupFolder folder, string container, IEnumerable<string> names, CancellationToken cancel) =>
        Parallel.ForEachAsync(names, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancel }, async (name, token) =>
        {
            if (BackupParts.Of(container, name) == BackupPart.DatasetParts) await StreamAsync(folder, container, name, token);
            else if (await FindAsync(container, name, token) is { } content) await folder.WriteAsync(container, name, content, token);
        });

    private async Task StreamAsync(BackupFolder folder, string container, string name, CancellationToken cancel)
    {
        try
        {
            await using var content = (await account.Blobs.GetBlobContainerClient(container).GetBlobClient(name).DownloadStreamingAsync(cancellationToken: cancel)).Value.Content;
            await folder.WriteAsync(container, name, content, cancel);
        }
        catch (RequestFailedException error) when (error.Status == 404)
        {
            // Erased or expired since it was listed: no dataset names it any more.
        }
    }

    private async Task<byte[]?> FindAsync(string container, string name, CancellationToken cancel)
    {
        try
        {
            return (await account.Blobs.GetBlobContainerClient(container).GetBlobClient(name).DownloadContentAsync(cancel)).Value.Content.ToArray();
        }
        catch (RequestFailedException error) when (error.Status == 404)
        {
            return null;
        }
    }

    private sealed record LoggedLine(LogEntry? Decision);
}

/// <summary>A backup that was taken.</summary>
/// <param name="Files">Blobs in it.</param>
/// <param name="Bytes">Their size.</param>
/// <param name="Sha256">SHA-256 (hex) of the list of them, <c>backup.json</c>: who keeps it elsewhere can tell whether the backup was changed.</param>
/// <param name="LeftOut">Blobs of the same containers that are none of the app's, or of a model version that is not complete.</param>
public sealed record BackupReport(int Files, long Bytes, string Sha256, IReadOnlyList<string> LeftOut);
