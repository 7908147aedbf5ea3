using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;

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
                if (await AcquireAsync(stopping) is { } lease) await HoldAsync(lease, whileHeld);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error) when (error is RequestFailedException or AggregateException)
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

    private async Task HoldAsync(BlobLeaseClient lease, Func<CancellationToken, Task> whileHeld)
    {
        using var lost = new CancellationTokenSource();
        using var done = new CancellationTokenSource();
        var renewing = RenewAsync(lease, lost, done.Token);
        try
        {
            await whileHeld(lost.Token);
        }
        finally
        {
            await done.CancelAsync();
            await renewing;
            if (!lost.IsCancellationRequested) await lease.ReleaseAsync(); // so that another instance need not wait for its end
        }
    }

    /// <summary>
    /// Each try ends within a third, and two that fail in a row give the lock up, so that it is given up before the lease ends and
    /// another instance can have it.
    /// </summary>
    private async Task RenewAsync(BlobLeaseClient lease, CancellationTokenSource lost, CancellationToken done)
    {
        for (var failures = 0; failures < 2;)
        {
            await Task.Delay(Third, time, done).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (done.IsCancellationRequested) return;
            using var limit = new CancellationTokenSource(Third, time);
            try
            {
                await lease.RenewAsync(cancellationToken: limit.Token);
                failures = 0;
            }
            catch (Exception error) when (error is RequestFailedException or AggregateException or OperationCanceledException)
            {
                // Refused: another has it. Any other failure may pass.
                failures += error is RequestFailedException { Status: 409 or 412 } ? 2 : 1;
                NotRenewed(blob.Name, error);
            }
        }

        await lost.CancelAsync();
    }

    [LoggerMessage(LogLevel.Warning, "Lock {Lock} cannot be had or released; trying again")]
    private partial void NotHeld(string @lock, Exception error);

    [LoggerMessage(LogLevel.Warning, "Lock {Lock} could not be renewed")]
    private partial void NotRenewed(string @lock, Exception error);
}
