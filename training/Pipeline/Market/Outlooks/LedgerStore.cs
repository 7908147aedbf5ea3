using Azure;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Serverless.Serving;
using Serverless.Serving.Market;
using Serverless.Training.Market.Strategies;

namespace Serverless.Training.Market;

/// <summary>The ledgers of trials in the account: container <c>forecasts</c>, append blob <c>{portfolio}/trials.jsonl</c>.</summary>
public sealed class LedgerStore(StorageAccount account)
{
    /// <summary>Name of a ledger within its portfolio's folder.</summary>
    internal const string FileName = "trials.jsonl";

    /// <summary>Reads the ledger of a portfolio, which is made where there is none.</summary>
    /// <exception cref="InvalidDataException">A line of it is no trial.</exception>
    public async Task<PortfolioLedger> OpenAsync(string portfolio, CancellationToken cancel)
    {
        var blob = account.Blobs.GetBlobContainerClient(OutlookStore.Container).GetAppendBlobClient($"{Names.Portfolio.Check(portfolio)}/{FileName}");
        await blob.CreateIfNotExistsAsync(cancellationToken: cancel);
        var lines = (await blob.DownloadContentAsync(cancel)).Value.Content;
        return new(blob, TrialLedger.Parse(lines.ToString(), blob.Name), lines.ToMemory().Length);
    }
}

/// <summary>The ledger of a portfolio as it was read, to which trials are added.</summary>
public sealed class PortfolioLedger
{
    private readonly AppendBlobClient _blob;
    private TrialLedger _known;
    private long _length;

    internal PortfolioLedger(AppendBlobClient blob, TrialLedger known, long length) => (_blob, _known, _length) = (blob, known, length);

    /// <summary>Adds trials that are not there yet, and returns the whole.</summary>
    /// <exception cref="IOException">Another process added meanwhile, or an answer was lost: open it and try again.</exception>
    public async Task<TrialLedger> AddAsync(IEnumerable<Trial> trials, CancellationToken cancel)
    {
        var (whole, fresh) = _known.With(trials);
        if (fresh.Count == 0) return whole;
        var lines = BinaryData.FromString(TrialLedger.Lines(fresh));
        try
        {
            await _blob.AppendBlockAsync(lines.ToStream(), new AppendBlobAppendBlockOptions { Conditions = new AppendBlobRequestConditions { IfAppendPositionEqual = _length } }, cancel);
        }
        catch (RequestFailedException error) when (error.Status == 412)
        {
            throw new IOException($"The ledger '{_blob.Name}' was added to meanwhile: try again.", error);
        }

        (_known, _length) = (whole, _length + lines.ToMemory().Length);
        return whole;
    }
}
