using System.Runtime.CompilerServices;
using System.Text.Json;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;

namespace Serverless.Serving.Decisions;

/// <summary>The applications with their decisions: container <c>applications</c>, <c>{portfolio}/{applicationId}.json</c>.</summary>
public sealed class ApplicationStore(StorageAccount account)
{
    /// <summary>Name of the container.</summary>
    public const string Container = "applications";

    // So that one listing tells which are erased.
    private const string ErasedKey = "erased";

    private readonly BlobContainerClient _applications = account.Blobs.GetBlobContainerClient(Container);

    /// <summary>Reads an application; null when there is none.</summary>
    /// <exception cref="ArgumentException">A name does not have the form that <see cref="Names"/> states.</exception>
    public async Task<ApplicationRecord?> FindAsync(string portfolio, string applicationId, CancellationToken cancel) =>
        (await ReadAsync(portfolio, applicationId, cancel))?.Record;

    /// <summary>Stores an application if it is not there yet, in one request.</summary>
    /// <returns>False when it is there already, whatever its content.</returns>
    public Task<bool> CreateAsync(ApplicationRecord application, CancellationToken cancel) =>
        WriteAsync(application, new BlobRequestConditions { IfNoneMatch = ETag.All }, cancel);

    /// <summary>Notes what a person made of an application, unless another decision of a person is noted already or it was erased.</summary>
    /// <returns>The record as it is then, with whichever decision of a person was first; null when there is no such application.</returns>
    /// <exception cref="ArgumentException">A name does not have the form that <see cref="Names"/> states.</exception>
    public async Task<ApplicationRecord?> ReviewAsync(string portfolio, string applicationId, ReviewOutcome outcome, CancellationToken cancel)
    {
        while (true)
        {
            if (await ReadAsync(portfolio, applicationId, cancel) is not var (record, etag)) return null;
            if (record.Case is not { Review: null } made) return record;
            var reviewed = record with { Case = made with { Review = outcome } };
            if (await WriteAsync(reviewed, new BlobRequestConditions { IfMatch = etag }, cancel)) return reviewed;
        }
    }

    /// <summary>
    /// Removes inputs, decision and reasons of an application, and the key of its hashes in the log. Ids and the place in the log stay, so
    /// that the log can still be verified and a late delivery is not decided anew.
    /// </summary>
    /// <param name="portfolio">Portfolio.</param>
    /// <param name="applicationId">Id of the application.</param>
    /// <param name="erasure">When and by whom; one that was erased already keeps its own.</param>
    /// <param name="cancel">Stops it.</param>
    /// <returns>What is left; null when there is no such application.</returns>
    /// <exception cref="ArgumentException">A name does not have the form that <see cref="Names"/> states.</exception>
    public async Task<ApplicationRecord?> EraseAsync(string portfolio, string applicationId, Erasure erasure, CancellationToken cancel)
    {
        while (true)
        {
            if (await ReadAsync(portfolio, applicationId, cancel) is not var (record, etag)) return null;
            if (record.Erased is not null) return record;
            var erased = record with { Case = null, Erased = erasure };
            if (await WriteAsync(erased, new BlobRequestConditions { IfMatch = etag }, cancel)) return erased;
        }
    }

    /// <summary>Streams the applications that were decided before a time and are not erased.</summary>
    public async IAsyncEnumerable<(string Portfolio, string ApplicationId)> DecidedBeforeAsync(DateTimeOffset before, [EnumeratorCancellation] CancellationToken cancel)
    {
        await foreach (var blob in _applications.GetBlobsAsync(new GetBlobsOptions { Traits = BlobTraits.Metadata }, cancel))
        {
            // A record is written when it is decided, by the program or after it by a person.
            if (blob.Properties.LastModified >= before || blob.Metadata.ContainsKey(ErasedKey)) continue;
            if (blob.Name.Split('/') is [var portfolio, [.. var id, '.', 'j', 's', 'o', 'n']] && Names.Portfolio.Allows(portfolio) && Names.ApplicationId.Allows(id)) yield return (portfolio, id);
        }
    }

    private async Task<(ApplicationRecord Record, ETag ETag)?> ReadAsync(string portfolio, string applicationId, CancellationToken cancel)
    {
        try
        {
            var blob = (await Blob(portfolio, applicationId).DownloadContentAsync(cancel)).Value;
            return (blob.Content.ToObjectFromJson<ApplicationRecord>(Json.Options)!, blob.Details.ETag);
        }
        catch (RequestFailedException error) when (error.Status == 404)
        {
            return null;
        }
    }

    private async Task<bool> WriteAsync(ApplicationRecord application, BlobRequestConditions conditions, CancellationToken cancel)
    {
        try
        {
            var options = new BlobUploadOptions { Conditions = conditions, HttpHeaders = new BlobHttpHeaders { ContentType = "application/json" } };
            if (application.Erased is not null) options.Metadata = new Dictionary<string, string> { [ErasedKey] = "true" };
            var content = BinaryData.FromBytes(JsonSerializer.SerializeToUtf8Bytes(application, Json.Options));
            await Blob(application.Portfolio, application.ApplicationId).UploadAsync(content, options, cancel);
            return true;
        }
        catch (RequestFailedException error) when (error.ErrorCode == BlobErrorCode.BlobAlreadyExists || error.ErrorCode == BlobErrorCode.ConditionNotMet)
        {
            return false;
        }
    }

    private BlobClient Blob(string portfolio, string applicationId) =>
        _applications.GetBlobClient($"{Names.Portfolio.Check(portfolio)}/{Names.ApplicationId.Check(applicationId)}.json");
}
