using System.Security.Cryptography;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Serverless.Serving;

namespace Serverless.Training.Backup;

/// <summary>
/// Puts a backup into an account that holds nothing of the kind. Nothing is written before every file was verified, nothing is
/// overwritten, and what is there already from a restore that did not end counts as done: the same call again completes it.
/// </summary>
public sealed class AccountRestore(StorageAccount account)
{
    private const int AtOnce = 8, Named = 5;
    private const int Block = 4 << 20; // what every version of the service takes in an append

    /// <summary>Restores, part after part as <see cref="BackupPart"/> orders them; rejected with every fault of the folder, or when the account holds other content.</summary>
    /// <param name="path">The backup's folder.</param>
    /// <param name="progress">Told how far it is.</param>
    /// <param name="cancel">Stops it; the same call again completes it.</param>
    /// <exception cref="InvalidDataException">Folder or account were changed meanwhile.</exception>
    public async Task<Outcome<RestoreReport>> RunAsync(string path, IProgress<TrainingProgress> progress, CancellationToken cancel)
    {
        var folder = new BackupFolder(path);
        var verified = await folder.VerifyAsync((done, all) => progress.Report(new("verifying the backup", (double)done / Math.Max(all, 1))), cancel);
        if (verified is not Outcome<BackupFile[]>.Done { Value: var files }) return verified.Pass<RestoreReport>();

        await account.CreateAsync(BackupParts.Containers, [], cancel);
        progress.Report(new("looking at the account"));
        if (await StrangersAsync(folder, files, cancel) is { Count: > 0 } strangers)
        {
            return Outcome<RestoreReport>.Reject(
                $"The account is not empty: {strangers.Count} blobs are not those of the backup, such as {string.Join(", ", strangers.Take(Named).Select(BackupFolder.Printable))}. Restore into a new account, or empty containers {string.Join(", ", BackupParts.Containers)}.");
        }

        foreach (var part in files.GroupBy(f => BackupParts.Of(f.Container, f.Name)!.Value).OrderBy(p => p.Key))
        {
            var (done, count) = (0, part.Count());
            await Parallel.ForEachAsync(part, Parallelism(cancel), async (file, token) =>
            {
                if (part.Key == BackupPart.DatasetParts) await SendAsync(file, folder, token);
                else await WriteAsync(part.Key, file, await folder.ReadAsync(file, token), token);
                progress.Report(new($"restoring {part.Key}", (double)Interlocked.Increment(ref done) / count));
            });
        }

        return new RestoreReport(files.Length, files.Sum(f => f.Bytes));
    }

    /// <summary>The blobs that the backup does not hold, or holds with other content.</summary>
    private async Task<List<string>> StrangersAsync(BackupFolder folder, BackupFile[] files, CancellationToken cancel)
    {
        var expected = files.ToDictionary(f => (f.Container, f.Name));
        var strangers = new List<string>();
        var gate = new Lock();
        foreach (var container in BackupParts.Containers)
        {
            await Parallel.ForEachAsync(Client(container).GetBlobsAsync(cancellationToken: cancel), Parallelism(cancel), async (blob, token) =>
            {
                if (BackupParts.IsUnderWay(container, blob.Name)) return;
                if (expected.TryGetValue((container, blob.Name), out var file) && await IsPartOfAsync(blob, file, token)) return;
                lock (gate) strangers.Add($"{container}/{blob.Name}");
            });
        }

        strangers.Sort(StringComparer.Ordinal);
        return strangers;

        async Task<bool> IsPartOfAsync(BlobItem blob, BackupFile file, CancellationToken token)
        {
            // By the length first: what somebody put there may be of any size.
            if (blob.Properties.ContentLength > file.Bytes) return false;
            var part = BackupParts.Of(file.Container, file.Name);
            if (part == BackupPart.DatasetParts) return await HashAsync(file, token) == file.Sha256;
            var (wanted, there) = (await folder.ReadAsync(file, token), await ReadAsync(file, token));
            return BackupParts.IsAppended(part) ? blob.Properties.BlobType == BlobType.Append && wanted.AsSpan().StartsWith(there) : wanted.AsSpan().SequenceEqual(there);
        }
    }

