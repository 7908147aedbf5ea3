using System.Globalization;
using System.Text.Json;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;

namespace Serverless.Serving;

/// <summary>Which version of a portfolio's contract new drops must keep to; <c>active.json</c>.</summary>
/// <param name="Version">The version; '?' where what was replaced could not be read.</param>
/// <param name="Activation">Who made it the active one; null when that was not recorded.</param>
public sealed record ActiveContract(string Version, Activation? Activation = null)
{
    /// <summary>The version that was active before; absent where none was, and in files of older programs.</summary>
    public string? Replaced { get; init; }

    /// <summary>Whether the version before asked for approval by a second person (gate.approval) and this one does not.</summary>
    public bool EndsApproval { get; init; }
}

/// <summary>Who made a contract the active one.</summary>
/// <param name="Actor">The person or program.</param>
/// <param name="At">When.</param>
public sealed record Activation(string Actor, DateTimeOffset At);

/// <summary>
/// The pointers to the active contracts. A change is compare-and-swap, and what a pointer said before stays under <c>history/</c>: nobody
/// can end the approval by a second person and bring it back unseen.
/// </summary>
internal sealed class ActiveContracts(BlobContainerClient contracts)
{
    private const string File = "active.json", Stamp = "yyyyMMdd'T'HHmmss'Z'";

    /// <summary>Reads a pointer; null when there is none.</summary>
    /// <param name="folder"><c>{family}/{portfolio}/</c>.</param>
    /// <param name="cancel">Stops it.</param>
    public async Task<ContractPointer?> FindAsync(string folder, CancellationToken cancel)
    {
        try
        {
            var found = (await contracts.GetBlobClient(folder + File).DownloadContentAsync(cancel)).Value;
            return new(found.Content, found.Details.ETag, found.Details.LastModified);
        }
        catch (RequestFailedException error) when (error.Status == 404)
        {
            return null;
        }
    }

    /// <summary>
    /// Changes a pointer if it still says what was read. What it said is kept first, as it was: a crash in between leaves it twice, and
    /// the next change does not keep it again.
    /// </summary>
    /// <returns>False when another change came first.</returns>
    public async Task<bool> SwitchAsync(string folder, ContractPointer? from, ActiveContract to, CancellationToken cancel)
    {
        if (from is not null)
        {
            var kept = string.Create(CultureInfo.InvariantCulture, $"{folder}history/{from.LastModified.UtcDateTime.ToString(Stamp, CultureInfo.InvariantCulture)}-{from.ETag.ToString().Trim('"')}.json");
            await WriteAsync(kept, from.Content, new() { IfNoneMatch = ETag.All }, cancel);
        }

        var content = BinaryData.FromBytes(Json.File(to));
        if (await WriteAsync(folder + File, content, from is null ? new() { IfNoneMatch = ETag.All } : new() { IfMatch = from.ETag }, cancel)) return true;

        // A write whose answer was lost is refused when the SDK repeats it.
        return await FindAsync(folder, cancel) is { } now && now.Content.ToMemory().Span.SequenceEqual(content.ToMemory().Span);
    }

    /// <summary>Everything that a pointer said before, latest first.</summary>
    public async Task<IReadOnlyList<ActiveContract>> HistoryAsync(string folder, CancellationToken cancel)
    {
        var (prefix, said) = ($"{folder}history/", new List<(DateTimeOffset At, ActiveContract Active)>());
        await foreach (var blob in contracts.GetBlobsAsync(new GetBlobsOptions { Prefix = prefix }, cancel))
        {
            // Storage tells the time to the second, and who activates to a part of it.
            if (!DateTimeOffset.TryParseExact(blob.Name[prefix.Length..].Split('-')[0], Stamp, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var kept)) continue;
            var content = (await contracts.GetBlobClient(blob.Name).DownloadContentAsync(cancel)).Value.Content;
            var active = new ContractPointer(content, default, kept).Read() ?? new("?");
            said.Add((active.Activation?.At ?? kept, active));
        }

        return [.. said.OrderByDescending(s => s.At).Select(s => s.Active)];
    }

    private async Task<bool> WriteAsync(string name, BinaryData content, BlobRequestConditions conditions, CancellationToken cancel)
    {
        try
        {
            await contracts.GetBlobClient(name).UploadAsync(content, new BlobUploadOptions { Conditions = conditions }, cancel);
            return true;
        }
        catch (RequestFailedException error) when (error.Status is 409 or 412)
        {
            return false;
        }
    }
}

/// <summary>A pointer as it was read.</summary>
/// <param name="Content">What the blob holds.</param>
/// <param name="ETag">Of the blob.</param>
/// <param name="LastModified">When it was written, to the second.</param>
internal sealed record ContractPointer(BinaryData Content, ETag ETag, DateTimeOffset LastModified)
{
    /// <summary>What it says; null when it is damaged.</summary>
    public ActiveContract? Read()
    {
        try
        {
            return Content.ToObjectFromJson<ActiveContract>(Json.Options) is { } active && Names.ContractVersion.Allows(active.Version) ? active : null;
        }
        catch (JsonException)
        {
            return null; // the parser's message says nothing that helps to mend it
        }
    }
}
