using System.Globalization;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Serverless.Serving;

namespace Serverless.Training.Drops;

/// <summary>
/// The data that was accepted: container <c>datasets</c> with <c>{family}/{portfolio}/{sha256}.json</c>, a <see cref="Dataset"/>;
/// <c>{family}/{portfolio}/parts/{sha256}</c>, the content of increments; and <c>{family}/{portfolio}/current.json</c>, which names the
/// dataset that the next increment adds to. Only that one changes.
/// </summary>
public sealed class DatasetStore(StorageAccount account)
{
    /// <summary>Name of the container.</summary>
    internal const string Container = "datasets";

    private readonly BlobContainerClient _datasets = account.Blobs.GetBlobContainerClient(Container);

    /// <summary>Reads the dataset that the next increment adds to; null when there is none.</summary>
    /// <exception cref="InvalidDataException">It is missing.</exception>
    internal async Task<CurrentDataset?> CurrentAsync(string family, string portfolio, CancellationToken cancel)
    {
        try
        {
            var found = (await Blob(family, portfolio, "current.json").DownloadContentAsync(cancel)).Value;
            var pointer = found.Content.ToObjectFromJson<DatasetPointer>(Json.Options)!;
            var dataset = await FindAsync(family, portfolio, pointer.Sha256, cancel)
                ?? throw new InvalidDataException($"The current dataset '{family}/{portfolio}/{pointer.Sha256}.json' is missing from container '{Container}': restore it, or drop all rows with a manifest of mode 'full'.");
            return new(dataset, pointer, found.Details.ETag);
        }
        catch (RequestFailedException error) when (error.ErrorCode == BlobErrorCode.BlobNotFound)
        {
            return null;
        }
    }

    /// <summary>Reads a dataset; null when there is none of that hash.</summary>
    public async Task<Dataset?> FindAsync(string family, string portfolio, string sha256, CancellationToken cancel)
    {
        try
        {
            return (await Blob(family, portfolio, $"{sha256}.json").DownloadContentAsync(cancel)).Value.Content.ToObjectFromJson<Dataset>(Json.Options);
        }
        catch (RequestFailedException error) when (error.ErrorCode == BlobErrorCode.BlobNotFound)
        {
            return null;
        }
    }

    /// <summary>Streams a part into a temporary file.</summary>
    /// <exception cref="InvalidDataException">It is missing, or was changed.</exception>
    internal async Task<DropPart> DownloadAsync(string family, string portfolio, DatasetPart part, int source, CancellationToken cancel)
    {
        var blob = Part(family, portfolio, part.Sha256);
        DropPart local;
        try
        {
            await using var content = (await blob.DownloadStreamingAsync(cancellationToken: cancel)).Value.Content;
            local = await DropPart.CopyAsync(part.Name, content, cancel, source);
        }
        catch (RequestFailedException error) when (error.ErrorCode == BlobErrorCode.BlobNotFound)
        {
            throw new InvalidDataException($"'{blob.Name}' is missing from container '{Container}': restore it, or drop all rows with a manifest of mode 'full'.");
        }

        if (local.Sha256 == part.Sha256) return local;
        await local.DisposeAsync();
        throw new InvalidDataException($"'{blob.Name}' of container '{Container}' was changed: restore it, or drop all rows with a manifest of mode 'full'.");
    }

    /// <summary>Keeps the content of a part, unless it is kept already.</summary>
    internal async Task KeepAsync(string family, string portfolio, string sha256, Stream content, CancellationToken cancel)
    {
        // Looked for first: a conflict would only be told after gigabytes were sent.
        var blob = Part(family, portfolio, sha256);
        if (await blob.ExistsAsync(cancel)) return;
        content.Position = 0;
        await OnceAsync(blob, content, cancel);
    }

