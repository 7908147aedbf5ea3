using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Serverless.Serving;

/// <summary>
/// A trained model as files: those that are served (graph, features, contract, thresholds, golden inputs), whose hash is the
/// version, and those that lie beside (manifest, card), which do not change it.
/// </summary>
public sealed class ModelBundle
{
    /// <summary>Name of the file that lists the others.</summary>
    public const string ManifestFile = "manifest.json";

    /// <summary>Most megabytes (2^20 bytes) of all served files of a version together.</summary>
    public const int MaxMegabytes = 256;

    /// <summary>The same in bytes.</summary>
    internal const long MaxBytes = (long)MaxMegabytes << 20;

    /// <summary>Most bytes of a manifest: 1 MB.</summary>
    internal const long MaxManifestBytes = 1 << 20;

    /// <summary>Most files that a manifest may name; each is a request.</summary>
    internal const int MaxFiles = 50;

    private ModelBundle(Manifest manifest, IReadOnlyDictionary<string, ReadOnlyMemory<byte>> served, IReadOnlyDictionary<string, ReadOnlyMemory<byte>> beside) =>
        (Manifest, Served, Beside) = (manifest, served, beside);

    /// <summary>What the model is and where it comes from.</summary>
    public Manifest Manifest { get; }

    /// <summary>The version: the first 16 hex digits of the SHA-256 over names and hashes of the served files.</summary>
    public string Version => Manifest.Version;

    /// <summary>The files that answering needs, by name; verified against the manifest.</summary>
    public IReadOnlyDictionary<string, ReadOnlyMemory<byte>> Served { get; }

    /// <summary>The files that explain the model to people, by name, as far as they were read with it.</summary>
    public IReadOnlyDictionary<string, ReadOnlyMemory<byte>> Beside { get; }

    /// <summary>Makes a bundle; fills in the manifest's version and file hashes.</summary>
    public static ModelBundle Create(Manifest manifest, IReadOnlyDictionary<string, byte[]> served)
    {
        var hashes = HashesOf(served);
        return new(manifest with { Version = VersionOf(hashes), Files = hashes }, AsMemory(served), new Dictionary<string, ReadOnlyMemory<byte>>());
    }

    /// <summary>The same model with files beside it, such as its card.</summary>
    public ModelBundle With(Manifest manifest, IReadOnlyDictionary<string, byte[]> beside) =>
        new(manifest with { Version = Version, Files = Manifest.Files, Beside = HashesOf(beside) }, Served, AsMemory(beside));

    /// <summary>Reads a manifest.</summary>
    /// <exception cref="InvalidModelException">It cannot be read, or names too many files or such as cannot be.</exception>
    internal static Manifest ReadManifest(ReadOnlySpan<byte> json)
    {
        Manifest manifest;
        try
        {
            // First, because a later format has members that are unknown here.
            var written = JsonSerializer.Deserialize<FormatOnly>(json, JsonSerializerOptions.Web)?.Format;
            if (written > Manifest.CurrentFormat)
                throw new InvalidModelException($"{ManifestFile} is of format {written}, and this program reads formats up to {Manifest.CurrentFormat}: update the program.");
            manifest = JsonSerializer.Deserialize<Manifest>(json, Json.Options) ?? throw new InvalidModelException($"{ManifestFile} is null.");
        }
        catch (JsonException error)
        {
            throw new InvalidModelException($"{ManifestFile} cannot be read: {error.Message}", error);
        }

        var names = manifest.Files.Keys.Concat(manifest.Beside?.Keys ?? []).ToList();
        if (names.Count > MaxFiles) throw new InvalidModelException($"{ManifestFile} names {names.Count} files and may name {MaxFiles}.");
        if (!names.TrueForAll(Names.File.Allows)) throw new InvalidModelException($"{ManifestFile} names a file that cannot be one: {Names.File.Fault}");
        return manifest;
    }

    /// <summary>Checks a file against the hash that the manifest has of it.</summary>
    /// <exception cref="InvalidModelException">It was changed.</exception>
    internal static void Verify(string name, ReadOnlyMemory<byte> content, string hash)
    {
        if (HashOf(content) != hash) throw new InvalidModelException($"'{name}' is not the file that was trained: its SHA-256 differs from the manifest's.");
    }

