using System.Globalization;
using System.Text.Json;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;

namespace Serverless.Serving.Decisions;

/// <summary>The queue of reviews: container <c>reviews</c>, <c>{portfolio}/{applicationId}.json</c>; every change asks that nothing came between.</summary>
public sealed class ReviewStore(StorageAccount account)
{
    /// <summary>Name of the container.</summary>
    public const string Container = "reviews";

    /// <summary>Most cases in one page.</summary>
    public const int LargestPage = 200;

    // So that a listing tells how far each is, without reading any.
    private const string StateKey = "state", OpenedKey = "opened", ContestedKey = "contested";

    private readonly BlobContainerClient _reviews = account.Blobs.GetBlobContainerClient(Container);

    /// <summary>Reads a case; null when there is none.</summary>
    /// <exception cref="ArgumentException">A name does not have the form that <see cref="Names"/> states.</exception>
    public async Task<ReviewCase?> FindAsync(string portfolio, string applicationId, CancellationToken cancel) => (await ReadAsync(portfolio, applicationId, cancel))?.Case;

    /// <summary>Stores a case if there is none of the application yet, in one request.</summary>
    /// <returns>False when there is one already, whatever its content.</returns>
    public Task<bool> OpenAsync(ReviewCase opened, CancellationToken cancel) => WriteAsync(opened, new BlobRequestConditions { IfNoneMatch = ETag.All }, cancel);

    /// <summary>Changes a case, or passes on why it cannot be changed; of two changes at once the later one sees the earlier.</summary>
    /// <param name="portfolio">Portfolio.</param>
    /// <param name="applicationId">Id of the application.</param>
    /// <param name="change">What becomes of the case; the case itself where nothing does.</param>
    /// <param name="cancel">Stops it.</param>
    /// <returns>The case as it is then; null when there is none.</returns>
    /// <exception cref="ArgumentException">A name does not have the form that <see cref="Names"/> states.</exception>
    public async Task<Outcome<ReviewCase>?> ChangeAsync(string portfolio, string applicationId, Func<ReviewCase, Outcome<ReviewCase>> change, CancellationToken cancel)
    {
        while (true)
        {
            if (await ReadAsync(portfolio, applicationId, cancel) is not var (found, etag)) return null;
            var changed = change(found);
            if (changed is not Outcome<ReviewCase>.Done { Value: var next } || ReferenceEquals(next, found)) return changed;
            if (await WriteAsync(next, new BlobRequestConditions { IfMatch = etag }, cancel)) return changed;
        }
    }

    /// <summary>Removes a case, as the right to erasure asks; that there is none is no fault.</summary>
    public Task DeleteAsync(string portfolio, string applicationId, CancellationToken cancel) => Blob(portfolio, applicationId).DeleteIfExistsAsync(cancellationToken: cancel);

    /// <summary>Lists cases by application id, a page at a time.</summary>
    /// <param name="portfolio">Portfolio.</param>
    /// <param name="state">How far they are; null lists all.</param>
    /// <param name="most">Most cases in the page, 1 to <see cref="LargestPage"/>.</param>
    /// <param name="next">What the page before named; null begins at the start.</param>
    /// <param name="cancel">Stops it.</param>
    /// <exception cref="ArgumentException">The portfolio does not have the form that <see cref="Names"/> states.</exception>
    public async Task<ReviewPage> ListAsync(string portfolio, ReviewState? state, int most, string? next, CancellationToken cancel)
    {
        var options = new GetBlobsOptions { Traits = BlobTraits.Metadata, Prefix = $"{Names.Portfolio.Check(portfolio)}/" };
        List<ReviewItem> items = [];
        do
        {
            // As many as are missing, so that none of a page of the storage is left over.
            await using var pages = _reviews.GetBlobsAsync(options, cancel).AsPages(next, most - items.Count).GetAsyncEnumerator(cancel);
            if (!await pages.MoveNextAsync()) return new(items, null);
            items.AddRange(pages.Current.Values.Select(Item).OfType<ReviewItem>().Where(i => state is null || i.State == state));
            next = pages.Current.ContinuationToken is { Length: > 0 } token ? token : null;
        }
        while (items.Count < most && next is not null);
        return new(items, next);
    }

    private static ReviewItem? Item(BlobItem blob) =>
        blob.Name.Split('/') is [_, [.. var id, '.', 'j', 's', 'o', 'n']] && Names.ApplicationId.Allows(id)
        && blob.Metadata.TryGetValue(StateKey, out var written) && Enum.TryParse<ReviewState>(written, out var state)
        && blob.Metadata.TryGetValue(OpenedKey, out var opened) && DateTimeOffset.TryParse(opened, CultureInfo.InvariantCulture, DateTimeStyles.None, out var at)
            ? new(id, state, at, blob.Metadata.ContainsKey(ContestedKey))
            : null;

    private async Task<(ReviewCase Case, ETag ETag)?> ReadAsync(string portfolio, string applicationId, CancellationToken cancel)
    {
        try
        {
            var blob = (await Blob(portfolio, applicationId).DownloadContentAsync(cancel)).Value;
            return (blob.Content.ToObjectFromJson<ReviewCase>(Json.Options)!, blob.Details.ETag);
        }
        catch (RequestFailedException error) when (error.ErrorCode == BlobErrorCode.BlobNotFound)
        {
            return null;
        }
    }

    private async Task<bool> WriteAsync(ReviewCase written, BlobRequestConditions conditions, CancellationToken cancel)
    {
        try
        {
            var options = new BlobUploadOptions
            {
                Conditions = conditions,
                HttpHeaders = new BlobHttpHeaders { ContentType = "application/json" },
                Metadata = new Dictionary<string, string> { [StateKey] = written.State.ToString(), [OpenedKey] = written.OpenedAt.ToString("O", CultureInfo.InvariantCulture) },
            };
            if (written.Contested is not null) options.Metadata[ContestedKey] = "true";
            await Blob(written.Portfolio, written.ApplicationId).UploadAsync(BinaryData.FromBytes(JsonSerializer.SerializeToUtf8Bytes(written, Json.Options)), options, cancel);
            return true;
        }
        catch (RequestFailedException error) when (error.ErrorCode == BlobErrorCode.BlobAlreadyExists || error.ErrorCode == BlobErrorCode.ConditionNotMet)
        {
            return false;
        }
        catch (RequestFailedException error) when (conditions.IfMatch is not null && error.ErrorCode == BlobErrorCode.BlobNotFound)
        {
            return false; // erased since it was read
        }
    }

    private BlobClient Blob(string portfolio, string applicationId) =>
        _reviews.GetBlobClient($"{Names.Portfolio.Check(portfolio)}/{Names.ApplicationId.Check(applicationId)}.json");
}

/// <summary>A page of the queue of reviews.</summary>
/// <param name="Reviews">The cases, by application id.</param>
/// <param name="Next">Names the next page; null when there is none.</param>
public sealed record ReviewPage(IReadOnlyList<ReviewItem> Reviews, string? Next);

/// <summary>A case in a listing.</summary>
/// <param name="ApplicationId">Id of the application.</param>
/// <param name="State">How far it is.</param>
/// <param name="OpenedAt">When it was opened, UTC.</param>
/// <param name="Contested">Whether the applicant contests the decision.</param>
public sealed record ReviewItem(string ApplicationId, ReviewState State, DateTimeOffset OpenedAt, bool Contested);