    /// <summary>Writes a dataset, unless it is there already.</summary>
    internal Task WriteAsync(string family, string portfolio, Dataset dataset, CancellationToken cancel) =>
        OnceAsync(Blob(family, portfolio, $"{dataset.Sha256()}.json"), new MemoryStream(Json.File(dataset)), cancel);

    /// <summary>Makes a dataset the one that the next increment adds to.</summary>
    /// <param name="family">Family.</param>
    /// <param name="portfolio">Portfolio.</param>
    /// <param name="to">Names the dataset, which is written.</param>
    /// <param name="before">The one that it takes the place of, as it was read; null for none.</param>
    /// <param name="cancel">Stops it.</param>
    /// <exception cref="IOException">Another one is current meanwhile.</exception>
    internal async Task PointAsync(string family, string portfolio, DatasetPointer to, CurrentDataset? before, CancellationToken cancel)
    {
        if (before?.Pointer == to) return;
        var conditions = before is null ? new BlobRequestConditions { IfNoneMatch = ETag.All } : new BlobRequestConditions { IfMatch = before.ETag };
        try
        {
            await Blob(family, portfolio, "current.json").UploadAsync(BinaryData.FromBytes(Json.File(to)), new BlobUploadOptions { Conditions = conditions }, cancel);
        }
        catch (RequestFailedException error) when (error.Status is 409 or 412)
        {
            // Perhaps by this very write, whose answer was lost.
            if ((await CurrentAsync(family, portfolio, cancel))?.Pointer != to) throw new IOException($"The current dataset of {family}/{portfolio} was changed meanwhile: try again.", error);
        }
    }

    /// <summary>Deletes a part whose rows were erased.</summary>
    internal Task DeletePartAsync(string family, string portfolio, string sha256, CancellationToken cancel) => Part(family, portfolio, sha256).DeleteIfExistsAsync(cancellationToken: cancel);

    private static async Task OnceAsync(BlobClient blob, Stream content, CancellationToken cancel)
    {
        try
        {
            await blob.UploadAsync(content, new BlobUploadOptions { Conditions = new BlobRequestConditions { IfNoneMatch = ETag.All } }, cancel);
        }
        catch (RequestFailedException error) when (error.Status is 409 or 412)
        {
            // The same content under its hash, from an earlier run or a write whose answer was lost.
        }
    }

    private BlobClient Part(string family, string portfolio, string sha256) => Blob(family, portfolio, $"parts/{sha256}");

    private BlobClient Blob(string family, string portfolio, string file) => _datasets.GetBlobClient($"{Names.Family.Check(family)}/{Names.Portfolio.Check(portfolio)}/{file}");
}

/// <summary>Which dataset the next increment adds to; <c>current.json</c>.</summary>
/// <param name="Sha256">Its hash.</param>
/// <param name="BegunAt">When the drop of all rows came that it began with, UTC; absent where none did. It is no part of the dataset, which may be the same without.</param>
internal sealed record DatasetPointer(string Sha256, DateTimeOffset? BegunAt = null);

/// <summary>The dataset that the next increment adds to, as it was read.</summary>
/// <param name="Dataset">It.</param>
/// <param name="Pointer">What names it.</param>
/// <param name="ETag">Of the pointer.</param>
internal sealed record CurrentDataset(Dataset Dataset, DatasetPointer Pointer, ETag ETag)
{
    /// <summary>When the drop of all rows came that it began with; null where none did.</summary>
    public DateTimeOffset? BegunAt => Pointer.BegunAt;

    /// <summary>
    /// Why a drop that is only worked off now, as one that failed again and again is, adds nothing: a drop of all rows came after it,
    /// which would have taken its place. Null where none did.
    /// </summary>
    public string? Superseding(DropBlob drop) => drop.LastModified < BegunAt
        ? string.Create(CultureInfo.InvariantCulture, $"A drop of all rows came after it, at {BegunAt:u}, so its rows add nothing: drop it again if they are wanted nevertheless.")
        : null;
}
