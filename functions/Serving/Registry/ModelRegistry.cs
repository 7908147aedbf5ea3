using Azure;

namespace Serverless.Serving;

/// <summary>
/// The models of every portfolio: container <c>models</c> with <c>{family}/{portfolio}/{version}/…</c>, which never changes, and
/// <c>{family}/{portfolio}/champion.json</c>, which names the live version and is the only blob that does.
/// </summary>
public sealed class ModelRegistry(StorageAccount account)
{
    /// <summary>Reads which version is live; null when none is.</summary>
    public Task<Champion?> ChampionAsync(string family, string portfolio, CancellationToken cancel) => throw new NotImplementedException(account.ToString());

    /// <summary>Reads the served files of a version and verifies every hash; <see cref="BesideAsync"/> reads the others.</summary>
    /// <exception cref="InvalidModelException">There is no such version, or it was changed.</exception>
    public Task<ModelBundle> OpenAsync(string family, string portfolio, string version, CancellationToken cancel) => throw new NotImplementedException();

    /// <summary>Reads a file that lies beside the served ones, such as the card; null when there is none.</summary>
    public Task<ReadOnlyMemory<byte>?> BesideAsync(string family, string portfolio, string version, string file, CancellationToken cancel) => throw new NotImplementedException();

    /// <summary>Stores a version; one that is there already stays as it is.</summary>
    /// <exception cref="InvalidModelException">The stored version has other content.</exception>
    public Task PublishAsync(ModelBundle bundle, CancellationToken cancel) => throw new NotImplementedException();

    /// <summary>Switches the live version if the pointer is still the one that was read.</summary>
    /// <returns>False when another switch came first: read the champion again and decide again.</returns>
    public Task<bool> PromoteAsync(string family, string portfolio, string version, Champion? expected, string actor, DateTimeOffset now, CancellationToken cancel) =>
        throw new NotImplementedException();

    /// <summary>Every complete version of every portfolio.</summary>
    public IAsyncEnumerable<ModelListing> ListAsync(CancellationToken cancel) => throw new NotImplementedException();
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
