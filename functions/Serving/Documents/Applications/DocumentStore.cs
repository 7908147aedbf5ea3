using System.Text.Json;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;

namespace Serverless.Serving.Documents;

/// <summary>Papers of applications and what was read of them: container <c>documents</c>, folders <c>incoming</c> and <c>read</c>.</summary>
public sealed class DocumentStore(StorageAccount account)
{
    /// <summary>Name of the container.</summary>
    public const string Container = "documents";

    private readonly BlobContainerClient _documents = account.Blobs.GetBlobContainerClient(Container);

    /// <summary>Most bytes of a picture that are looked at; what has more is told so without reading it.</summary>
    public const long LargestPicture = 64L << 20;

    /// <summary>Downloads a picture.</summary>
    /// <param name="name">The picture.</param>
    /// <param name="etag">The one that is meant; null for the present one.</param>
    /// <param name="cancel">Stops it.</param>
    /// <returns>The picture with its ETag, without its content where it has more than <see cref="LargestPicture"/> bytes; null when it is gone or was overwritten.</returns>
    public async Task<IncomingPicture?> FindAsync(DocumentName name, string? etag, CancellationToken cancel)
    {
        var blob = _documents.GetBlobClient(name.Incoming);
        try
        {
            var properties = (await blob.GetPropertiesAsync(etag is null ? null : new BlobRequestConditions { IfMatch = new ETag(etag) }, cancel)).Value;
            if (properties.ContentLength > LargestPicture) return new(properties.ETag.ToString(), properties.ContentLength, null);
            var content = (await blob.DownloadContentAsync(new BlobDownloadOptions { Conditions = new() { IfMatch = properties.ETag } }, cancel)).Value;
            return new(properties.ETag.ToString(), properties.ContentLength, content.Content);
        }
        catch (RequestFailedException error) when (error.Status is 404 or 412)
        {
            return null;
        }
    }

    /// <summary>Writes what was read, over what stood there.</summary>
    public Task WriteAsync(DocumentReading reading, CancellationToken cancel) =>
        _documents.GetBlobClient(new DocumentName(reading.Portfolio, reading.ApplicationId, reading.File).Reading).UploadAsync(BinaryData.FromBytes(Json.File(reading)), overwrite: true, cancel);

    /// <summary>What was read of a picture; null where nothing was.</summary>
    public async Task<DocumentReading?> ReadingAsync(DocumentName name, CancellationToken cancel)
    {
        try
        {
            return Parse((await _documents.GetBlobClient(name.Reading).DownloadContentAsync(cancel)).Value.Content);
        }
        catch (RequestFailedException error) when (error.Status == 404)
        {
            return null;
        }
    }

    /// <summary>Everything that was read of an application's papers, by file name.</summary>
    /// <exception cref="ArgumentException">A name does not have the form that <see cref="Names"/> states.</exception>
    public async Task<IReadOnlyList<DocumentReading>> ReadingsAsync(string portfolio, string applicationId, CancellationToken cancel)
    {
        var readings = new List<DocumentReading>();
        await foreach (var name in NamesAsync(DocumentName.ReadFor(portfolio, applicationId), cancel))
        {
            if (await ReadingAsync(new(portfolio, applicationId, Path.GetFileName(name)[..^".json".Length]), cancel) is { } reading) readings.Add(reading);
        }

        return readings;
    }

    /// <summary>Removes an application's papers and what was read of them.</summary>
    /// <returns>How many papers there were.</returns>
    /// <exception cref="ArgumentException">A name does not have the form that <see cref="Names"/> states.</exception>
    public async Task<int> EraseAsync(string portfolio, string applicationId, CancellationToken cancel)
    {
        // The pictures first: what is read meanwhile finds none any more.
        var papers = 0;
        foreach (var folder in new[] { DocumentName.IncomingFor(portfolio, applicationId), DocumentName.ReadFor(portfolio, applicationId) })
        {
            await foreach (var name in NamesAsync(folder, cancel))
            {
                await _documents.GetBlobClient(name).DeleteIfExistsAsync(cancellationToken: cancel);
                papers += DocumentName.IsIncoming(name) ? 1 : 0;
            }
        }

        return papers;
    }

    private IAsyncEnumerable<string> NamesAsync(string folder, CancellationToken cancel) =>
        _documents.GetBlobsAsync(new GetBlobsOptions { Prefix = folder }, cancel).Select(b => b.Name);

    private static DocumentReading Parse(BinaryData json) =>
        JsonSerializer.Deserialize<DocumentReading>(json, Json.Options) ?? throw new InvalidDataException("What was read of a document is null: restore the blob, or put the picture there again.");
}

/// <summary>A picture as it came in.</summary>
/// <param name="ETag">Of the blob.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Content">Its bytes; null where they are too many.</param>
public sealed record IncomingPicture(string ETag, long Bytes, BinaryData? Content);
