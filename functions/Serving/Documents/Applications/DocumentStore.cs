using System.Runtime.CompilerServices;
using System.Text.Json;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Serverless.Serving.Decisions;

namespace Serverless.Serving.Documents;

/// <summary>Papers of applications in container <c>documents</c>, and what was read of them beside the applications.</summary>
public sealed class DocumentStore(StorageAccount account)
{
    /// <summary>Name of the container.</summary>
    public const string Container = "documents";

    /// <summary>Most bytes of a picture that are looked at; what has more is told so without reading it.</summary>
    public const long LargestPicture = 64L << 20;

    private readonly BlobContainerClient _documents = account.Blobs.GetBlobContainerClient(Container);
    private readonly BlobContainerClient _readings = account.Blobs.GetBlobContainerClient(ApplicationStore.Container);

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
        _readings.GetBlobClient(new DocumentName(reading.Portfolio, reading.ApplicationId, reading.File).Reading).UploadAsync(BinaryData.FromBytes(Json.File(reading)), overwrite: true, cancel);

    /// <summary>What was read of a picture; null where nothing was.</summary>
    public async Task<DocumentReading?> ReadingAsync(DocumentName name, CancellationToken cancel)
    {
        try
        {
            return Parse((await _readings.GetBlobClient(name.Reading).DownloadContentAsync(cancel)).Value.Content);
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
        await foreach (var blob in NamesAsync(_readings, DocumentName.ReadFor(portfolio, applicationId), cancel))
        {
            if (await ReadingAsync(DocumentName.OfReading(portfolio, applicationId, blob), cancel) is { } reading) readings.Add(reading);
        }

        return readings;
    }

    /// <summary>What was read of an application's papers with the pictures, by file name; a picture that is gone or was overwritten is left out.</summary>
    /// <exception cref="ArgumentException">A name does not have the form that <see cref="Names"/> states.</exception>
    public async Task<IReadOnlyList<Paper>> PapersAsync(string portfolio, string applicationId, CancellationToken cancel)
    {
        var papers = new List<Paper>();
        foreach (var reading in await ReadingsAsync(portfolio, applicationId, cancel))
            papers.Add(new(reading, (await FindAsync(new(portfolio, applicationId, reading.File), reading.ETag, cancel))?.Content));
        return papers;
    }

    /// <summary>Removes an application's papers and what was read of them.</summary>
    /// <returns>How many papers there were.</returns>
    /// <exception cref="ArgumentException">A name does not have the form that <see cref="Names"/> states.</exception>
    public async Task<int> EraseAsync(string portfolio, string applicationId, CancellationToken cancel)
    {
        // The pictures first: what is read meanwhile finds none any more.
        var papers = 0;
        await foreach (var blob in NamesAsync(_documents, DocumentName.IncomingFor(portfolio, applicationId), cancel))
        {
            await _documents.GetBlobClient(blob).DeleteIfExistsAsync(cancellationToken: cancel);
            papers++;
        }

        await foreach (var blob in NamesAsync(_readings, DocumentName.ReadFor(portfolio, applicationId), cancel)) await _readings.GetBlobClient(blob).DeleteIfExistsAsync(cancellationToken: cancel);
        return papers;
    }

    /// <summary>Streams the applications whose last picture came before a time, each once.</summary>
    public async IAsyncEnumerable<(string Portfolio, string ApplicationId)> BeforeAsync(DateTimeOffset before, [EnumeratorCancellation] CancellationToken cancel)
    {
        // Listed by name, so that those of one application come one after the other.
        (DocumentName Name, bool Old)? last = null;
        await foreach (var blob in _documents.GetBlobsAsync(cancellationToken: cancel))
        {
            if (DocumentName.Read(blob.Name) is not Outcome<DocumentName>.Done { Value: var name }) continue;
            var old = blob.Properties.LastModified < before;
            if (last is { } same && (same.Name.Portfolio, same.Name.ApplicationId) == (name.Portfolio, name.ApplicationId)) old &= same.Old;
            else if (last is { Old: true } ended) yield return (ended.Name.Portfolio, ended.Name.ApplicationId);
            last = (name, old);
        }

        if (last is { Old: true } end) yield return (end.Name.Portfolio, end.Name.ApplicationId);
    }

    /// <summary>The pictures of an application's papers, as <c>documents/incoming/…</c>, in one portfolio or in all.</summary>
    /// <param name="portfolio">Portfolio; null for all.</param>
    /// <param name="applicationId">Id of the application.</param>
    /// <param name="cancel">Stops it.</param>
    public async Task<IReadOnlyList<DocumentName>> OfAsync(string? portfolio, string applicationId, CancellationToken cancel)
    {
        var found = new List<DocumentName>();
        var folders = _documents.GetBlobsByHierarchyAsync(new GetBlobsByHierarchyOptions { Delimiter = "/", Prefix = DocumentName.IncomingFolder + "/" }, cancel);
        var portfolios = portfolio is not null ? [portfolio] : await folders.Where(f => f.IsPrefix).Select(f => f.Prefix.Split('/')[1]).Where(Names.Portfolio.Allows).ToListAsync(cancel);
        foreach (var name in portfolios)
        {
            await foreach (var blob in NamesAsync(_documents, DocumentName.IncomingFor(name, applicationId), cancel))
            {
                if (DocumentName.Read(blob) is Outcome<DocumentName>.Done { Value: var paper }) found.Add(paper);
            }
        }

        return found;
    }

    private static IAsyncEnumerable<string> NamesAsync(BlobContainerClient container, string folder, CancellationToken cancel) =>
        container.GetBlobsAsync(new GetBlobsOptions { Prefix = folder }, cancel).Select(b => b.Name);

    private static DocumentReading Parse(BinaryData json) =>
        JsonSerializer.Deserialize<DocumentReading>(json, Json.Options) ?? throw new InvalidDataException("What was read of a document is null: restore the blob, or put the picture there again.");
}

/// <summary>A paper that was read.</summary>
/// <param name="Reading">What was read.</param>
/// <param name="Picture">Its file; null where it is not there any more.</param>
public sealed record Paper(DocumentReading Reading, BinaryData? Picture);

/// <summary>A picture as it came in.</summary>
/// <param name="ETag">Of the blob.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Content">Its bytes; null where they are too many.</param>
public sealed record IncomingPicture(string ETag, long Bytes, BinaryData? Content);
