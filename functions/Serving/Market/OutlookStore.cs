using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;

namespace Serverless.Serving.Market;

/// <summary>The latest outlook of each market portfolio: container <c>forecasts</c>, <c>{portfolio}/outlook.json</c>, written over by each refresh.</summary>
public sealed class OutlookStore(StorageAccount account)
{
    /// <summary>Name of the container.</summary>
    public const string Container = "forecasts";

    private readonly BlobContainerClient _forecasts = account.Blobs.GetBlobContainerClient(Container);

    /// <summary>Reads the outlook of a portfolio; null when none was made yet.</summary>
    public async Task<MarketOutlook?> FindAsync(string portfolio, CancellationToken cancel)
    {
        try
        {
            return (await Blob(portfolio).DownloadContentAsync(cancel)).Value.Content.ToObjectFromJson<MarketOutlook>(Json.Options);
        }
        catch (RequestFailedException error) when (error.ErrorCode == BlobErrorCode.BlobNotFound)
        {
            return null;
        }
    }

    /// <summary>Writes the outlook of a portfolio. Of two that are made at once, the last one written stays: both are of a live model.</summary>
    public Task WriteAsync(MarketOutlook outlook, CancellationToken cancel) => Blob(outlook.Portfolio).UploadAsync(BinaryData.FromBytes(Json.File(outlook)), overwrite: true, cancel);

    private BlobClient Blob(string portfolio) => _forecasts.GetBlobClient($"{Names.Portfolio.Check(portfolio)}/outlook.json");
}
