using Azure.Storage.Blobs;
using Microsoft.Azure.Functions.Worker;
using Serverless.Functions.Triggers;

namespace Serverless.Functions.Worker;

/// <summary>What comes as a blob; what retrains is in <c>RetrainingTriggers</c>.</summary>
public sealed class BlobTriggers(Invoker invoker)
{
#if SCAN_FOR_DROPS
    private const BlobTriggerSource PictureSource = BlobTriggerSource.LogsAndContainerScan;
#else
    private const BlobTriggerSource PictureSource = BlobTriggerSource.EventGrid;
#endif

    [Function(nameof(ReadDocument))]
    public Task ReadDocumentAsync(
        [BlobTrigger("documents/{name}", Connection = "DataStorage", Source = PictureSource)] BlobClient picture, FunctionContext context, CancellationToken cancel) =>
        invoker.OnBlobAsync(nameof(ReadDocument), picture, context, cancel);
}
