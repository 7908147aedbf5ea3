using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;

namespace Serverless.Serving;

/// <summary>
/// The models of every portfolio: container <c>models</c> with <c>{family}/{portfolio}/{version}/…</c>, which never changes, and
/// <c>{family}/{portfolio}/champion.json</c>, which names the live version and is the only blob that does. What it said before stays in
/// <c>{family}/{portfolio}/history/…</c>.
/// </summary>
public sealed class ModelRegistry(StorageAccount account)
{
    private readonly BlobContainerClient _models = account.Blobs.GetBlobContainerClient("models");

    /// <summary>Reads which version is live; null when none is.</summary>
    /// <exception cref="InvalidModelException">champion.json was damaged.</exception>
    /// <exception cref="ArgumentException">A name does not have the form that <see cref="Names"/> states.</exception>
    public async Task<Champion?> ChampionAsync(string family, string portfolio, CancellationToken cancel) => (await StateAsync(family, portfolio, cancel)).Champion;

    /// <summary>Reads what is live, proposed and paused; an empty state where there was nothing yet.</summary>
    /// <exception cref="InvalidModelException">champion.json was damaged.</exception>
    /// <exception cref="ArgumentException">A name does not have the form that <see cref="Names"/> states.</exception>
    public async Task<PortfolioState> StateAsync(string family, string portfolio, CancellationToken cancel)
    {
        var name = PointerOf(family, portfolio);
        return await FindAsync(name, ModelBundle.MaxManifestBytes, cancel) is { } file ? Parse<PortfolioState>(name, file.Content) with { ETag = file.ETag } : new();
    }

    /// <summary>
    /// Changes a portfolio's state if it is still the one that was read. The state that is replaced is kept first: a crash in between
    /// leaves it twice, and nothing that ever was in champion.json is lost.
    /// </summary>
    /// <param name="family">Family.</param>
    /// <param name="portfolio">Portfolio.</param>
    /// <param name="from">The state that the decision was made on.</param>
    /// <param name="to">What it becomes; its version was published.</param>
    /// <param name="cancel">Stops it.</param>
    /// <returns>The state with its ETag; null when another change came first: read the state again and decide again.</returns>
    /// <exception cref="ArgumentException">A name does not have the form that <see cref="Names"/> states.</exception>
    public async Task<PortfolioState?> SwitchAsync(string family, string portfolio, PortfolioState from, PortfolioState to, CancellationToken cancel)
    {
        foreach (var version in new[] { to.Version, to.Proposal?.Version }.OfType<string>()) Names.ModelVersion.Check(version);
        var name = PointerOf(family, portfolio);
        if (from is { ETag: not null, At: { } at })
        {
            var kept = string.Create(CultureInfo.InvariantCulture, $"{HistoryOf(family, portfolio)}{at.UtcDateTime:yyyyMMdd'T'HHmmssfffffff}Z-{from.Revision}.json");
            await CreateAsync(kept, Json.File(from), cancel);
        }

        var still = from.ETag is { } etag ? new BlobRequestConditions { IfMatch = etag } : new BlobRequestConditions { IfNoneMatch = ETag.All };
        if (await WriteAsync(name, Json.File(to), still, cancel) is { } written) return to with { ETag = written };

        // A write whose answer was lost is refused when the SDK repeats it.
        var now = await StateAsync(family, portfolio, cancel);
        return now with { ETag = null } == to with { ETag = null } ? now : null;
    }

    /// <summary>Every state that a portfolio ever had, latest first: the present one, then those that were kept when they were replaced.</summary>
    /// <exception cref="InvalidModelException">One was damaged.</exception>
    /// <exception cref="ArgumentException">A name does not have the form that <see cref="Names"/> states.</exception>
    public async Task<IReadOnlyList<PortfolioState>> HistoryAsync(string family, string portfolio, CancellationToken cancel)
    {
        var present = await StateAsync(family, portfolio, cancel);
        List<PortfolioState> states = [];
        await foreach (var blob in _models.GetBlobsAsync(new GetBlobsOptions { Prefix = HistoryOf(family, portfolio) }, cancel))
            if (await FindAsync(blob.Name, ModelBundle.MaxManifestBytes, cancel) is { } file) states.Insert(0, Parse<PortfolioState>(blob.Name, file.Content));
        return present.At is null ? states : [present, .. states.Where(s => s != present with { ETag = null })];
    }

