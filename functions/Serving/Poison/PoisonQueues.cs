using System.Runtime.CompilerServices;
using Azure;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;

namespace Serverless.Serving.Poison;

/// <summary>
/// The way between the queues and the records of <see cref="PoisonStore"/>. Messages are read as they lie there: a client that decodes
/// base64 never gets those that are poison because they are not.
/// </summary>
public sealed class PoisonQueues(StorageAccount account, PoisonStore store)
{
    /// <summary>Where the host puts what it gives up, after the name of the trigger's queue.</summary>
    public const string Suffix = "-poison";

    private const string BlobTriggers = "webjobs-blobtrigger";
    private const int Batch = 32; // the most that a queue gives at a time
    private const int MaxMessage = 64 * 1024;

    /// <summary>The queues that a function works on.</summary>
    public static IReadOnlyList<string> Sources { get; } = ["loan-applications"];

    /// <summary>How long a message under way is invisible to others: after a crash it comes back then.</summary>
    internal TimeSpan InFlight { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Turns everything on the poison queues into records, each returned as it then is. Safe to repeat and to run in parallel.</summary>
    public async IAsyncEnumerable<PoisonRecord> CollectAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        foreach (var source in Sources.Append(BlobTriggers))
        {
            var queue = account.RawQueues.GetQueueClient(source + Suffix);
            while ((await queue.ReceiveMessagesAsync(Batch, InFlight, cancel)).Value is { Length: > 0 } messages)
                foreach (var message in messages) yield return await KeepAsync(source, queue, message, cancel);
        }
    }

    /// <summary>Whether messages lie on the poison queues, be it that somebody is about to make records of them.</summary>
    public async Task<bool> AnyAsync(CancellationToken cancel)
    {
        foreach (var source in Sources)
            if ((await account.RawQueues.GetQueueClient(source + Suffix).GetPropertiesAsync(cancel)).Value.ApproximateMessagesCount > 0) return true;
        return false;
    }

    /// <summary>Gives a message back to its queue, or writes a blob over itself, which its trigger takes for a new one.</summary>
    /// <param name="record">As it was read from the store.</param>
    /// <param name="cancel">Stops it.</param>
    /// <returns>The record, which is gone; rejected, with the record left there, when there is nothing to work on.</returns>
    /// <remarks>
    /// The order: the note of old attempts goes, so that counting begins afresh; then the message is sent; then the record is deleted.
    /// A crash before the sending leaves the record; a crash after it leaves both, and requeueing twice is safe, as every delivery is.
    /// The message may fail again before the record is deleted: that changes the record, which then stays.
    /// </remarks>
    public async Task<Outcome<PoisonRecord>> RequeueAsync(PoisonRecord record, CancellationToken cancel)
    {
        await store.ForgetAttemptsAsync(record, cancel);
        var sent = record.Container is null ? await SendAsync(record, cancel) : await RewriteAsync(record, cancel);
        if (sent is Outcome<PoisonRecord>.Done) await store.SettleAsync(record, cancel);
        return sent;
    }

    /// <remarks>
    /// The order: the record, with the attempts noted of it, then the message, then the note. After a crash before the message goes,
    /// it comes back and finds itself counted; after a crash before the note goes, the note is tidied away with time.
    /// </remarks>
    private async Task<PoisonRecord> KeepAsync(string source, QueueClient queue, QueueMessage message, CancellationToken cancel)
    {
        var (raw, poisoned) = (message.Body.ToString(), message.InsertedOn ?? DateTimeOffset.UnixEpoch);
        var record = source == BlobTriggers ? PoisonMessage.OfBlobQueue(source, raw, poisoned) : PoisonMessage.OfQueue(source, raw, poisoned);
        var kept = await store.KeepAsync(record, cancel);
        try
        {
            await queue.DeleteMessageAsync(message.MessageId, message.PopReceipt, cancel);
        }
        catch (RequestFailedException error) when (error.Status == 404 || error.ErrorCode == QueueErrorCode.PopReceiptMismatch)
        {
            // Another collector has it, because this one took longer than a message is invisible: it finds the record and deletes both.
        }

        await store.ForgetAttemptsAsync(record, cancel);
        return kept;
    }

    private async Task<Outcome<PoisonRecord>> SendAsync(PoisonRecord record, CancellationToken cancel)
    {
        if (!Sources.Contains(record.Source))
            return Outcome<PoisonRecord>.Reject($"Record {record.Id} names no blob and no queue of this app, so it cannot be requeued: see it with 'serverless poison show', then discard it.");
        var message = PoisonMessage.Encode(record);
        if (message.Length > MaxMessage)
            return Outcome<PoisonRecord>.Reject($"The message of record {record.Id} has {message.Length} bytes as base64, and a queue takes {MaxMessage} (64 KiB): let its sender send less, then discard it.");
        await account.RawQueues.GetQueueClient(record.Source).SendMessageAsync(message, cancel);
        return record;
    }

    private async Task<Outcome<PoisonRecord>> RewriteAsync(PoisonRecord record, CancellationToken cancel)
    {
        var blob = account.Blobs.GetBlobContainerClient(record.Container).GetBlobClient(record.BlobName);
        var still = new BlobRequestConditions { IfMatch = new ETag(record.ETag!) };
        try
        {
            using var present = (await blob.DownloadStreamingAsync(new BlobDownloadOptions { Conditions = still }, cancel)).Value;
            var headers = new BlobHttpHeaders { ContentType = present.Details.ContentType, ContentEncoding = present.Details.ContentEncoding };
            await blob.UploadAsync(present.Content, new BlobUploadOptions { Conditions = still, HttpHeaders = headers, Metadata = present.Details.Metadata }, cancel);
            return record;
        }
        catch (RequestFailedException error) when (error.Status is 404 or 412)
        {
            var what = await blob.ExistsAsync(cancel) ? "was written again since and has its own run" : "is gone";
            return Outcome<PoisonRecord>.Reject($"The blob of record {record.Id}, {record.Container}/{record.BlobName}, {what}: discard the record.");
        }
    }
}
