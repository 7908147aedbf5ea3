using System.Security.Cryptography;
using System.Text.Json;
using Serverless.Serving;

namespace Serverless.Training.Backup;

/// <summary>
/// A backup as a folder: each container a folder of its name with its blobs as files, so that <c>decisions verify --folder</c> and every
/// other tool reads it, and <c>backup.json</c> with the SHA-256 of each file.
/// </summary>
internal sealed class BackupFolder(string path)
{
    /// <summary>Name of the file that lists the others; it is written last, so a backup that has it is complete.</summary>
    public const string ManifestFile = "backup.json";

    private const int Format = 1, Named = 20;
    private readonly List<BackupFile> _written = [];
    private readonly Lock _gate = new();

    /// <summary>Makes the folder, for its owner only: it holds applicants' data.</summary>
    public static Outcome<BackupFolder> Create(string path)
    {
        if (Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any())
            return Outcome<BackupFolder>.Reject($"'{path}' is not empty: give a new folder.");
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(path);
        else Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return new BackupFolder(path);
    }

    /// <summary>Writes a blob as a file.</summary>
    public async Task WriteAsync(string container, string name, ReadOnlyMemory<byte> content, CancellationToken cancel)
    {
        var file = PathOf(container, name);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        try
        {
            await using var written = new FileStream(file, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0, useAsync: true);
            await written.WriteAsync(content, cancel);
        }
        catch (IOException) when (File.Exists(file))
        {
            throw new InvalidDataException($"Two blobs of container '{container}' have the same name but for upper and lower case, which this disk does not tell apart: back up to another one.");
        }

        lock (_gate) _written.Add(new(container, name, content.Length, HashOf(content.Span)));
    }

    /// <summary>Writes a blob as a file without holding it in memory.</summary>
    public async Task WriteAsync(string container, string name, Stream content, CancellationToken cancel)
    {
        var file = PathOf(container, name);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        await using (var written = new FileStream(file, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 1 << 16, useAsync: true)) await content.CopyToAsync(written, cancel);
        var sha256 = await HashOfAsync(file, cancel);
        lock (_gate) _written.Add(new(container, name, new FileInfo(file).Length, sha256));
    }

    /// <summary>Takes files out again that are not wanted any more.</summary>
    /// <param name="container">Their container.</param>
    /// <param name="prefix">How their names begin.</param>
    /// <param name="wanted">Names of those that stay.</param>
    /// <returns>Names of those that are there now.</returns>
    public IReadOnlySet<string> Retain(string container, string prefix, IReadOnlySet<string> wanted)
    {
        lock (_gate)
        {
            foreach (var file in _written.Where(f => IsAmong(f) && !wanted.Contains(f.Name)).ToList())
            {
                File.Delete(PathOf(container, file.Name));
                _written.Remove(file);
            }

            return _written.Where(IsAmong).Select(f => f.Name).ToHashSet(StringComparer.Ordinal);
        }

        bool IsAmong(BackupFile file) => file.Container == container && file.Name.StartsWith(prefix, StringComparison.Ordinal);
    }

    /// <summary>Completes the backup.</summary>
    /// <returns>The files, and the SHA-256 (hex) of their list.</returns>
    public async Task<(BackupFile[] Files, string Sha256)> SealAsync(DateTimeOffset takenAt, CancellationToken cancel)
    {
        BackupFile[] files = [.. _written.OrderBy(f => f.Container, StringComparer.Ordinal).ThenBy(f => f.Name, StringComparer.Ordinal)];
        var json = Json.File(new BackupManifest(Format, takenAt, files));
        await File.WriteAllBytesAsync(Path.Combine(path, ManifestFile), json, cancel);
        return (files, HashOf(json));
    }

    /// <summary>Reads the list and compares every file with it; rejected with what is missing, changed, added or cannot be part of a backup.</summary>
    public async Task<Outcome<BackupFile[]>> VerifyAsync(Action<long, long> progress, CancellationToken cancel)
    {
        if (!File.Exists(Path.Combine(path, ManifestFile)))
            return Outcome<BackupFile[]>.Reject($"'{path}' holds no {ManifestFile}: it is no backup, or one that did not end.");
        BackupManifest? manifest;
        try
        {
            await using var json = File.OpenRead(Path.Combine(path, ManifestFile));
            manifest = await JsonSerializer.DeserializeAsync<BackupManifest>(json, Json.Options, cancel);
        }
        catch (JsonException)
        {
            manifest = null;
        }

        if (manifest is not { Format: Format } || manifest.Files.Any(f => f is null)) return Outcome<BackupFile[]>.Reject($"'{ManifestFile}' cannot be read by this version of the program, or was changed.");
        var faults = await FaultsAsync(manifest.Files, progress, cancel);
        if (faults.Count > Named) faults = [.. faults[..Named], $"And {faults.Count - Named} more."];
        return faults.Count > 0 ? Outcome<BackupFile[]>.Reject(faults) : manifest.Files;
    }

