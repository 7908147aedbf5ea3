using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using Serverless.Serving;

namespace Serverless.Training;

/// <summary>
/// A version as one signed file, which another environment imports: a zip with every file of the bundle, <c>archive.json</c> with the
/// SHA-256 of each, and <c>archive.sig</c>, the signature of archive.json.
/// </summary>
public static class ModelArchive
{
    /// <summary>Name of the file that lists the others.</summary>
    public const string ListFile = "archive.json";

    /// <summary>Name of the file with the signature of the list.</summary>
    public const string SignatureFile = "archive.sig";

    private const int Format = 1;
    private const long MaxListBytes = 1 << 20, MaxSignatureBytes = 1024, MaxBytes = 256L << 20; // what the registry takes of a version
    private const int MaxFiles = 60;

    /// <summary>Writes an archive.</summary>
    /// <param name="bundle">The complete bundle.</param>
    /// <param name="from">The storage account that it comes from.</param>
    /// <param name="actor">Who exports.</param>
    /// <param name="now">When, UTC.</param>
    /// <param name="key">Signs.</param>
    /// <param name="to">Where it is written.</param>
    /// <param name="cancel">Stops it.</param>
    public static async Task WriteAsync(ModelBundle bundle, string from, string actor, DateTimeOffset now, SigningKey key, Stream to, CancellationToken cancel)
    {
        var files = bundle.Files().ToList();
        var list = Json.File(new ArchiveList(
            Format, bundle.Manifest.Family, bundle.Manifest.Portfolio, bundle.Version, now, actor, from, key.Fingerprint, [.. files.Select(f => new ArchivedFile(f.Key, f.Value.Length, HashOf(f.Value.Span)))]));
        await using var zip = await ZipArchive.CreateAsync(to, ZipArchiveMode.Create, leaveOpen: true, entryNameEncoding: null, cancel);
        foreach (var (name, content) in files.Prepend(new(SignatureFile, key.Sign(list))).Prepend(new(ListFile, list)))
        {
            var entry = zip.CreateEntry(name, CompressionLevel.Optimal);
            entry.LastWriteTime = now;
            await using var written = await entry.OpenAsync(cancel);
            await written.WriteAsync(content, cancel);
        }
    }

    /// <summary>Reads an archive and verifies it: signature first, then the list, then every file. Nothing is read beyond what the limits and the list allow.</summary>
    /// <returns>The bundle and the list; rejected with what is wrong.</returns>
    public static async Task<Outcome<(ModelBundle Bundle, ArchiveList List)>> ReadAsync(string path, SigningKey trust, CancellationToken cancel)
    {
        if (new FileInfo(path).Length > MaxBytes) return No($"'{path}' is too big: an archive may have {MaxBytes >> 20} MB.");
        try
        {
            await using var zip = await ZipFile.OpenReadAsync(path, cancel);
            return await ReadAsync(zip, trust, cancel);
        }
        catch (Exception error) when (error is InvalidDataException or EndOfStreamException)
        {
            return No($"'{path}' is no archive, or it was cut off or changed: export the version again.");
        }
        catch (InvalidModelException error)
        {
            return No($"The archive holds no model that can be used: {error.Message}");
        }
    }

