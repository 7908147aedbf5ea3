using System.Runtime.CompilerServices;
using System.Text.Json;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;

namespace Serverless.Serving;

/// <summary>
/// The models of every portfolio: container <c>models</c> with <c>{family}/{portfolio}/{version}/…</c>, which never changes, and
/// <c>{family}/{portfolio}/champion.json</c>, which names the live version and is the only blob that does.
/// </summary>
public sealed class ModelRegistry(StorageAccount account)
{
    private readonly BlobContainerClient _models = account.Blobs.GetBlobContainerClient("models");

    /// <summary>Reads which version is live; null when none is.</summary>
    /// <exception cref="ArgumentException">A name does not have the form that <see cref="Names"/> states.</exception>
    public async Task<Champion?> ChampionAsync(string family, string portfolio, CancellationToken cancel)
    {
        var name = $"{Folder(family, portfolio)}/champion.json";
        if (await FindAsync(name, ModelBundle.MaxManifestBytes, cancel) is not { } file) return null;
        var pointer = Parse<Pointer>(name, file.Content);
        return new(pointer.Version, pointer.PromotedAt, pointer.Actor, file.ETag) { Previous = pointer.Previous };
    }

    /// <summary>Reads the served files of a version and verifies every hash; <see cref="BesideAsync"/> reads the others.</summary>
    /// <exception cref="InvalidModelException">There is no such version, or it was changed.</exception>
    /// <exception cref="ArgumentException">A name does not have the form that <see cref="Names"/> states.</exception>
    public async Task<ModelBundle> OpenAsync(string family, string portfolio, string version, CancellationToken cancel)
    {
        var folder = Folder(family, portfolio, version);
        async Task<byte[]> ReadAsync(string file, long maxBytes) => (await FindAsync($"{folder}/{file}", maxBytes, cancel)
            ?? throw new InvalidModelException($"The registry has no '{folder}/{file}': see 'serverless models list' for what it has.")).Content;

        var manifest = await ReadAsync(ModelBundle.ManifestFile, ModelBundle.MaxManifestBytes);
        var files = new Dictionary<string, ReadOnlyMemory<byte>> { [ModelBundle.ManifestFile] = manifest };
        var left = ModelBundle.MaxBytes;
        foreach (var file in ModelBundle.ReadManifest(manifest).Files.Keys)
        {
            var content = await ReadAsync(file, left);
            left -= content.Length;
            files[file] = content;
        }

        var bundle = ModelBundle.Open(files);
        return (bundle.Manifest.Family, bundle.Manifest.Portfolio, bundle.Version) == (family, portfolio, version)
            ? bundle
            : throw new InvalidModelException($"'{folder}' holds another model ({bundle.Manifest.Family}/{bundle.Manifest.Portfolio}/{bundle.Version}): restore its files.");
    }

    /// <summary>Reads a file that lies beside the served ones, such as the card, and verifies its hash where the manifest has one; null when there is none.</summary>
    /// <exception cref="InvalidModelException">It was changed, or the manifest cannot be read.</exception>
    /// <exception cref="ArgumentException">A name does not have the form that <see cref="Names"/> states.</exception>
    public async Task<ReadOnlyMemory<byte>?> BesideAsync(string family, string portfolio, string version, string file, CancellationToken cancel)
    {
        var folder = Folder(family, portfolio, version);
        Names.File.Check(file);
        if (await FindAsync($"{folder}/{ModelBundle.ManifestFile}", ModelBundle.MaxManifestBytes, cancel) is not { } manifest) return null;
        var beside = ModelBundle.ReadManifest(manifest.Content).Beside;
        var hash = beside?.GetValueOrDefault(file);
        if (beside is not null && hash is null) return null; // whoever put it there, it is no part of the model
        if (await FindAsync($"{folder}/{file}", ModelBundle.MaxBytes, cancel) is not { } found) return null;
        if (hash is not null) ModelBundle.Verify(file, found.Content, hash);
        return found.Content;
    }

    /// <summary>
    /// Stores a version. The manifest comes last: a crash before it leaves files that nothing lists, and the next run, whose version
    /// is the same, completes them, replacing the files beside, which its manifest describes. Once the manifest is there nothing changes
    /// any more, so the first manifest of a version is the one that counts.
    /// </summary>
    /// <exception cref="InvalidModelException">The stored version has other served files.</exception>
    /// <exception cref="ArgumentException">A name does not have the form that <see cref="Names"/> states.</exception>
    public async Task PublishAsync(ModelBundle bundle, CancellationToken cancel)
    {
        var folder = Folder(bundle.Manifest.Family, bundle.Manifest.Portfolio, bundle.Version);
        var complete = await FindAsync($"{folder}/{ModelBundle.ManifestFile}", ModelBundle.MaxManifestBytes, cancel) is not null;
        foreach (var (file, content) in bundle.Files())
        {
            var name = $"{folder}/{Names.File.Check(file)}";
            if (bundle.Served.ContainsKey(file)) await KeepAsync(folder, name, content, cancel);
            else if (file == ModelBundle.ManifestFile) await CreateAsync(name, content, cancel);
            else if (!complete) await WriteAsync(name, content, new BlobRequestConditions(), cancel);
        }
    }

