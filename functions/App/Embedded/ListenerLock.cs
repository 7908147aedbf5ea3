using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Serverless.Serving;

namespace Serverless.Functions.Embedded;

/// <summary>
/// A listener that one instance at a time may run: a blob lease, renewed at a third, as the WebJobs SDK's singletons are. When its
/// holder dies, the lease ends and another instance gets it.
/// </summary>
internal sealed partial class ListenerLock(BlobClient blob, TimeProvider time, ILogger log)
{
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(15); // the shortest that storage grants
    private static readonly TimeSpan Third = Duration / 3;

    /// <summary>Runs <paramref name="whileHeld"/> whenever the lock is held, until <paramref name="stopping"/>; then gives the lock free.</summary>
    /// <param name="whileHeld">Its token is cancelled when the lock is lost.</param>
    /// <param name="stopping">The sign to stop; <paramref name="whileHeld"/> heeds it by itself.</param>
    public async Task RunAsync(Func<CancellationToken, Task> whileHeld, CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                var asked = time.GetTimestamp();
                if (await AcquireAsync(stopping) is { } lease) await HoldAsync(lease, asked, whileHeld);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error) when (StorageAccount.IsOutage(error))
            {
                NotHeld(blob.Name, error);
            }

            await Task.Delay(Third, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <returns>Null when another instance has it.</returns>
    private async Task<BlobLeaseClient?> AcquireAsync(CancellationToken cancel)
    {
        var lease = blob.GetBlobLeaseClient();
        try
        {
            await lease.AcquireAsync(Duration, cancellationToken: cancel);
            return lease;
        }
        catch (RequestFailedException error) when (error.ErrorCode == BlobErrorCode.LeaseAlreadyPresent)
        {
            return null;
        }
        catch (RequestFailedException error) when (error.ErrorCode == BlobErrorCode.BlobNotFound)
        {
            // Another instance may create and lease it in between: then it is not overwritten, and the next look finds it held.
            await blob.UploadAsync(BinaryData.Empty, new BlobUploadOptions { Conditions = new() { IfNoneMatch = ETag.All } }, cancel);
            await lease.AcquireAsync(Duration, cancellationToken: cancel);
            return lease;
        }
    }

    private async Task HoldAsync(BlobLeaseClient lease, long asked, Func<CancellationToken, Task> whileHeld)
    {
        // Cancelled when the lease may have ended, counted from when it was asked for, unless a renewal sets that time back.
        using var lost = new CancellationTokenSource(Left(asked), time);
        using var done = new CancellationTokenSource();
        var renewing = RenewAsync(lease, lost, done.Token);
        try
        {
            await whileHeld(lost.Token);
        }
        catch (OperationCanceledException) when (lost.IsCancellationRequested)
        {
            // Lost while it waited for something: another instance may have the lock by now, and this one looks for it again.
        }
        finally
        {
            await done.CancelAsync();
            await renewing;
            if (!lost.IsCancellationRequested) await lease.ReleaseAsync(); // so that another instance need not wait for its end
        }
    }

    private async Task RenewAsync(BlobLeaseClient lease, CancellationTokenSource lost, CancellationToken done)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(lost.Token, done);
        while (true)
        {
            await Task.Delay(Third, time, either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (either.IsCancellationRequested) return;
            var asked = time.GetTimestamp();
            try
            {
                await lease.RenewAsync(cancellationToken: either.Token);
                lost.CancelAfter(Left(asked));
            }
            catch (OperationCanceledException) when (either.IsCancellationRequested)
            {
                return;
            }
            catch (RequestFailedException error) when (error.Status is 404 or 409 or 412)
            {
                NotRenewed(blob.Name, error); // another has it
                await lost.CancelAsync();
                return;
            }
            catch (Exception error) when (StorageAccount.IsOutage(error))
            {
                NotRenewed(blob.Name, error); // tried again until the lease ends
            }
        }
    }

    /// <summary>How long a lease that was asked for then lasts.</summary>
    private TimeSpan Left(long asked) => TimeSpan.FromTicks(Math.Max(0, (Duration - time.GetElapsedTime(asked)).Ticks));

    [LoggerMessage(LogLevel.Warning, "Lock {Lock} cannot be had or released; trying again")]
    private partial void NotHeld(string @lock, Exception error);

    [LoggerMessage(LogLevel.Warning, "Lock {Lock} could not be renewed")]
    private partial void NotRenewed(string @lock, Exception error);
}
