using System.Text.Json;
using Azure;
using Azure.Storage.Blobs;
using NCrontab;
using Serverless.Serving;

namespace Serverless.Functions.Embedded;

/// <summary>
/// Fires on a schedule, in one instance at a time, and keeps where the schedule stands beside the host's other state, as the WebJobs
/// SDK does: an occurrence that was missed while no instance ran fires once, as soon as one does.
/// </summary>
internal sealed partial class TimerListener(
    string function, CrontabSchedule schedule, BlobContainerClient hosts, Func<CancellationToken, Task> run, TimeProvider time, ILogger log)
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1); // timers of the platform end at 49 days

    private readonly BlobClient _status = hosts.GetBlobClient($"timers/{BlobListener.HostId}/Host.Functions.{function}/status");
    private readonly ListenerLock _lock = new(hosts.GetBlobClient($"locks/{BlobListener.HostId}/Host.Functions.{function}.Listener"), time, log);

    private DateTime Now => time.GetUtcNow().UtcDateTime;

    /// <summary>Fires until <paramref name="stopping"/>; returns when the function does not run any more.</summary>
    /// <param name="stopping">It is not begun again.</param>
    /// <param name="abort">It is cancelled.</param>
    public Task RunAsync(CancellationToken stopping, CancellationToken abort) =>
        _lock.RunAsync(lost => FireAsync(stopping, abort, lost), stopping);

    private async Task FireAsync(CancellationToken stopping, CancellationToken abort, CancellationToken lost)
    {
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(stopping, lost);
        using var running = CancellationTokenSource.CreateLinkedTokenSource(abort, lost);
        var next = await BeginAsync(waiting.Token);
        while (await DueAsync(next, waiting.Token))
        {
            var began = Now;
            if (!await InvokeAsync(running.Token)) return;

            // Occurrences that passed during the run are skipped: what the function does, it does for all of them.
            next = schedule.GetNextOccurrence(Now > next ? Now : next);
            await SaveAsync(new(began, next, Now));
        }
    }

    /// <summary>When to fire first: now, if the kept status says that an occurrence was missed. The schedule may have changed since.</summary>
    private async Task<DateTime> BeginAsync(CancellationToken cancel)
    {
        ScheduleStatus? kept = null;
        try
        {
            kept = (await _status.DownloadContentAsync(cancel)).Value.Content.ToObjectFromJson<ScheduleStatus>();
        }
        catch (Exception error) when (error is RequestFailedException { Status: 404 } or JsonException)
        {
            // The first start; or the blob is no status, and is written anew.
        }

        if (kept?.Next <= Now) return Now;
        var next = schedule.GetNextOccurrence(Now);
        if (kept?.Next != next) await SaveAsync(new(kept?.Last ?? default, next, Now));
        return next;
    }

    /// <returns>False when it must not fire.</returns>
    private async Task<bool> DueAsync(DateTime next, CancellationToken cancel)
    {
        // A delay may end early by the clock, and the schedule must not fire twice for it.
        while (!cancel.IsCancellationRequested && Now < next)
        {
            var left = next - Now;
            await Task.Delay(left < LongestWait ? left : LongestWait, time, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return !cancel.IsCancellationRequested;
    }

    /// <returns>False when it was interrupted: the status stays, and the next holder of the lock fires at once.</returns>
    private async Task<bool> InvokeAsync(CancellationToken cancel)
    {
        try
        {
            await run(cancel);
        }
        catch (Exception error)
        {
            // The one wide catch of timers: whatever fails in a function ends this run of it; its next is the schedule's.
            Failed(function, error);
            return !cancel.IsCancellationRequested;
        }

        return true;
    }

    private async Task SaveAsync(ScheduleStatus status)
    {
        try
        {
            await _status.UploadAsync(BinaryData.FromBytes(JsonSerializer.SerializeToUtf8Bytes(status)), overwrite: true);
        }
        catch (Exception error) when (StorageAccount.IsOutage(error))
        {
            NotSaved(function, error);
        }
    }

    [LoggerMessage(LogLevel.Warning, "{Function} failed; it runs again when its schedule says")]
    private partial void Failed(string function, Exception error);

    [LoggerMessage(LogLevel.Warning, "The schedule status of {Function} could not be written; after a restart it may run once too often")]
    private partial void NotSaved(string function, Exception error);
}

/// <summary>Where a schedule stands, in UTC; <paramref name="Last"/> is the year 1 before the first run.</summary>
internal sealed record ScheduleStatus(DateTime Last, DateTime Next, DateTime LastUpdated);
