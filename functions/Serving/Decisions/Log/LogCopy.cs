using System.Text.Json;
using Azure.Storage.Blobs.Models;

namespace Serverless.Serving.Decisions;

/// <summary>
/// Where a log is verified: the account, or a folder with a copy of its containers <c>decision-log</c>, <c>decision-anchors</c> and
/// <c>applications</c>, each a folder of its name, made by <see cref="DownloadAsync"/> or by any tool that copies blobs.
/// </summary>
public sealed class LogCopy
{
    /// <summary>Name of the file that says what a downloaded copy holds.</summary>
    public const string NoteFile = "copy.json";

    // What was recorded within it before the copy may be missing there: clocks differ, and a record is written after its time is taken.
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(10);

    private readonly StorageAccount? _account;
    private readonly string _folder;

    private LogCopy(StorageAccount? account, string folder) => (_account, _folder) = (account, folder);

    /// <summary>Decisions up to then have their record in the copy; null when all have.</summary>
    public DateTimeOffset? RecordsUntil { get; private init; }

    /// <summary>Whether it is the account itself, which goes on while it is read.</summary>
    public bool IsLive => _account is not null;

    /// <summary>The account itself.</summary>
    public static LogCopy Of(StorageAccount account) => new(account, "");

    /// <summary>A copy in a folder.</summary>
    /// <exception cref="InvalidDataException">The folder holds no decision log, or its note cannot be read.</exception>
    public static LogCopy Of(string folder)
    {
        if (!Directory.Exists(Path.Combine(folder, LogSegments.Container)))
            throw new InvalidDataException($"'{folder}' holds no folder '{LogSegments.Container}': give the folder that 'serverless decisions download --out' wrote.");
        var note = Path.Combine(folder, NoteFile);
        if (!File.Exists(note)) return new(null, folder);
        try
        {
            return new(null, folder) { RecordsUntil = JsonSerializer.Deserialize<Note>(File.ReadAllBytes(note), Json.Options)!.RecordsUntil };
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"'{note}' cannot be read: download the copy again.", error);
        }
    }

    /// <summary>Copies log and anchors, and of each application ids and place without inputs and decision, into a folder.</summary>
    /// <returns>Number of files.</returns>
    /// <exception cref="InvalidDataException">The folder holds something already.</exception>
    public static async Task<int> DownloadAsync(StorageAccount account, string folder, TimeProvider time, CancellationToken cancel)
    {
        if (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any())
            throw new InvalidDataException($"'{folder}' is not empty: give a new folder, since old files would count as part of the copy.");

        // The log last: what applications and anchors know of is in it by then.
        var source = Of(account);
        var until = time.GetUtcNow() - Margin;
        var files = 0;
        await foreach (var name in source.NamesAsync(ApplicationStore.Container, cancel))
            await WriteAsync(ApplicationStore.Container, name, WithoutCase(await source.ReadAsync(ApplicationStore.Container, name, 0, cancel)));
        await foreach (var name in source.NamesAsync(DecisionAnchors.Container, cancel))
            await WriteAsync(DecisionAnchors.Container, name, await source.ReadAsync(DecisionAnchors.Container, name, 0, cancel));
        Directory.CreateDirectory(Path.Combine(folder, LogSegments.Container));
        var last = new Dictionary<int, int>();
        await foreach (var name in source.NamesAsync(LogSegments.Container, cancel))
        {
            if (LogSegments.Parse(name) is not var (shard, segment)) continue;
            last[shard] = segment;
            await CopyAsync(shard, segment);
        }

        foreach (var (shard, segment) in last)
        {
            // A segment that began meanwhile, and then the one before it again, which was closed before the new one had lines.
            for (var next = segment + 1; await source.ExistsAsync(LogSegments.Container, LogSegments.Name(shard, next), cancel); next++)
            {
                await CopyAsync(shard, next);
                await CopyAsync(shard, next - 1);
            }

            if (segment > 0) await CopyAsync(shard, segment - 1); // the same for the last two that were there
        }

        await File.WriteAllBytesAsync(Path.Combine(folder, NoteFile), Json.File(new Note(until)), cancel);
        return files;

        async Task CopyAsync(int shard, int segment) =>
            await WriteAsync(LogSegments.Container, LogSegments.Name(shard, segment), await source.ReadAsync(LogSegments.Container, LogSegments.Name(shard, segment), 0, cancel));

        async Task WriteAsync(string container, string name, byte[] content)
        {
            // Names come from the account that is to be verified: none may lead out of the copy.
            var root = Path.GetFullPath(Path.Combine(folder, container));
            var path = Path.GetFullPath(Path.Combine(root, name));
            if (!path.StartsWith(root + Path.DirectorySeparatorChar, StringComparison.Ordinal))
                throw new InvalidDataException($"Container '{container}' holds a blob whose name leads out of the copy: somebody put it there, remove it.");
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            if (!File.Exists(path)) files++;
            else if (container != LogSegments.Container) throw new InvalidDataException($"Two blobs of container '{container}' have the same name but for upper and lower case, which this disk does not tell apart: copy to another one.");
            await File.WriteAllBytesAsync(path, content, cancel);
        }
    }

    /// <summary>A record without inputs and decision; one that cannot be read, or lost them otherwise than by erasure, becomes an empty file, which is a fault.</summary>
    private static byte[] WithoutCase(byte[] content)
    {
        try
        {
            var record = JsonSerializer.Deserialize<ApplicationRecord>(content, Json.Options);
            return record is null or { Case: null, Erased: null } ? [] : JsonSerializer.SerializeToUtf8Bytes(record with { Case = null }, Json.Options);
        }
        catch (JsonException)
        {
            return [];
        }
    }

    /// <summary>Whether a container is part of it.</summary>
    internal bool Holds(string container) => IsLive || Directory.Exists(Path.Combine(_folder, container));

    /// <summary>Names of a container's blobs, in ordinal order.</summary>
    internal async IAsyncEnumerable<string> NamesAsync(string container, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        if (_account is not null)
        {
            await foreach (var blob in _account.Blobs.GetBlobContainerClient(container).GetBlobsAsync(cancellationToken: cancel)) yield return blob.Name;
            yield break;
        }

        var root = Path.Combine(_folder, container);
        if (!Directory.Exists(root)) yield break;
        foreach (var path in Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
            yield return Path.GetRelativePath(root, path).Replace(Path.DirectorySeparatorChar, '/');
    }

    /// <summary>Whether a blob is there.</summary>
    internal async Task<bool> ExistsAsync(string container, string name, CancellationToken cancel) => _account is null
        ? File.Exists(Path.Combine(_folder, container, name))
        : await _account.Blobs.GetBlobContainerClient(container).GetBlobClient(name).ExistsAsync(cancel);

    /// <summary>A blob from an offset to its end; empty when nothing is there.</summary>
    internal async Task<byte[]> ReadAsync(string container, string name, long from, CancellationToken cancel)
    {
        if (_account is null)
        {
            var all = await File.ReadAllBytesAsync(Path.Combine(_folder, container, name), cancel);
            return from == 0 ? all : all[(int)Math.Min(from, all.Length)..];
        }

        try
        {
            var range = from == 0 ? default : new Azure.HttpRange(from);
            var blob = await _account.Blobs.GetBlobContainerClient(container).GetBlobClient(name).DownloadContentAsync(new BlobDownloadOptions { Range = range }, cancel);
            return blob.Value.Content.ToArray();
        }
        catch (Azure.RequestFailedException error) when (error.Status is 404 or 416)
        {
            return [];
        }
    }

    private sealed record Note(DateTimeOffset RecordsUntil);
}
