using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Serverless.Serving;
using Serverless.Serving.Market;
using Serverless.Training.Market.Strategies;

namespace Serverless.Training.Market;

/// <summary>The ledgers of trials in the account: container <c>forecasts</c>, <c>{portfolio}/trials.jsonl</c>; only added to.</summary>
public sealed class LedgerStore(StorageAccount account)
{
    private readonly BlobContainerClient _forecasts = account.Blobs.GetBlobContainerClient(OutlookStore.Container);

    /// <summary>Adds trials that are not there yet, and returns the whole.</summary>
    /// <exception cref="InvalidDataException">A line of the ledger is no trial.</exception>
    /// <exception cref="IOException">Another process added meanwhile: try again.</exception>
    public async Task<TrialLedger> AddAsync(string portfolio, IEnumerable<Trial> trials, CancellationToken cancel)
    {
        var blob = _forecasts.GetBlobClient($"{Names.Portfolio.Check(portfolio)}/trials.jsonl");
        var (lines, conditions) = ("", new BlobRequestConditions { IfNoneMatch = ETag.All });
        try
        {
            var found = (await blob.DownloadContentAsync(cancel)).Value;
            (lines, conditions) = (found.Content.ToString(), new BlobRequestConditions { IfMatch = found.Details.ETag });
        }
        catch (RequestFailedException error) when (error.ErrorCode == BlobErrorCode.BlobNotFound)
        {
            // The portfolio's first trials.
        }

        var (whole, fresh) = TrialLedger.Parse(lines, blob.Name).With(trials);
        if (fresh.Count == 0) return whole;
        try
        {
            await blob.UploadAsync(BinaryData.FromString(lines + TrialLedger.Lines(fresh)), new BlobUploadOptions { Conditions = conditions }, cancel);
            return whole;
        }
        catch (RequestFailedException error) when (error.Status is 409 or 412)
        {
            throw new IOException($"The ledger '{blob.Name}' was added to meanwhile: try again.", error);
        }
    }
}
