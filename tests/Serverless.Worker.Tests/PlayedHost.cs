using Azure.Storage.Queues.Models;
using Serverless.Serving;

namespace Serverless.Worker.Tests;

/// <summary>The Functions host's part towards one flavour of the app, on an account of its own.</summary>
internal abstract class PlayedHost(StorageAccount account) : IAsyncDisposable
{
    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public StorageAccount Account => account;

    /// <summary>Sends a message, receives it as the host does, and invokes the function on it; whether that succeeded.</summary>
    public async Task<bool> QueueAsync(string function, string queue, string message)
    {
        var client = account.Queues.GetQueueClient(queue);
        await client.SendMessageAsync(message, Cancel);
        var received = (await client.ReceiveMessageAsync(cancellationToken: Cancel)).Value;
        var succeeded = await InvokeQueueAsync(function, received);
        await client.DeleteMessageAsync(received.MessageId, received.PopReceipt, Cancel);
        return succeeded;
    }

    /// <summary>Invokes a function on a blob as it is, or as it was when it had another ETag.</summary>
    public async Task<bool> BlobAsync(string function, string container, string name, string? etag = null)
    {
        var blob = account.Blobs.GetBlobContainerClient(container).GetBlobClient(name);
        return await InvokeBlobAsync(function, blob.Uri, name, etag ?? (await blob.GetPropertiesAsync(cancellationToken: Cancel)).Value.ETag.ToString("H"));
    }

    public abstract Task<bool> TimerAsync(string function);

    /// <summary>Forwards a caller's request.</summary>
    public abstract Task<HttpResponseMessage> HttpAsync(string function, HttpRequestMessage request);

    public abstract ValueTask DisposeAsync();

    protected abstract Task<bool> InvokeQueueAsync(string function, QueueMessage message);

    protected abstract Task<bool> InvokeBlobAsync(string function, Uri uri, string name, string etag);
}
