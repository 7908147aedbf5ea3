using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Queues;
using Serverless.Serving;

namespace Serverless.Functions.Embedded;

/// <summary>
/// Scans a container for blobs that are new by name and ETag, and puts each on a queue of the host, as the Functions host does. A
/// receipt says that a blob is on that queue; its retries and poison are the queue's.
/// </summary>
internal sealed partial class BlobListener(
    string function, BlobContainerClient container, BlobContainerClient hosts, QueueClient work, TimeSpan interval, TimeProvider time, ILogger log)
{
    /// <summary>Part of the names of receipts and of the work queue; the Functions host uses another one, so the two never share state.</summary>
    public const string HostId = "embedded";

    private readonly string _receipts = $"blobreceipts/{HostId}/Host.Functions.{function}/";
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);

    /// <summary>Scans until <paramref name="stopping"/>.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        var loaded = false;
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                if (!loaded) await LoadReceiptsAsync(stopping);
                loaded = true;
                await ScanAsync(stopping);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error) when (StorageAccount.IsOutage(error))
            {
                NotScanned(container.Name, error);
            }

            await Task.Delay(interval, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task LoadReceiptsAsync(CancellationToken cancel)
    {
        await foreach (var receipt in hosts.GetBlobsAsync(new() { Prefix = _receipts }, cancel)) _seen.Add(receipt.Name);
    }

    private async Task ScanAsync(CancellationToken cancel)
    {
        await foreach (var blob in container.GetBlobsAsync(cancellationToken: cancel))
        {
            var etag = blob.Properties.ETag!.Value.ToString("H");
            var receipt = Receipt(etag, blob.Name);
            if (_seen.Contains(receipt)) continue;
            if (await hosts.GetBlobClient(receipt).ExistsAsync(cancel)) // by another instance
            {
                _seen.Add(receipt);
                continue;
            }

            // Queue first: a crash before the receipt puts the blob there twice, which is safe; the other order would lose it.
            var message = new BlobMessage($"Host.Functions.{function}", container.Name, blob.Name, etag);
            await work.SendMessageAsync(BlobMessage.Encode(message), cancel);
            await hosts.GetBlobClient(receipt).UploadAsync(BinaryData.Empty, overwrite: true, cancel);
            _seen.Add(receipt);
        }
    }

    /// <summary>Name of a receipt; a blob's own name may leave no room for it.</summary>
    private string Receipt(string etag, string blob)
    {
        const int Longest = 1024;
        var name = $"{_receipts}{etag}/{container.Name}/{blob}";
        return name.Length <= Longest ? name : $"{_receipts}{etag}/{container.Name}/{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(blob)))}";
    }

    /// <summary>Runs <paramref name="run"/> on the blob that a message names, unless it was changed or deleted since.</summary>
    public async Task HandleAsync(string text, Func<string, string, CancellationToken, Task> run, CancellationToken cancel)
    {
        var message = BlobMessage.Decode(text);
        try
        {
            var conditions = new Azure.Storage.Blobs.Models.BlobRequestConditions { IfMatch = new ETag(message.ETag) };
            await container.GetBlobClient(message.BlobName).GetPropertiesAsync(conditions, cancel);
        }
        catch (RequestFailedException error) when (error.Status is 404 or 412)
        {
            Dropped(message.BlobName, function);
            return;
        }

        await run(message.BlobName, message.ETag, cancel);
    }

    [LoggerMessage(LogLevel.Warning, "Container {Container} cannot be scanned; trying again")]
    private partial void NotScanned(string container, Exception error);

    [LoggerMessage(LogLevel.Information, "{Blob} was changed or deleted before {Function} ran; the change has its own run")]
    private partial void Dropped(string blob, string function);
}

/// <summary>A blob to work on; also what <c>webjobs-blobtrigger-poison</c> holds of one that keeps failing.</summary>
internal sealed record BlobMessage(string FunctionId, string ContainerName, string BlobName, string ETag)
{
    [JsonPropertyOrder(-1)]
    public string Type { get; } = "BlobTrigger";

    public string BlobType { get; } = "BlockBlob";

    /// <summary>As base64, the encoding of all messages.</summary>
    public static string Encode(BlobMessage message) => Convert.ToBase64String(JsonSerializer.SerializeToUtf8Bytes(message));

    public static BlobMessage Decode(string text) => JsonSerializer.Deserialize<BlobMessage>(Convert.FromBase64String(text))!;
}
