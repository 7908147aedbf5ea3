using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Microsoft.Extensions.Logging;
using Serverless.Serving;

namespace Serverless.Training;

/// <summary>
/// One retrain at a time for each portfolio, over all instances: a lease on <c>runs/{family}/{portfolio}/lease.json</c>, renewed while
/// the work goes on. When its holder is killed it ends by itself, and the next to wait gets it.
/// </summary>
public sealed partial class PortfolioLease(StorageAccount account, RetrainingOptions options, TimeProvider time, ILogger<PortfolioLease> log)
{
    private static readonly TimeSpan FirstLook = TimeSpan.FromMilliseconds(100), LongestPause = TimeSpan.FromSeconds(2);
    private readonly BlobContainerClient _runs = account.Blobs.GetBlobContainerClient("runs");

    /// <summary>Waits for the lease, works, and gives it back.</summary>
    /// <param name="family">Family.</param>
    /// <param name="portfolio">Portfolio.</param>
    /// <param name="drop">Name of the drop that the work is for; for people who look at the lease.</param>
    /// <param name="work">The work; its token is cancelled when the lease is lost.</param>
    /// <param name="cancel">Ends the waiting and the work.</param>
    /// <exception cref="IOException">The lease was lost, so the work was stopped: try again.</exception>
    public async Task<T> HoldAsync<T>(string family, string portfolio, string drop, Func<CancellationToken, Task<T>> work, CancellationToken cancel)
    {
        var blob = Blob(family, portfolio);
        var (lease, taken) = await TakeAsync(blob, drop, cancel);

        // Cancelled when the lease may have ended, counted from when it was asked for, unless a renewal sets that time back.
        using var lost = new CancellationTokenSource(Left(taken), time);
        using var held = CancellationTokenSource.CreateLinkedTokenSource(cancel, lost.Token);
        using var done = new CancellationTokenSource();
        var renewing = RenewAsync(lease, blob.Name, lost, done.Token);
        try
        {
            var holder = new BlobUploadOptions { Conditions = new BlobRequestConditions { LeaseId = lease.LeaseId } };
            await blob.UploadAsync(BinaryData.FromBytes(Json.File(new Holder(drop, time.GetUtcNow()))), holder, held.Token);
            return await work(held.Token);
        }
        catch (OperationCanceledException error) when (lost.IsCancellationRequested && !cancel.IsCancellationRequested)
        {
            throw new IOException($"The lease of {family}/{portfolio} was lost while drop '{drop}' was worked on: the run was stopped and is to be tried again.", error);
        }
        finally
        {
            await done.CancelAsync();
            await renewing;
            await GiveBackAsync(lease, blob.Name);
        }
    }

    /// <summary>Whether a run of the portfolio is under way, or was killed just now.</summary>
    public async Task<bool> IsHeldAsync(string family, string portfolio, CancellationToken cancel)
    {
        try
        {
            return (await Blob(family, portfolio).GetPropertiesAsync(cancellationToken: cancel)).Value.LeaseState == LeaseState.Leased;
        }
        catch (RequestFailedException error) when (error.Status == 404)
        {
            return false;
        }
    }

    private BlobClient Blob(string family, string portfolio) => _runs.GetBlobClient($"{Names.Family.Check(family)}/{Names.Portfolio.Check(portfolio)}/lease.json");

    private async Task<(BlobLeaseClient Lease, long Asked)> TakeAsync(BlobClient blob, string drop, CancellationToken cancel)
    {
        var lease = blob.GetBlobLeaseClient();
        for (var pause = FirstLook; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            var asked = time.GetTimestamp();
            try
            {
                await lease.AcquireAsync(options.Lease, cancellationToken: cancel);
                return (lease, asked);
            }
            catch (RequestFailedException error) when (error.ErrorCode == BlobErrorCode.BlobNotFound)
            {
                await CreateAsync(blob, cancel);
                continue;
            }
            catch (RequestFailedException error) when (error.ErrorCode == BlobErrorCode.LeaseAlreadyPresent)
            {
                if (pause == FirstLook) LogWaiting(drop, blob.Name);
            }

            await Task.Delay(pause, time, cancel);
        }
    }

    /// <summary>How long a lease that was asked for then lasts.</summary>
    private TimeSpan Left(long asked) => TimeSpan.FromTicks(Math.Max(0, (options.Lease - time.GetElapsedTime(asked)).Ticks));

    private static async Task CreateAsync(BlobClient blob, CancellationToken cancel)
    {
        try
        {
            await blob.UploadAsync(BinaryData.FromString("{}\n"), new BlobUploadOptions { Conditions = new BlobRequestConditions { IfNoneMatch = ETag.All } }, cancel);
        }
        catch (RequestFailedException error) when (error.Status is 409 or 412)
        {
            // Another instance created it; who gets its lease is decided next.
        }
    }

    private async Task RenewAsync(BlobLeaseClient lease, string name, CancellationTokenSource lost, CancellationToken done)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(lost.Token, done);
        while (true)
        {
            await Task.Delay(options.Lease / 3, time, either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
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
                LogLost(name, error);
                await lost.CancelAsync();
                return;
            }
            catch (Exception error) when (StorageAccount.IsOutage(error))
            {
                LogNotRenewed(name, error);
            }
        }
    }

    // Not cancelled: a lease that is kept makes the next run wait for nothing.
    private async Task GiveBackAsync(BlobLeaseClient lease, string name)
    {
        try
        {
            await lease.ReleaseAsync(cancellationToken: CancellationToken.None);
        }
        catch (Exception error) when (StorageAccount.IsOutage(error))
        {
            LogNotGivenBack(name, error);
        }
    }

    [LoggerMessage(1, LogLevel.Information, "Drop {Drop} waits for the run that holds runs/{Lease}")]
    private partial void LogWaiting(string drop, string lease);

    [LoggerMessage(2, LogLevel.Warning, "The lease of runs/{Lease} was lost; its run is stopped")]
    private partial void LogLost(string lease, Exception error);

    [LoggerMessage(3, LogLevel.Warning, "The lease of runs/{Lease} could not be renewed; trying again until it ends")]
    private partial void LogNotRenewed(string lease, Exception error);

    [LoggerMessage(4, LogLevel.Information, "The lease of runs/{Lease} could not be given back; it ends by itself")]
    private partial void LogNotGivenBack(string lease, Exception error);

    /// <summary>Who holds the lease; for people.</summary>
    private sealed record Holder(string Drop, DateTimeOffset Since);
}
