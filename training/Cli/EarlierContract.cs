using Microsoft.Extensions.DependencyInjection;
using Serverless.Serving;
using Serverless.Serving.Credit;
using Serverless.Training.Contracts;

namespace Serverless.Cli;

/// <summary>A credit contract that another is made like.</summary>
/// <param name="Contract">The contract.</param>
/// <param name="Next">A version that comes after it and is not stored yet.</param>
internal sealed record EarlierContract(CreditContract Contract, string Next)
{
    private const string Active = "active";

    /// <summary>Finds it in a file, or in the storage of the portfolio.</summary>
    public static async Task<Outcome<EarlierContract>> FindAsync(Terminal terminal, string named, string portfolio, CancellationToken cancel)
    {
        if (named != Active) return Read(await File.ReadAllBytesAsync(named, cancel), []);
        return await Storage.UseAsync<EarlierContract>(terminal, async stores =>
        {
            var found = await ContractStored.FindAsync(stores, CreditContract.FamilyName, portfolio, null, cancel);
            if (found is not Outcome<byte[]>.Done { Value: var json }) return found.Pass<EarlierContract>();
            var stored = await stores.GetRequiredService<ContractStore>().ListAsync(CreditContract.FamilyName, portfolio, cancel);
            return Read(json, [.. stored.Select(s => s.Version)]);
        });
    }

    private static Outcome<EarlierContract> Read(byte[] json, IReadOnlyCollection<string> taken) =>
        Offline.ReadContract(json).Then<EarlierContract>(read => read.Contract is CreditContract contract
            ? new EarlierContract(contract, ContractVersions.Next(contract.Version, taken))
            : Outcome<EarlierContract>.Reject("--like names a contract of another family: name a credit contract."));
}
