namespace Serverless.Serving;

/// <summary>
/// The data contracts: container <c>contracts</c> with <c>{family}/{portfolio}/{version}.json</c>, which never changes, and
/// <c>{family}/{portfolio}/active.json</c>, which names the version that new drops must keep to.
/// </summary>
public sealed class ContractStore(StorageAccount account, IEnumerable<IModelFamily> families)
{
    /// <summary>What to do when a portfolio has no active contract.</summary>
    public static string HowToActivate(string family, string portfolio) =>
        $"Portfolio '{portfolio}' has no active contract in family '{family}': write one with 'serverless contract infer FILE --target COLUMN --out {portfolio}.json', "
        + $"read it, then run 'serverless contract activate {portfolio}.json' and drop the file again.";

    /// <summary>Reads the active contract; null when there is none.</summary>
    /// <exception cref="InvalidDataException">The active version is missing or no longer valid.</exception>
    public Task<DataContract?> ActiveAsync(string family, string portfolio, CancellationToken cancel) => throw new NotImplementedException($"{account} {families}");

    /// <summary>Checks a contract, stores its version and makes it the active one; rejected with every fault, or when the version is stored with other content.</summary>
    public Task<Outcome<DataContract>> ActivateAsync(ReadOnlyMemory<byte> json, CancellationToken cancel) => throw new NotImplementedException();
}