    /// <summary>Opens a bundle from its manifest, its served files and those of the files beside that are given, and verifies every hash.</summary>
    /// <exception cref="InvalidModelException">A file is missing or changed, or the manifest cannot be read.</exception>
    public static ModelBundle Open(IReadOnlyDictionary<string, ReadOnlyMemory<byte>> files)
    {
        if (!files.TryGetValue(ManifestFile, out var json)) throw new InvalidModelException($"The bundle has no {ManifestFile}.");
        var manifest = ReadManifest(json.Span);
        var served = new Dictionary<string, ReadOnlyMemory<byte>>();
        foreach (var (name, hash) in manifest.Files)
        {
            if (!files.TryGetValue(name, out var content)) throw new InvalidModelException($"The bundle lacks '{name}', which its manifest names.");
            Verify(name, content, hash);
            served[name] = content;
        }

        if (VersionOf(manifest.Files) != manifest.Version)
            throw new InvalidModelException($"The manifest's version '{manifest.Version}' is not the hash of its files.");
        var beside = (manifest.Beside ?? new Dictionary<string, string>()).Where(f => files.ContainsKey(f.Key)).ToDictionary(f => f.Key, f => files[f.Key]);
        foreach (var (name, content) in beside) Verify(name, content, manifest.Beside![name]);
        return new(manifest, served, beside);
    }

    /// <summary>Every file of the bundle, the manifest last: a bundle whose manifest is there is complete.</summary>
    public IEnumerable<KeyValuePair<string, ReadOnlyMemory<byte>>> Files() =>
        [.. Served, .. Beside, new(ManifestFile, Json.File(Manifest))];

    /// <summary>A served file.</summary>
    /// <exception cref="InvalidModelException">The bundle has no such file.</exception>
    public ReadOnlyMemory<byte> Read(string name) =>
        Served.TryGetValue(name, out var content) ? content : throw new InvalidModelException($"The bundle has no '{name}'.");

    /// <summary>A served JSON file.</summary>
    /// <exception cref="InvalidModelException">The bundle has no such file, or it has another form.</exception>
    public T Read<T>(string name)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(Read(name).Span, Json.Options) ?? throw new InvalidModelException($"'{name}' is null.");
        }
        catch (JsonException error)
        {
            throw new InvalidModelException($"'{name}' cannot be read: {error.Message}", error);
        }
    }

    /// <summary>Reads a bundle that lies in a folder, and verifies every hash; a file that the manifest does not name is not read.</summary>
    /// <exception cref="InvalidModelException">The folder holds no valid bundle.</exception>
    public static async Task<ModelBundle> ReadFolderAsync(string folder, CancellationToken cancel = default)
    {
        if (!File.Exists(Path.Combine(folder, ManifestFile)))
            throw new InvalidModelException($"'{folder}' holds no model ({ManifestFile} is missing): give the folder that 'serverless train --out' wrote.");
        var manifest = await ReadAsync(ManifestFile, MaxManifestBytes);
        var files = new Dictionary<string, ReadOnlyMemory<byte>> { [ManifestFile] = manifest };
        var left = MaxBytes;
        var named = ReadManifest(manifest);
        foreach (var name in named.Files.Keys.Concat(named.Beside?.Keys ?? []).Where(name => File.Exists(Path.Combine(folder, name))))
        {
            var content = await ReadAsync(name, left);
            left -= content.Length;
            files[name] = content;
        }

        return Open(files);

        async Task<byte[]> ReadAsync(string name, long maxBytes)
        {
            var path = Path.Combine(folder, name);
            return new FileInfo(path).Length <= maxBytes
                ? await File.ReadAllBytesAsync(path, cancel)
                : throw new InvalidModelException($"'{path}' is too big: {TooBig}");
        }
    }

    /// <summary>Writes the bundle into a folder, which is created.</summary>
    public async Task WriteFolderAsync(string folder, CancellationToken cancel = default)
    {
        Directory.CreateDirectory(folder);
        foreach (var (name, content) in Files()) await File.WriteAllBytesAsync(Path.Combine(folder, name), content, cancel);
    }

    /// <summary>The limits in words.</summary>
    internal static string TooBig => $"a model's files may have {MaxBytes >> 20} MB together, its manifest {MaxManifestBytes >> 20} MB.";

    private sealed record FormatOnly(int Format = 0);

    private static Dictionary<string, string> HashesOf(IReadOnlyDictionary<string, byte[]> files) =>
        files.OrderBy(f => f.Key, StringComparer.Ordinal).ToDictionary(f => f.Key, f => HashOf(f.Value));

    private static string HashOf(ReadOnlyMemory<byte> content) => Convert.ToHexStringLower(SHA256.HashData(content.Span));

    private static Dictionary<string, ReadOnlyMemory<byte>> AsMemory(IReadOnlyDictionary<string, byte[]> files) =>
        files.ToDictionary(f => f.Key, f => (ReadOnlyMemory<byte>)f.Value);

    private static string VersionOf(IReadOnlyDictionary<string, string> hashes)
    {
        var list = string.Concat(hashes.OrderBy(h => h.Key, StringComparer.Ordinal).Select(h => $"{h.Value}  {h.Key}\n"));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(list)))[..16];
    }
}
