using System.Text.Json;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Serverless.Serving.Credit;

namespace Serverless.Serving;

/// <summary>
/// The data contracts: container <c>contracts</c> with <c>{family}/{portfolio}/{version}.json</c>, which never changes, and
/// <c>{family}/{portfolio}/active.json</c>, which names the version that new drops must keep to; what it said before stays in <c>history/</c>.
/// </summary>
public sealed class ContractStore(StorageAccount account, IEnumerable<IModelFamily> families)
{
    private readonly BlobContainerClient _contracts = account.Blobs.GetBlobContainerClient("contracts");
    private readonly ActiveContracts _active = new(account.Blobs.GetBlobContainerClient("contracts"));
    private readonly Dictionary<string, IModelFamily> _families = families.ToDictionary(f => f.Name);

    /// <summary>What to do when a portfolio has no active contract.</summary>
    public static string HowToActivate(string family, string portfolio)
    {
        var write = family == CreditContract.FamilyName
            ? $"'serverless contract infer FILE --target COLUMN --portfolio {portfolio} --out {portfolio}.json'"
            : $"a text editor as {portfolio}.json";
        return $"Portfolio '{portfolio}' of family '{family}' has no active contract: write one with {write}, read it, activate it with "
            + $"'serverless contract activate {portfolio}.json', and drop the file again.";
    }

    /// <summary>Reads the active contract; null when there is none.</summary>
    /// <exception cref="InvalidDataException">The active version is missing or no longer valid.</exception>
    /// <exception cref="ArgumentException">A name does not have the form that <see cref="Names"/> states, or there is no such family.</exception>
    public async Task<DataContract?> ActiveAsync(string family, string portfolio, CancellationToken cancel)
    {
        if (!_families.TryGetValue(family, out var reader)) throw new ArgumentException(NoSuchFamily(), nameof(family));
        var folder = $"{family}/{Names.Portfolio.Check(portfolio)}";
        if (await PointerAsync($"{folder}/", cancel) is not { } active) return null;
        var name = $"{folder}/{active.Version}.json";
        var stored = await FindAsync(name, cancel) ?? throw new InvalidDataException($"The active contract '{name}' is missing: activate it again with 'serverless contract activate FILE'.");
        return reader.ReadContract(stored.ToMemory().Span) switch
        {
            Outcome<DataContract>.Done done => done.Value,
            Outcome<DataContract>.Rejected rejected => throw new InvalidDataException(
                $"The active contract '{name}' is not valid: {string.Join(" ", rejected.Reasons)} Give it a new version and activate that."),
            _ => throw new InvalidOperationException("An outcome is done or rejected."),
        };
    }

    /// <summary>
    /// Checks a contract, stores its version and makes it the active one; rejected with every fault, or as
    /// <see cref="Rejection.Conflict"/> when the version is stored with other content.
    /// </summary>
    public async Task<Outcome<DataContract>> ActivateAsync(ReadOnlyMemory<byte> json, CancellationToken cancel) =>
        (await ActivateAsync(json, null, cancel)).Then<DataContract>(activated => activated.Contract);

    /// <summary>The same, with who does it and when; also rejected as <see cref="Rejection.Conflict"/> when another activation came at the same time.</summary>
    public async Task<Outcome<ActivatedContract>> ActivateAsync(ReadOnlyMemory<byte> json, Activation? activation, CancellationToken cancel)
    {
        var read = Read(json);
        if (read is not Outcome<DataContract>.Done { Value: var contract }) return read.Pass<ActivatedContract>();

        // The version first: a crash before the pointer leaves a version that is not active, and activating again completes it.
        var folder = $"{contract.Family}/{contract.Portfolio}";
        if (!await StoreAsync($"{folder}/{contract.Version}.json", json, cancel))
        {
            return Outcome<ActivatedContract>.Reject(
                Rejection.Conflict,
                $"Contract version '{contract.Version}' of '{folder}' is stored with other content: give this one a new version and activate it again.");
        }

        var from = await _active.FindAsync($"{folder}/", cancel);
        var replaced = from?.Read()?.Version;
        var asked = replaced is not null && await FindAsync($"{folder}/{replaced}.json", cancel) is { } stored
            && _families[contract.Family].ReadContract(stored.ToMemory().Span) is Outcome<DataContract>.Done { Value.Gate.Approval: true };
        var to = new ActiveContract(contract.Version, activation) { Replaced = replaced, EndsApproval = asked && !contract.Gate.Approval };
        return await _active.SwitchAsync($"{folder}/", from, to, cancel)
            ? new ActivatedContract(contract, to)
            : Outcome<ActivatedContract>.Reject(Rejection.Conflict, $"Somebody activated another contract of '{folder}' at the same time, so this was not done: look at 'serverless contract list {contract.Family} {contract.Portfolio}' and decide again.");
    }

    /// <summary>Every version that was made the active one, latest first, each time that it was.</summary>
    /// <exception cref="InvalidDataException">The pointer is damaged.</exception>
    /// <exception cref="ArgumentException">A name does not have the form that <see cref="Names"/> states.</exception>
    public async Task<IReadOnlyList<ActiveContract>> HistoryAsync(string family, string portfolio, CancellationToken cancel)
    {
        var folder = $"{Names.Family.Check(family)}/{Names.Portfolio.Check(portfolio)}/";
        var present = await PointerAsync(folder, cancel);

        // A crash between keeping what is replaced and replacing it leaves it twice.
        var before = await _active.HistoryAsync(folder, cancel);
        return present is null ? before : [present, .. before.SkipWhile(b => b == present)];
    }

