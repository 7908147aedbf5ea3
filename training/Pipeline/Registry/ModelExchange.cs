using Serverless.Serving;

namespace Serverless.Training;

/// <summary>Versions between environments: out of a registry as a signed archive, and into one from there.</summary>
public sealed class ModelExchange(StorageAccount account, ModelRegistry registry, IEnumerable<IModelFamily> families, TimeProvider time)
{
    private readonly Dictionary<string, IModelFamily> _families = families.ToDictionary(f => f.Name);

    /// <summary>Exports a version, complete or not at all.</summary>
    /// <exception cref="InvalidModelException">There is no such version, or it was changed or is incomplete.</exception>
    public async Task ExportAsync(string family, string portfolio, string version, string actor, SigningKey key, Stream to, CancellationToken cancel)
    {
        var bundle = await registry.OpenAsync(family, portfolio, version, cancel);
        var files = bundle.Files().ToDictionary();
        foreach (var name in bundle.Manifest.Beside?.Keys ?? [])
        {
            files[name] = await registry.BesideAsync(family, portfolio, version, name, cancel)
                ?? throw new InvalidModelException($"The registry has no '{family}/{portfolio}/{version}/{name}', which the manifest names: restore it, then export again.");
        }

        await ModelArchive.WriteAsync(ModelBundle.Open(files), account.Blobs.AccountName, actor, time.GetUtcNow(), key, to, cancel);
    }

    /// <summary>Stores the version of an archive after its signature, its hashes and its golden inputs were checked. It does not go live by that.</summary>
    /// <exception cref="InvalidModelException">The registry has that version with other files.</exception>
    public async Task<Outcome<ArchiveList>> ImportAsync(string path, SigningKey trust, CancellationToken cancel)
    {
        var read = await ModelArchive.ReadAsync(path, trust, cancel);
        if (read is not Outcome<(ModelBundle, ArchiveList)>.Done { Value: var (bundle, list) }) return read.Pass<ArchiveList>();
        if (!_families.TryGetValue(list.Family, out var family)) return Outcome<ArchiveList>.Reject($"The archive's model is of a family that this program does not know: it knows {string.Join(", ", _families.Keys.Order(StringComparer.Ordinal).Select(f => $"'{f}'"))}.");
        if (bundle.Manifest.Beside?.Keys.FirstOrDefault(name => !bundle.Beside.ContainsKey(name)) is { } missing)
            return Outcome<ArchiveList>.Reject($"The archive lacks '{missing}', which the model's manifest names: export the version again.");
        try
        {
            using var model = family.Load(bundle);
            model.SelfTest();
        }
        catch (InvalidModelException error)
        {
            return Outcome<ArchiveList>.Reject($"The archive's model cannot be served, so it was not stored: {error.Message}");
        }

        await registry.PublishAsync(bundle, cancel);
        return list;
    }
}