    /// <summary>Reads a file of the list.</summary>
    /// <exception cref="InvalidDataException">It is not the listed one.</exception>
    public async Task<byte[]> ReadAsync(BackupFile file, CancellationToken cancel)
    {
        var content = await File.ReadAllBytesAsync(PathOf(file.Container, file.Name), cancel);
        return HashOf(content) == file.Sha256 ? content : throw new InvalidDataException($"'{file.Container}/{file.Name}' was changed: its SHA-256 is not that of {ManifestFile}.");
    }

    /// <summary>Opens a file of the list that may be too big for memory; whether it is the listed one, verifying has told.</summary>
    public FileStream Open(BackupFile file) => new(PathOf(file.Container, file.Name), FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, useAsync: true);

    /// <summary>A name for people: names come from outside, and what is written to a terminal could steer it.</summary>
    public static string Printable(string name) => string.Concat(name.Select(c => char.IsControl(c) ? '?' : c));

    private async Task<List<string>> FaultsAsync(BackupFile[] files, Action<long, long> progress, CancellationToken cancel)
    {
        List<string> faults = [];
        var extra = Entries(new DirectoryInfo(path), faults).ToHashSet(StringComparer.Ordinal);
        extra.Remove(ManifestFile);
        var known = new HashSet<(string, string)>();
        var (done, all) = (0L, files.Sum(f => f.Bytes));
        foreach (var file in files)
        {
            var name = Printable($"{file.Container}/{file.Name}");
            if (BackupParts.Of(file.Container, file.Name) is null) faults.Add($"'{name}' is no name that a backup holds.");
            else if (!known.Add((file.Container, file.Name))) faults.Add($"'{name}' is listed twice.");
            else if (!extra.Remove(name)) faults.Add($"'{name}' is missing.");
            else if (new FileInfo(PathOf(file.Container, file.Name)).Length != file.Bytes || await HashOfAsync(PathOf(file.Container, file.Name), cancel) != file.Sha256)
                faults.Add($"'{name}' was changed: it is not the file that was backed up.");
            progress(done += file.Bytes, all);
        }

        faults.AddRange(extra.Order(StringComparer.Ordinal).Select(e => $"'{Printable(e)}' was added: {ManifestFile} does not list it."));
        return faults;
    }

    /// <summary>Every file below, by its path with slashes; links lead elsewhere and are faults.</summary>
    private IEnumerable<string> Entries(DirectoryInfo folder, List<string> faults)
    {
        foreach (var entry in folder.EnumerateFileSystemInfos())
        {
            var name = Path.GetRelativePath(path, entry.FullName).Replace(Path.DirectorySeparatorChar, '/');
            if (entry.Attributes.HasFlag(FileAttributes.ReparsePoint)) faults.Add($"'{Printable(name)}' is a link: a backup holds files only.");
            else if (entry is not DirectoryInfo below) yield return name;
            else foreach (var file in Entries(below, faults)) yield return file;
        }
    }

    private string PathOf(string container, string name) => BackupParts.Of(container, name) is not null
        ? Path.Combine([path, container, .. name.Split('/')])
        : throw new ArgumentException("No blob of a backup has such a name.", nameof(name));

    private static string HashOf(ReadOnlySpan<byte> content) => Convert.ToHexStringLower(SHA256.HashData(content));

    private static async Task<string> HashOfAsync(string file, CancellationToken cancel)
    {
        await using var content = File.OpenRead(file);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancel));
    }

    private sealed record BackupManifest(int Format, DateTimeOffset TakenAt, BackupFile[] Files);
}

/// <summary>A blob in a backup.</summary>
/// <param name="Container">Its container.</param>
/// <param name="Name">Its name.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Sha256">SHA-256 (hex) of its content.</param>
internal sealed record BackupFile(string Container, string Name, long Bytes, string Sha256);