    private async Task WriteAsync(BackupPart part, BackupFile file, byte[] content, CancellationToken cancel)
    {
        if (BackupParts.IsAppended(part))
        {
            await AppendAsync(file, content, cancel);
            return;
        }

        try
        {
            var once = new BlobUploadOptions { Conditions = new BlobRequestConditions { IfNoneMatch = ETag.All } };
            await Client(file.Container).GetBlobClient(file.Name).UploadAsync(BinaryData.FromBytes(content), once, cancel);
        }
        catch (RequestFailedException error) when (error.Status is 409 or 412)
        {
            var there = await ReadAsync(file, cancel);
            if (!content.AsSpan().SequenceEqual(there)) throw Changed(file);
        }
    }

    /// <summary>Without holding it in memory: it is as big as a drop.</summary>
    private async Task SendAsync(BackupFile file, BackupFolder folder, CancellationToken cancel)
    {
        try
        {
            await using var content = folder.Open(file);
            await Client(file.Container).GetBlobClient(file.Name).UploadAsync(content, new BlobUploadOptions { Conditions = new BlobRequestConditions { IfNoneMatch = ETag.All } }, cancel);
        }
        catch (RequestFailedException error) when (error.Status is 409 or 412)
        {
            // There already, from a restore that did not end, or from this one, whose answer was lost.
        }

        if (await HashAsync(file, cancel) != file.Sha256) throw Changed(file);
    }

    private async Task<string> HashAsync(BackupFile file, CancellationToken cancel)
    {
        await using var content = (await Client(file.Container).GetBlobClient(file.Name).DownloadStreamingAsync(cancellationToken: cancel)).Value.Content;
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancel));
    }

    /// <summary>As an append blob, so that what is only added to goes on in it; from where it stands, so that each byte is there once.</summary>
    private async Task AppendAsync(BackupFile file, byte[] content, CancellationToken cancel)
    {
        var blob = Client(file.Container).GetAppendBlobClient(file.Name);
        try
        {
            await blob.CreateAsync(new AppendBlobCreateOptions { Conditions = new AppendBlobRequestConditions { IfNoneMatch = ETag.All } }, cancel);
        }
        catch (RequestFailedException error) when (error.Status is 409 or 412)
        {
            // There already, from a restore that did not end.
        }

        while (true)
        {
            var there = await ReadAsync(file, cancel);
            if (!content.AsSpan().StartsWith(there)) throw Changed(file);
            if (there.Length == content.Length) return;
            try
            {
                var still = new AppendBlobAppendBlockOptions { Conditions = new AppendBlobRequestConditions { IfAppendPositionEqual = there.Length } };
                await blob.AppendBlockAsync(new MemoryStream(content, there.Length, Math.Min(Block, content.Length - there.Length)), still, cancel);
            }
            catch (RequestFailedException error) when (error.Status == 412)
            {
                // An earlier try took effect although its answer was lost: the next look tells.
            }
        }
    }

    private async Task<byte[]> ReadAsync(BackupFile file, CancellationToken cancel) => (await Client(file.Container).GetBlobClient(file.Name).DownloadContentAsync(cancel)).Value.Content.ToArray();

    private BlobContainerClient Client(string container) => account.Blobs.GetBlobContainerClient(container);

    private static ParallelOptions Parallelism(CancellationToken cancel) => new() { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancel };

    private static InvalidDataException Changed(BackupFile file) =>
        new($"'{file.Container}/{file.Name}' is there with other content: somebody writes to the account. Stop the app on it, empty the containers and restore again.");
}

/// <summary>A backup that was restored.</summary>
/// <param name="Files">Blobs in it.</param>
/// <param name="Bytes">Their size.</param>
public sealed record RestoreReport(int Files, long Bytes);