    /// <summary>Whether a version is stored completely.</summary>
    /// <exception cref="ArgumentException">A name does not have the form that <see cref="Names"/> states.</exception>
    public async Task<bool> HasAsync(string family, string portfolio, string version, CancellationToken cancel) =>
        await _models.GetBlobClient($"{Folder(family, portfolio, version)}/{ModelBundle.ManifestFile}").ExistsAsync(cancel);

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

    /// <summary>The same; null when there is no such version.</summary>
    /// <exception cref="InvalidModelException">It was changed.</exception>
    /// <exception cref="ArgumentException">A name does not have the form that <see cref="Names"/> states.</exception>
    public async Task<ModelBundle?> FindAsync(string family, string portfolio, string version, CancellationToken cancel) =>
        await HasAsync(family, portfolio, version, cancel) ? await OpenAsync(family, portfolio, version, cancel) : null;

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

    /// <summary>
    /// Every complete version of every portfolio, by name. A manifest or a champion.json that cannot be read makes its rows say so, and
    /// no other.
    /// </summary>
    public async IAsyncEnumerable<ModelListing> ListAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        var states = new Dictionary<(string Family, string Portfolio), (PortfolioState State, string? Fault)>();
        await foreach (var blob in _models.GetBlobsAsync(cancellationToken: cancel))
        {
            if (blob.Name.Split('/') is not [var family, var portfolio, var version, ModelBundle.ManifestFile]
                || !Names.Family.Allows(family) || !Names.Portfolio.Allows(portfolio)) continue;
            if (!states.TryGetValue((family, portfolio), out var of))
                states[(family, portfolio)] = of = await TryAsync(() => StateAsync(family, portfolio, cancel), new PortfolioState());
            var (manifest, fault) = await TryAsync(async () =>
                await FindAsync(blob.Name, ModelBundle.MaxManifestBytes, cancel) is { } file ? ModelBundle.ReadManifest(file.Content) : null, null);
            if (manifest is null && fault is null) continue; // removed since it was listed
            yield return new(family, portfolio, version, of.State.Version == version, manifest?.TrainedAt, manifest?.Metrics ?? new Dictionary<string, double>())
            {
                Proposed = of.State.Proposal?.Version == version,
                Fault = fault ?? of.Fault,
            };
        }
    }

    private static async Task<(T Value, string? Fault)> TryAsync<T>(Func<Task<T>> read, T without)
    {
        try
        {
            return (await read(), null);
        }
        catch (InvalidModelException error)
        {
            return (without, error.Message);
        }
    }

    private static string PointerOf(string family, string portfolio) => $"{Folder(family, portfolio)}/champion.json";

    private static string HistoryOf(string family, string portfolio) => $"{Folder(family, portfolio)}/history/";

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

    private async Task<bool> CreateAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancel) =>
        await WriteAsync(name, content, new BlobRequestConditions { IfNoneMatch = ETag.All }, cancel) is not null;

    private async Task<ETag?> WriteAsync(string name, ReadOnlyMemory<byte> content, BlobRequestConditions conditions, CancellationToken cancel)
    {
        try
        {
            return (await _models.GetBlobClient(name).UploadAsync(BinaryData.FromBytes(content), new BlobUploadOptions { Conditions = conditions }, cancel)).Value.ETag;
        }
        catch (RequestFailedException error) when (error.Status is 409 or 412)
        {
            return null;
        }
    }

    private sealed record StoredFile(byte[] Content, ETag ETag);
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
    string Family, string Portfolio, string Version, bool Live, DateTimeOffset? TrainedAt, IReadOnlyDictionary<string, double> Metrics)
{
    /// <summary>Whether it waits for approval.</summary>
    public bool Proposed { get; init; }

    /// <summary>Why its manifest, or what is live, cannot be read; absent when all can.</summary>
    public string? Fault { get; init; }
}
