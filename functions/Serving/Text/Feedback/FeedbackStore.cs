using System.Runtime.CompilerServices;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;

namespace Serverless.Serving.Text;

/// <summary>
/// The feedback: container <c>feedback</c> with <c>{portfolio}/waiting/{id}.json</c> and, once it is in a drop,
/// <c>{portfolio}/gathered/{id}.json</c>, each a <see cref="FeedbackRecord"/>. Names alone tell which contradict each other and who said them.
/// </summary>
public sealed class FeedbackStore(StorageAccount account)
{
    /// <summary>Name of the container.</summary>
    public const string Container = "feedback";

    private const string Waiting = "waiting", Gathered = "gathered";

    private readonly BlobContainerClient _feedback = account.Blobs.GetBlobContainerClient(Container);

    /// <summary>Keeps a feedback, unless the same is kept already.</summary>
    /// <returns>False when it was.</returns>
    /// <exception cref="ArgumentException">The portfolio does not have the form that <see cref="Names"/> states.</exception>
    public async Task<bool> AddAsync(FeedbackRecord record, CancellationToken cancel)
    {
        if (await Blob(record.Portfolio, Gathered, record.Id).ExistsAsync(cancel)) return false;
        try
        {
            await Blob(record.Portfolio, Waiting, record.Id).UploadAsync(Content(record), new BlobUploadOptions { Conditions = new BlobRequestConditions { IfNoneMatch = ETag.All } }, cancel);
            return true;
        }
        catch (RequestFailedException error) when (error.Status is 409 or 412)
        {
            return false;
        }
    }

    /// <summary>The portfolios for which feedback is kept.</summary>
    public async Task<IReadOnlyList<string>> PortfoliosAsync(CancellationToken cancel) =>
        await _feedback.GetBlobsByHierarchyAsync(new GetBlobsByHierarchyOptions { Delimiter = "/" }, cancel)
            .Where(f => f.IsPrefix).Select(f => f.Prefix.TrimEnd('/')).Where(Names.Portfolio.Allows).ToListAsync(cancel);

    /// <summary>The feedback that waits, in the order in which it came.</summary>
    public async Task<IReadOnlyList<FeedbackRecord>> WaitingAsync(string portfolio, CancellationToken cancel)
    {
        var records = new List<FeedbackRecord>();
        await foreach (var id in IdsAsync(portfolio, Waiting, cancel))
            if (await ReadAsync(portfolio, Waiting, id, cancel) is { } record) records.Add(record);
        return [.. records.OrderBy(r => r.At).ThenBy(r => r.Id.ToString(), StringComparer.Ordinal)];
    }

    /// <summary>Ids of the feedback that is in a drop.</summary>
    public async Task<IReadOnlyList<FeedbackId>> GatheredAsync(string portfolio, CancellationToken cancel) => await IdsAsync(portfolio, Gathered, cancel).ToListAsync(cancel);

    /// <summary>What a person said, waiting or gathered.</summary>
    public async Task<IReadOnlyList<FeedbackRecord>> SaidByAsync(string portfolio, string person, CancellationToken cancel)
    {
        var (key, said) = (FeedbackRecord.PersonKey(person), new List<FeedbackRecord>());
        foreach (var state in new[] { Waiting, Gathered })
        {
            await foreach (var id in IdsAsync(portfolio, state, cancel).Where(id => id.Person == key))
                if (await ReadAsync(portfolio, state, id, cancel) is { } record) said.Add(record);
        }

        return said;
    }

    /// <summary>Marks a feedback as gathered; <see cref="FeedbackRecord.Drop"/> says where. Safe to repeat.</summary>
    /// <remarks>The mark comes before the feedback goes from where it waits: a crash in between leaves it in both places, and whoever gathers next removes it there.</remarks>
    public async Task MarkAsync(FeedbackRecord gathered, CancellationToken cancel)
    {
        await Blob(gathered.Portfolio, Gathered, gathered.Id).UploadAsync(Content(gathered), overwrite: true, cancel);
        await DeleteWaitingAsync(gathered.Portfolio, gathered.Id, cancel);
    }

    /// <summary>Deletes a feedback that waits; that there is none is no fault.</summary>
    /// <returns>Whether there was one.</returns>
    public async Task<bool> DeleteWaitingAsync(string portfolio, FeedbackId id, CancellationToken cancel) => await Blob(portfolio, Waiting, id).DeleteIfExistsAsync(cancellationToken: cancel);

    /// <summary>Deletes what is kept of a feedback that was gathered; its row stays in the drop and in what was trained on.</summary>
    /// <returns>Whether there was one.</returns>
    public async Task<bool> DeleteGatheredAsync(string portfolio, FeedbackId id, CancellationToken cancel) => await Blob(portfolio, Gathered, id).DeleteIfExistsAsync(cancellationToken: cancel);

    private async IAsyncEnumerable<FeedbackId> IdsAsync(string portfolio, string state, [EnumeratorCancellation] CancellationToken cancel)
    {
        var prefix = $"{Names.Portfolio.Check(portfolio)}/{state}/";
        await foreach (var blob in _feedback.GetBlobsAsync(new GetBlobsOptions { Prefix = prefix }, cancel))
            if (blob.Name.EndsWith(".json", StringComparison.Ordinal) && FeedbackId.Read(blob.Name[prefix.Length..^5]) is { } id) yield return id;
    }

    private async Task<FeedbackRecord?> ReadAsync(string portfolio, string state, FeedbackId id, CancellationToken cancel)
    {
        try
        {
            return (await Blob(portfolio, state, id).DownloadContentAsync(cancel)).Value.Content.ToObjectFromJson<FeedbackRecord>(Json.Options);
        }
        catch (RequestFailedException error) when (error.ErrorCode == BlobErrorCode.BlobNotFound)
        {
            return null; // gone since it was listed
        }
    }

    private BlobClient Blob(string portfolio, string state, FeedbackId id) => _feedback.GetBlobClient($"{Names.Portfolio.Check(portfolio)}/{state}/{id}.json");

    private static BinaryData Content(FeedbackRecord record) => BinaryData.FromBytes(Json.File(record));
}
