using Azure.Storage.Blobs;
using Microsoft.Azure.Functions.Worker;
using Serverless.Functions.Triggers;

namespace Serverless.Functions.Worker;

/// <summary>What comes as a blob; what retrains is in <c>RetrainingTriggers</c>.</summary>
public sealed class BlobTriggers(Invoker invoker)
{
#if SCAN_FOR_DROPS
    internal const BlobTriggerSource Source = BlobTriggerSource.LogsAndContainerScan;
#else
    internal const BlobTriggerSource Source = BlobTriggerSource.EventGrid;
#endif

    [Function(nameof(ReadDocument))]
    public Task ReadDocumentAsync(
        [BlobTrigger("documents/{name}", Connection = "DataStorage", Source = Source)] BlobClient picture, FunctionContext context, CancellationToken cancel) =>
        invoker.OnBlobAsync(nameof(ReadDocument), picture, context, cancel);
}