    private static async Task<Outcome<(ModelBundle Bundle, ArchiveList List)>> ReadAsync(ZipArchive zip, SigningKey trust, CancellationToken cancel)
    {
        if (zip.Entries.Count > MaxFiles) return No($"The archive has {zip.Entries.Count} files and may have {MaxFiles}.");
        var entries = new Dictionary<string, ZipArchiveEntry>(StringComparer.Ordinal);
        foreach (var entry in zip.Entries)
        {
            if (!Names.File.Allows(entry.FullName)) return No($"The archive holds a file whose name is a path or none: {Names.File.Fault} Nothing was written.");
            if (!entries.TryAdd(entry.FullName, entry)) return No($"The archive holds '{entry.FullName}' twice.");
        }

        if (!entries.Remove(ListFile, out var listed)) return No($"The archive has no {ListFile}: it is not one that 'serverless models export' wrote.");
        if (!entries.Remove(SignatureFile, out var signed)) return No($"The archive is not signed ({SignatureFile} is missing): export the version again with --key.");
        var (json, signature) = (await ContentAsync(listed, MaxListBytes, cancel), await ContentAsync(signed, MaxSignatureBytes, cancel));
        if (json is null || signature is null) return No($"The archive's {ListFile} or {SignatureFile} is too big.");
        if (!trust.Verifies(json, signature)) return No($"The archive was not signed with the trusted key ({trust.Fingerprint[..16]}), or {ListFile} was changed since: do not use it before you know which.");

        var read = List(json);
        if (read is not Outcome<ArchiveList>.Done { Value: var list }) return read.Pass<(ModelBundle, ArchiveList)>();
        var files = new Dictionary<string, ReadOnlyMemory<byte>>();
        var left = MaxBytes;
        foreach (var file in list.Files)
        {
            if (!entries.Remove(file.Name, out var entry)) return No($"The archive lacks '{file.Name}', which {ListFile} lists.");
            if (file.Bytes < 0 || file.Bytes > left) return No($"The archive's files are too big: they may have {MaxBytes >> 20} MB together.");
            if (await ContentAsync(entry, file.Bytes, cancel) is not { } content || content.Length != file.Bytes || HashOf(content) != file.Sha256)
                return No($"'{file.Name}' is not the file that was signed: its size or SHA-256 differs from {ListFile}'s.");
            left -= file.Bytes;
            files[file.Name] = content;
        }

        if (entries.Keys.FirstOrDefault() is { } extra) return No($"The archive holds '{extra}', which {ListFile} does not list.");
        var bundle = ModelBundle.Open(files);
        return (bundle.Manifest.Family, bundle.Manifest.Portfolio, bundle.Version) == (list.Family, list.Portfolio, list.Version)
            ? (bundle, list)
            : No($"The archive says that it holds {list.Family}/{list.Portfolio}/{list.Version} and holds {bundle.Manifest.Family}/{bundle.Manifest.Portfolio}/{bundle.Version}: export the version again.");
    }

    private static Outcome<ArchiveList> List(byte[] json)
    {
        try
        {
            // First, because a later format has members that are unknown here.
            if (JsonSerializer.Deserialize<FormatOnly>(json, JsonSerializerOptions.Web)?.Format is > Format and var later)
                return Outcome<ArchiveList>.Reject($"The archive is of format {later}, and this program reads formats up to {Format}: update the program.");
            if (JsonSerializer.Deserialize<ArchiveList>(json, Json.Options) is { } list && list.Files.All(f => f is not null)) return list;
        }
        catch (JsonException)
        {
            // Told below.
        }

        return Outcome<ArchiveList>.Reject($"The archive's {ListFile} is signed and cannot be read: export the version again.");
    }

    /// <summary>The content of an entry; null when it is longer, whatever length the archive says that it has.</summary>
    private static async Task<byte[]?> ContentAsync(ZipArchiveEntry entry, long maxBytes, CancellationToken cancel)
    {
        if (entry.Length > maxBytes) return null;
        await using var packed = await entry.OpenAsync(cancel);
        using var content = new MemoryStream();
        var buffer = new byte[1 << 16];
        for (int read; (read = await packed.ReadAsync(buffer, cancel)) > 0;)
        {
            if (content.Length + read > maxBytes) return null;
            content.Write(buffer, 0, read);
        }

        return content.ToArray();
    }

    private static string HashOf(ReadOnlySpan<byte> content) => Convert.ToHexStringLower(SHA256.HashData(content));

    private static Outcome<(ModelBundle, ArchiveList)> No(string why) => Outcome<(ModelBundle, ArchiveList)>.Reject(why);

    private sealed record FormatOnly(int Format = 0);
}

/// <summary>What an archive holds and where it comes from; <c>archive.json</c>.</summary>
/// <param name="Format">Version of the archive's format.</param>
/// <param name="Family">Family of models.</param>
/// <param name="Portfolio">Portfolio.</param>
/// <param name="Version">Version of the model.</param>
/// <param name="ExportedAt">When it was exported, UTC.</param>
/// <param name="ExportedBy">By whom, as they said.</param>
/// <param name="From">The storage account that it comes from.</param>
/// <param name="Key">SHA-256 (hex) of the public key that its signature is checked with.</param>
/// <param name="Files">Every file of the bundle.</param>
public sealed record ArchiveList(
    int Format, string Family, string Portfolio, string Version, DateTimeOffset ExportedAt, string ExportedBy, string From, string Key, IReadOnlyList<ArchivedFile> Files);

/// <summary>A file in an archive.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Sha256">SHA-256 (hex) of its content.</param>
public sealed record ArchivedFile(string Name, long Bytes, string Sha256);