    /// <summary>Switches the live version if the pointer is still the one that was read.</summary>
    /// <param name="family">Family.</param>
    /// <param name="portfolio">Portfolio.</param>
    /// <param name="version">A version that was published.</param>
    /// <param name="expected">The champion that the decision was made against; null when there was none.</param>
    /// <param name="actor">Who switches.</param>
    /// <param name="now">When.</param>
    /// <param name="cancel">Stops it.</param>
    /// <returns>False when another switch came first: read the champion again and decide again.</returns>
    public async Task<bool> PromoteAsync(
        string family, string portfolio, string version, Champion? expected, string actor, DateTimeOffset now, CancellationToken cancel)
    {
        var pointer = new Pointer(Names.ModelVersion.Check(version), now, actor) { Previous = expected?.Version };
        var still = expected is null ? new BlobRequestConditions { IfNoneMatch = ETag.All } : new BlobRequestConditions { IfMatch = expected.ETag };
        return await WriteAsync($"{Folder(family, portfolio)}/champion.json", Json.File(pointer), still, cancel);
    }

    /// <summary>Every complete version of every portfolio, by name.</summary>
    public async IAsyncEnumerable<ModelListing> ListAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        var live = new Dictionary<(string Family, string Portfolio), string?>();
        await foreach (var blob in _models.GetBlobsAsync(cancellationToken: cancel))
        {
            if (blob.Name.Split('/') is not [var family, var portfolio, var version, ModelBundle.ManifestFile]
                || !Names.Family.Allows(family) || !Names.Portfolio.Allows(portfolio)) continue;
            if (!live.ContainsKey((family, portfolio))) live[(family, portfolio)] = (await ChampionAsync(family, portfolio, cancel))?.Version;
            if (await FindAsync(blob.Name, ModelBundle.MaxManifestBytes, cancel) is not { } file) continue;
            var manifest = Parse<Manifest>(blob.Name, file.Content);
            yield return new(family, portfolio, version, live[(family, portfolio)] == version, manifest.TrainedAt, manifest.Metrics);
        }
    }

    private static string Folder(string family, string portfolio) => $"{Names.Family.Check(family)}/{Names.Portfolio.Check(portfolio)}";

    private static string Folder(string family, string portfolio, string version) => $"{Folder(family, portfolio)}/{Names.ModelVersion.Check(version)}";

    private static T Parse<T>(string name, byte[] json)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(json, Json.Options) ?? throw new InvalidModelException($"'{name}' is null: restore it.");
        }
        catch (JsonException error)
        {
            throw new InvalidModelException($"'{name}' cannot be read, restore it: {error.Message}", error);
        }
    }

    private async Task<StoredFile?> FindAsync(string name, long maxBytes, CancellationToken cancel)
    {
        try
        {
            // Streaming, so that a blob that is too big is refused by its length before it is read.
            using var blob = (await _models.GetBlobClient(name).DownloadStreamingAsync(cancellationToken: cancel)).Value;
            if (blob.Details.ContentLength > maxBytes)
                throw new InvalidModelException($"'{name}' is too big: {ModelBundle.TooBig}");
            var content = new byte[blob.Details.ContentLength];
            await blob.Content.ReadExactlyAsync(content, cancel);
            return new(content, blob.Details.ETag);
        }
        catch (RequestFailedException error) when (error.Status == 404)
        {
            return null;
        }
    }

    private async Task KeepAsync(string folder, string name, ReadOnlyMemory<byte> content, CancellationToken cancel)
    {
        if (await CreateAsync(name, content, cancel)) return;
        var stored = await FindAsync(name, ModelBundle.MaxBytes, cancel);
        if (stored is null || !content.Span.SequenceEqual(stored.Content))
            throw new InvalidModelException($"The registry's '{name}' is not the file that was trained: remove the folder '{folder}' and drop the data again.");
    }

    private Task<bool> CreateAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancel) =>
        WriteAsync(name, content, new BlobRequestConditions { IfNoneMatch = ETag.All }, cancel);

    private async Task<bool> WriteAsync(string name, ReadOnlyMemory<byte> content, BlobRequestConditions conditions, CancellationToken cancel)
    {
        try
        {
            await _models.GetBlobClient(name).UploadAsync(BinaryData.FromBytes(content), new BlobUploadOptions { Conditions = conditions }, cancel);
            return true;
        }
        catch (RequestFailedException error) when (error.Status is 409 or 412)
        {
            return false;
        }
    }

    private sealed record StoredFile(byte[] Content, ETag ETag);

    private sealed record Pointer(string Version, DateTimeOffset PromotedAt, string Actor)
    {
        public string? Previous { get; init; }
    }
}

/// <summary>The live version of a portfolio.</summary>
/// <param name="Version">The version that answers.</param>
/// <param name="PromotedAt">Since when, UTC.</param>
/// <param name="Actor">Who switched.</param>
/// <param name="ETag">Of the pointer when it was read.</param>
public sealed record Champion(string Version, DateTimeOffset PromotedAt, string Actor, ETag ETag)
{
    /// <summary>The version that was live before, if there was one.</summary>
    public string? Previous { get; init; }
}

/// <summary>A version in the registry.</summary>
public sealed record ModelListing(
    string Family, string Portfolio, string Version, bool Live, DateTimeOffset TrainedAt, IReadOnlyDictionary<string, double> Metrics);
