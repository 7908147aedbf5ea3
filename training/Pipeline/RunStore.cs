using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Serverless.Serving;
using Serverless.Training.Drops;

namespace Serverless.Training;

/// <summary>The runs that ended: container <c>runs</c>, <c>{family}/{portfolio}/{runId}.json</c>, each written once.</summary>
public sealed class RunStore(StorageAccount account)
{
    private readonly BlobContainerClient _runs = account.Blobs.GetBlobContainerClient("runs");

    /// <summary>Reads a run; null when none with this id has ended.</summary>
    public async Task<RunRecord?> FindAsync(string family, string portfolio, string runId, CancellationToken cancel)
    {
        try
        {
            return (await Blob(family, portfolio, runId).DownloadContentAsync(cancel)).Value.Content.ToObjectFromJson<RunRecord>(Json.Options);
        }
        catch (RequestFailedException error) when (error.Status == 404)
        {
            return null;
        }
    }

    /// <summary>Stores a run, unless one with its id has ended already.</summary>
    /// <returns>The run that is stored.</returns>
    public async Task<RunRecord> KeepAsync(string family, string portfolio, RunRecord run, CancellationToken cancel)
    {
        try
        {
            var once = new BlobUploadOptions { Conditions = new BlobRequestConditions { IfNoneMatch = ETag.All } };
            await Blob(family, portfolio, run.Outcome.RunId!).UploadAsync(BinaryData.FromBytes(Json.File(run)), once, cancel);
            return run;
        }
        catch (RequestFailedException error) when (error.Status is 409 or 412)
        {
            return await FindAsync(family, portfolio, run.Outcome.RunId!, cancel) ?? throw new IOException("A run was stored and is gone: try again.", error);
        }
    }

    private BlobClient Blob(string family, string portfolio, string runId) =>
        _runs.GetBlobClient($"{Names.Family.Check(family)}/{Names.Portfolio.Check(portfolio)}/{runId}.json");
}

/// <summary>A run that ended.</summary>
/// <param name="Outcome">How.</param>
/// <param name="DataSha256">SHA-256 (hex) of the drop.</param>
/// <param name="ContractVersion">The contract that it was trained under.</param>
/// <param name="FinishedAt">When, UTC.</param>
public sealed record RunRecord(RetrainOutcome Outcome, string DataSha256, string ContractVersion, DateTimeOffset FinishedAt)
{
    /// <summary>ETag of the drop that the run was made for; absent in records of older programs.</summary>
    public string? DropETag { get; init; }

    /// <summary>What the run means for a drop: its own outcome when the run was made for it and crashed before that was stored, else that the work is done already.</summary>
    internal RetrainOutcome OutcomeOf(DropBlob drop) => (Outcome.Drop, DropETag) == (drop.Name, drop.ETag.ToString())
        ? Outcome
        : Outcome.Again(drop.Name, $"The same data was trained under the same contract in run {Outcome.RunId}, which ended as {Outcome.Result}: nothing to do.");
}
