using System.Runtime.CompilerServices;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Serverless.Serving.Documents;

namespace Serverless.Serving.Poison;

/// <summary>
/// What nothing works on any more: container <c>poison</c> with <c>{source}/{id}.json</c>, one record a message or blob;
/// <c>attempts/{source}/{id}.json</c>, notes of attempts that failed and may still end well; and <c>discarded/{source}/{id}.json</c>, blobs
/// that a person gave up, which stay where they are and are not tried again.
/// </summary>
public sealed class PoisonStore(StorageAccount account, TimeProvider time)
{
    /// <summary>Name of the container.</summary>
    public const string Container = "poison";

    private const string Attempts = "attempts/";
    private const string Discarded = "discarded/";
    private const int LeastOfAnId = 4;

    /// <summary>The time that a queue keeps a message when nothing else is said: no later failure can belong to an older note.</summary>
    private static readonly TimeSpan NotesAreKept = TimeSpan.FromDays(7);

    private readonly BlobContainerClient _poison = account.Blobs.GetBlobContainerClient(Container);

    /// <summary>
    /// Records a message that was refused for good. The caller completes it afterwards: a crash between the two delivers and records
    /// it again, which raises the count.
    /// </summary>
    /// <param name="source">Its queue.</param>
    /// <param name="message">The text as the function got it.</param>
    /// <param name="reasons">Why.</param>
    /// <param name="cancel">Stops it.</param>
    /// <returns>The record's id.</returns>
    public async Task<string> RejectAsync(string source, BinaryData message, IReadOnlyList<string> reasons, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        var record = PoisonMessage.OfText(source, message.ToString(), new() { Reasons = reasons, FirstFailure = now, LastFailure = now });
        await WriteAsync(NameOf(record), record, earlier => earlier.Plus(record), cancel);
        return record.Id;
    }

    /// <summary>Notes an attempt that failed.</summary>
    /// <param name="source">Queue, or container of the blob.</param>
    /// <param name="id">See <see cref="PoisonId"/>.</param>
    /// <param name="reason">What can be said of it without content.</param>
    /// <param name="cancel">Stops it.</param>
    /// <returns>How many attempts have failed.</returns>
    public async Task<int> NoteAsync(string source, string id, string reason, CancellationToken cancel)
    {
        var failure = FailureHistory.Once(reason, time.GetUtcNow());
        return (await WriteAsync($"{Attempts}{source}/{id}.json", failure, earlier => earlier.Plus(failure), cancel)).Count;
    }

    /// <summary>
    /// Records what came to a poison queue, with the attempts noted of it. Safe to repeat: what is not later than the record's last
    /// failure was counted before.
    /// </summary>
    /// <returns>The record as it now is.</returns>
    internal async Task<PoisonRecord> KeepAsync(PoisonRecord record, CancellationToken cancel)
    {
        var noted = await FindAsync<FailureHistory>(Attempts + NameOf(record), cancel);
        var kept = noted is null ? record : record.Of(noted.Value);
        return await WriteAsync(NameOf(record), kept, earlier => kept.LastFailure > earlier.LastFailure ? earlier.Plus(kept) : earlier, cancel);
    }

    /// <summary>Notes an attempt on a blob that failed, and records the blob when it failed as often as it may. The record comes before the note goes.</summary>
    /// <param name="container">Its container.</param>
    /// <param name="name">Its name there.</param>
    /// <param name="etag">Its ETag, with or without quotes.</param>
    /// <param name="reason">What can be said of it without content.</param>
    /// <param name="attempts">How often it may fail.</param>
    /// <param name="cancel">Stops it.</param>
    /// <returns>Whether it was given up.</returns>
    public async Task<bool> NoteBlobAsync(string container, string name, string etag, string reason, int attempts, CancellationToken cancel)
    {
        var record = PoisonMessage.OfBlob(container, name, etag, time.GetUtcNow());
        if (await NoteAsync(container, record.Id, reason, cancel) < attempts) return false;
        await KeepAsync(record, cancel);
        await ForgetAttemptsAsync(record, cancel);
        return true;
    }

    /// <summary>Removes the note of the attempts that a record is about.</summary>
    internal Task ForgetAttemptsAsync(PoisonRecord record, CancellationToken cancel) => DeleteAsync(Attempts + NameOf(record), null, cancel);

    /// <summary>Removes a record unless it failed again since it was read.</summary>
    internal Task SettleAsync(PoisonRecord record, CancellationToken cancel) => DeleteAsync(NameOf(record), new() { IfMatch = record.Stored }, cancel);

