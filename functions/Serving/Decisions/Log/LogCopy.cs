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
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(1);

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

        // Applications first: each one's entry is written later, so it is in the log that is copied then.
        var source = Of(account);
        var until = time.GetUtcNow() - Margin;
        var files = 0;
        foreach (var container in new[] { ApplicationStore.Container, LogSegments.Container, DecisionAnchors.Container })
        {
            Directory.CreateDirectory(Path.Combine(folder, container));
            await foreach (var name in source.NamesAsync(container, cancel))
            {
                var content = await source.ReadAsync(container, name, 0, cancel);
                if (container == ApplicationStore.Container)
                    content = JsonSerializer.SerializeToUtf8Bytes(JsonSerializer.Deserialize<ApplicationRecord>(content, Json.Options)! with { Case = null }, Json.Options);
                var path = Path.Combine(folder, container, name);
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                await File.WriteAllBytesAsync(path, content, cancel);
                files++;
            }
        }

        await File.WriteAllBytesAsync(Path.Combine(folder, NoteFile), Json.File(new Note(until)), cancel);
        return files;
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
