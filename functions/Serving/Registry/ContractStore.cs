using System.Text.Json;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Serverless.Serving.Credit;

namespace Serverless.Serving;

/// <summary>
/// The data contracts: container <c>contracts</c> with <c>{family}/{portfolio}/{version}.json</c>, which never changes, and
/// <c>{family}/{portfolio}/active.json</c>, which names the version that new drops must keep to.
/// </summary>
public sealed class ContractStore(StorageAccount account, IEnumerable<IModelFamily> families)
{
    private readonly BlobContainerClient _contracts = account.Blobs.GetBlobContainerClient("contracts");
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
    public Task<Outcome<DataContract>> ActivateAsync(ReadOnlyMemory<byte> json, CancellationToken cancel) => ActivateAsync(json, null, cancel);

    /// <summary>The same, with who does it and when.</summary>
    public async Task<Outcome<DataContract>> ActivateAsync(ReadOnlyMemory<byte> json, Activation? activation, CancellationToken cancel)
    {
        var read = Read(json);
        if (read is not Outcome<DataContract>.Done { Value: var contract }) return read;

        // The version first: a crash before the pointer leaves a version that is not active, and activating again completes it.
        var folder = $"{contract.Family}/{contract.Portfolio}";
        if (!await StoreAsync($"{folder}/{contract.Version}.json", json, cancel))
        {
            return Outcome<DataContract>.Reject(
                Rejection.Conflict,
                $"Contract version '{contract.Version}' of '{folder}' is stored with other content: give this one a new version and activate it again.");
        }

        await _contracts.GetBlobClient($"{folder}/active.json").UploadAsync(BinaryData.FromBytes(Json.File(new Active(contract.Version, activation))), overwrite: true, cancel);
        return read;
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
            if (version == "active") continue;
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

    private async Task<Active?> PointerAsync(string folder, CancellationToken cancel)
    {
        if (await FindAsync($"{folder}active.json", cancel) is not { } pointer) return null;
        try
        {
            if (pointer.ToObjectFromJson<Active>(Json.Options) is { } active && Names.ContractVersion.Allows(active.Version)) return active;
        }
        catch (JsonException)
        {
            // Told below: the parser's message says nothing that helps to mend it.
        }

        throw new InvalidDataException($"'{folder}active.json' in container 'contracts' is damaged: it must name a version. Activate the contract again with 'serverless contract activate FILE'.");
    }

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

    private sealed record Active(string Version, Activation? Activation = null);
}

/// <summary>Who made a contract the active one.</summary>
/// <param name="Actor">The person or program.</param>
/// <param name="At">When.</param>
public sealed record Activation(string Actor, DateTimeOffset At);

/// <summary>A stored version of a contract.</summary>
/// <param name="Version">The version.</param>
/// <param name="StoredAt">When it was stored first.</param>
/// <param name="Active">Whether new drops must keep to it.</param>
/// <param name="Activation">Who made it the active one; null when it is not, or when that was not recorded.</param>
public sealed record ContractListing(string Version, DateTimeOffset StoredAt, bool Active, Activation? Activation);