    /// <summary>The stored versions, in the order in which they were stored.</summary>
    /// <exception cref="ArgumentException">A name does not have the form that <see cref="Names"/> states.</exception>
    public async Task<IReadOnlyList<ContractListing>> ListAsync(string family, string portfolio, CancellationToken cancel)
    {
        var folder = $"{Names.Family.Check(family)}/{Names.Portfolio.Check(portfolio)}/";
        var active = await PointerAsync(folder, cancel);
        List<ContractListing> listed = [];
        await foreach (var blob in _contracts.GetBlobsAsync(new GetBlobsOptions { Prefix = folder }, cancel))
        {
            var version = Path.GetFileNameWithoutExtension(blob.Name[folder.Length..]);
            if (version == "active" || blob.Name.AsSpan(folder.Length).Contains('/')) continue;
            var live = version == active?.Version;
            listed.Add(new(version, blob.Properties.CreatedOn ?? default, live, live ? active?.Activation : null));
        }

        return [.. listed.OrderBy(l => l.StoredAt).ThenBy(l => l.Version, StringComparer.Ordinal)];
    }

    /// <summary>A version as it was stored, or the active one; null when there is none.</summary>
    /// <exception cref="ArgumentException">A name does not have the form that <see cref="Names"/> states.</exception>
    public async Task<ReadOnlyMemory<byte>?> FindAsync(string family, string portfolio, string? version, CancellationToken cancel)
    {
        var folder = $"{Names.Family.Check(family)}/{Names.Portfolio.Check(portfolio)}/";
        if ((version ?? (await PointerAsync(folder, cancel))?.Version) is not { } wanted) return null;
        return (await FindAsync($"{folder}{Names.ContractVersion.Check(wanted)}.json", cancel))?.ToMemory();
    }

    private async Task<ActiveContract?> PointerAsync(string folder, CancellationToken cancel) => await _active.FindAsync(folder, cancel) is not { } pointer ? null : pointer.Read()
        ?? throw new InvalidDataException($"'{folder}active.json' in container 'contracts' is damaged: it must name a version. Activate the contract again with 'serverless contract activate FILE'.");

    private Outcome<DataContract> Read(ReadOnlyMemory<byte> json)
    {
        string? family;
        try
        {
            using var document = JsonDocument.Parse(json);
            family = document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("family", out var member)
                && member.ValueKind == JsonValueKind.String ? member.GetString() : null;
        }
        catch (JsonException error)
        {
            return Outcome<DataContract>.Reject($"The contract is not JSON: {error.Message}");
        }

        if (family is null || !_families.TryGetValue(family, out var reader)) return Outcome<DataContract>.Reject(NoSuchFamily());
        return reader.ReadContract(json.Span).Then<DataContract>(contract => NameFaults(contract) is { Count: > 0 } faults ? Outcome<DataContract>.Reject(faults) : contract);
    }

    private static List<string> NameFaults(DataContract contract) =>
    [
        .. Names.Portfolio.Allows(contract.Portfolio) ? [] : new[] { Names.Portfolio.Fault },
        .. Names.ContractVersion.Allows(contract.Version) ? [] : new[] { Names.ContractVersion.Fault },
        .. contract.Version == "active" ? ["version must not be 'active', which names the pointer."] : Array.Empty<string>(),
    ];

    private string NoSuchFamily() => $"family must be one of {string.Join(", ", _families.Keys.Order(StringComparer.Ordinal).Select(f => $"'{f}'"))}.";

    private async Task<bool> StoreAsync(string name, ReadOnlyMemory<byte> json, CancellationToken cancel)
    {
        try
        {
            var once = new BlobUploadOptions { Conditions = new BlobRequestConditions { IfNoneMatch = ETag.All } };
            await _contracts.GetBlobClient(name).UploadAsync(BinaryData.FromBytes(json), once, cancel);
            return true;
        }
        catch (RequestFailedException error) when (error.Status is 409 or 412)
        {
            return await FindAsync(name, cancel) is { } stored && CanonicalHash(stored.ToMemory()) == CanonicalHash(json);
        }
    }

    private static string CanonicalHash(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        return Json.CanonicalHash(document.RootElement, without: "$schema"); // where an editor finds the schema is no part of the contract
    }

    private async Task<BinaryData?> FindAsync(string name, CancellationToken cancel)
    {
        try
        {
            return (await _contracts.GetBlobClient(name).DownloadContentAsync(cancel)).Value.Content;
        }
        catch (RequestFailedException error) when (error.Status == 404)
        {
            return null;
        }
    }
}

/// <summary>A contract that was made the active one.</summary>
/// <param name="Contract">It.</param>
/// <param name="Active">What stands in <c>active.json</c> now.</param>
public sealed record ActivatedContract(DataContract Contract, ActiveContract Active);

/// <summary>A stored version of a contract.</summary>
/// <param name="Version">The version.</param>
/// <param name="StoredAt">When it was stored first.</param>
/// <param name="Active">Whether new drops must keep to it.</param>
/// <param name="Activation">Who made it the active one; null when it is not, or when that was not recorded.</param>
public sealed record ContractListing(string Version, DateTimeOffset StoredAt, bool Active, Activation? Activation);
