using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Serverless.Serving;

namespace Serverless.Training;

/// <summary>The runs that ended: container <c>runs</c>, <c>{family}/{portfolio}/{runId}.json</c>, each written once and last.</summary>
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

    /// <summary>Stores a run if none with its id has ended.</summary>
    /// <returns>False when a parallel run of the same drop ended first.</returns>
    public async Task<bool> CreateAsync(string family, string portfolio, RunRecord run, CancellationToken cancel)
    {
        try
        {
            var once = new BlobUploadOptions { Conditions = new BlobRequestConditions { IfNoneMatch = ETag.All } };
            await Blob(family, portfolio, run.Outcome.RunId!).UploadAsync(BinaryData.FromBytes(Json.File(run)), once, cancel);
            return true;
        }
        catch (RequestFailedException error) when (error.Status is 409 or 412)
        {
            return false;
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
public sealed record RunRecord(RetrainOutcome Outcome, string DataSha256, string ContractVersion, DateTimeOffset FinishedAt);