    /// <summary>
    /// Removes a record; a blob's is kept apart, so that the blob counts as given up. The note goes first, since without its record nothing
    /// would lead to it. A crash between two steps leaves the record, to be discarded again.
    /// </summary>
    public async Task DiscardAsync(PoisonRecord record, CancellationToken cancel)
    {
        await ForgetAttemptsAsync(record, cancel);
        if (record.Container is not null) await WriteAsync(Discarded + NameOf(record), record, _ => record, cancel);
        await DeleteAsync(NameOf(record), null, cancel);
    }

    /// <summary>Every record, by source and id.</summary>
    public async IAsyncEnumerable<PoisonRecord> ListAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        await foreach (var blob in _poison.GetBlobsAsync(cancellationToken: cancel))
            if (IsRecord(blob) && await ReadAsync(blob.Name, cancel) is { } record) yield return record;
    }

    /// <summary>Finds records by their ids or the beginnings of them; rejected with every one that names none or several.</summary>
    public async Task<Outcome<IReadOnlyList<PoisonRecord>>> FindAsync(IReadOnlyList<string> ids, CancellationToken cancel)
    {
        var names = await _poison.GetBlobsAsync(cancellationToken: cancel).Where(IsRecord).Select(b => b.Name).ToListAsync(cancel);
        var (found, faults) = (new List<PoisonRecord>(), new List<string>());
        foreach (var id in ids.Distinct())
        {
            var matches = id.Length < LeastOfAnId ? [] : names.Where(n => n[(n.LastIndexOf('/') + 1)..].StartsWith(id, StringComparison.Ordinal)).ToList();
            if (matches.Count > 1) faults.Add($"{matches.Count} ids begin with '{id}': give more of it.");
            else if (matches.Count == 1 && await ReadAsync(matches[0], cancel) is { } record) found.Add(record);
            else faults.Add($"There is no record '{id}': give an id that 'serverless poison list' prints, or at least {LeastOfAnId} characters of its beginning.");
        }

        return faults.Count > 0 ? Outcome<IReadOnlyList<PoisonRecord>>.Reject(faults) : found.DistinctBy(r => r.Id).ToList();
    }

    /// <summary>Whether a blob with this content failed for good, discarded or not.</summary>
    /// <param name="container">Its container.</param>
    /// <param name="name">Its name there.</param>
    /// <param name="etag">Its ETag, with or without quotes.</param>
    /// <param name="cancel">Stops it.</param>
    public async Task<bool> HoldsBlobAsync(string container, string name, string etag, CancellationToken cancel)
    {
        var record = $"{container}/{PoisonId.Of(container, name, etag)}.json";
        return await _poison.GetBlobClient(record).ExistsAsync(cancel) || await _poison.GetBlobClient(Discarded + record).ExistsAsync(cancel);
    }

    /// <summary>Whether a person gave up a blob with this content.</summary>
    /// <param name="container">Its container.</param>
    /// <param name="name">Its name there.</param>
    /// <param name="etag">Its ETag, with or without quotes.</param>
    /// <param name="cancel">Stops it.</param>
    public async Task<bool> IsDiscardedAsync(string container, string name, string etag, CancellationToken cancel) =>
        await _poison.GetBlobClient($"{Discarded}{container}/{PoisonId.Of(container, name, etag)}.json").ExistsAsync(cancel);

    /// <summary>Deletes records that failed last before a time, discarded ones too, unless they must stay.</summary>
    /// <param name="before">The time.</param>
    /// <param name="mayGo">Whether a record may go.</param>
    /// <param name="cancel">Stops it.</param>
    /// <returns>How many went.</returns>
    public async Task<int> ExpireAsync(DateTimeOffset before, Func<PoisonRecord, CancellationToken, Task<bool>> mayGo, CancellationToken cancel)
    {
        var gone = 0;
        await foreach (var blob in _poison.GetBlobsAsync(cancellationToken: cancel))
        {
            if (IsNote(blob) || blob.Properties.LastModified >= before) continue;
            if (await ReadAsync(blob.Name, cancel) is not { } record || !await mayGo(record, cancel)) continue;
            await DeleteAsync(blob.Name, new() { IfMatch = record.Stored }, cancel);
            gone++;
        }

        return gone;
    }

    /// <summary>
    /// Deletes every record of an application, as the right to erasure asks. What still lies on a poison queue is no record yet:
    /// <see cref="PoisonQueues.CollectAsync"/> first. A crash between two deletes leaves the rest for the same call again.
    /// </summary>
    /// <returns>How many there were.</returns>
    public async Task<int> EraseAsync(string portfolio, string applicationId, CancellationToken cancel)
    {
        var erased = 0;
        await foreach (var record in ListAsync(cancel).Where(r => (r.Portfolio == portfolio && r.ApplicationId == applicationId) || IsPaperOf(r, portfolio, applicationId)))
        {
            await DiscardAsync(record, cancel);
            erased++;
        }

        return erased;
    }

    private static bool IsPaperOf(PoisonRecord record, string portfolio, string applicationId) =>
        record.Container == DocumentStore.Container && record.BlobName!.StartsWith(DocumentName.IncomingFor(portfolio, applicationId), StringComparison.Ordinal);

    /// <summary>Counts the records, and removes the notes of attempts that must have ended well by now.</summary>
    public async Task<int> TidyAsync(CancellationToken cancel)
    {
        var records = 0;
        var before = time.GetUtcNow() - NotesAreKept;
        await foreach (var blob in _poison.GetBlobsAsync(cancellationToken: cancel))
        {
            if (IsRecord(blob)) records++;
            else if (IsNote(blob) && blob.Properties.LastModified < before) await DeleteAsync(blob.Name, new() { IfMatch = blob.Properties.ETag }, cancel);
        }

        return records;
    }

    private static bool IsNote(BlobItem blob) => blob.Name.StartsWith(Attempts, StringComparison.Ordinal);

    private static bool IsRecord(BlobItem blob) => !IsNote(blob) && !blob.Name.StartsWith(Discarded, StringComparison.Ordinal);

    private static string NameOf(PoisonRecord record) => $"{record.Source}/{record.Id}.json";

    private async Task<PoisonRecord?> ReadAsync(string name, CancellationToken cancel) =>
        await FindAsync<PoisonRecord>(name, cancel) is { } found ? found.Value with { Stored = found.ETag } : null;

    private async Task<Found<T>?> FindAsync<T>(string name, CancellationToken cancel)
        where T : FailureHistory
    {
        try
        {
            var blob = (await _poison.GetBlobClient(name).DownloadContentAsync(cancel)).Value;
            return new(blob.Content.ToObjectFromJson<T>(Json.Options)!, blob.Details.ETag);
        }
        catch (RequestFailedException error) when (error.ErrorCode == BlobErrorCode.BlobNotFound)
        {
            return null;
        }
    }

    /// <summary>
    /// Writes what is new, or what becomes of what is there. Parallel deliveries merge: each write asks that nothing came between, and
    /// whoever comes late reads again. A write whose answer was lost counts a second time, never less.
    /// </summary>
    private async Task<T> WriteAsync<T>(string name, T value, Func<T, T> again, CancellationToken cancel)
        where T : FailureHistory
    {
        if (await TryWriteAsync(name, value, new() { IfNoneMatch = ETag.All }, cancel)) return value;
        while (true)
        {
            var found = await FindAsync<T>(name, cancel);
            var next = found is null ? value : again(found.Value);
            var unchanged = found is null ? new BlobRequestConditions { IfNoneMatch = ETag.All } : new BlobRequestConditions { IfMatch = found.ETag };
            if (await TryWriteAsync(name, next, unchanged, cancel)) return next;
        }
    }

    private async Task<bool> TryWriteAsync<T>(string name, T value, BlobRequestConditions conditions, CancellationToken cancel)
    {
        try
        {
            var options = new BlobUploadOptions { Conditions = conditions, HttpHeaders = new BlobHttpHeaders { ContentType = "application/json" } };
            await _poison.GetBlobClient(name).UploadAsync(BinaryData.FromBytes(Json.File(value)), options, cancel);
            return true;
        }
        catch (RequestFailedException error) when (error.ErrorCode == BlobErrorCode.BlobAlreadyExists || error.ErrorCode == BlobErrorCode.ConditionNotMet)
        {
            return false;
        }
    }

    private async Task DeleteAsync(string name, BlobRequestConditions? conditions, CancellationToken cancel)
    {
        try
        {
            await _poison.GetBlobClient(name).DeleteAsync(conditions: conditions, cancellationToken: cancel);
        }
        catch (RequestFailedException error) when ((conditions is not null && error.ErrorCode == BlobErrorCode.ConditionNotMet) || error.ErrorCode == BlobErrorCode.BlobNotFound)
        {
            // Gone already, or changed since it was read, which keeps it.
        }
    }

    private sealed record Found<T>(T Value, ETag ETag);
}
