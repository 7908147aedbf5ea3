using System.Text;
using Azure;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Serverless.Serving;
using Serverless.Training;
using Serverless.Training.Drops;

namespace Serverless.Tests.Training;

/// <summary>
/// A run that ends at any of its requests to the storage, before or after the request took effect, killed or stopped: the next delivery
/// completes it, with one version live, one run and one outcome.
/// </summary>
public class RetrainingCrashTests(AzuriteFixture azurite)
{
    private readonly ConstantFamily _family = new();

    public enum End
    {
        KilledBefore,
        KilledAfter,
        Stopped,
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(End.KilledBefore, true)]
    [InlineData(End.KilledAfter, true)]
    [InlineData(End.Stopped, true)]
    [InlineData(End.KilledBefore, false)]
    [InlineData(End.KilledAfter, false)]
    [InlineData(End.Stopped, false)]
    public async Task Run_that_ends_at_any_request_is_completed_by_the_next_delivery(End end, bool good)
    {
        var connection = await azurite.NewConnectionAsync();
        var account = StorageAccount.Open(connection);
        await account.PrepareAsync(Cancel);
        await using var next = new RetrainPath(account, [_family]);
        var completed = false;
        for (var at = 1; !completed; at++)
        {
            Assert.True(at < 60, "The run never completes");
            var portfolio = $"p{at}";
            var drop = $"constant/{portfolio}/march.csv";
            var contract = Encoding.UTF8.GetString(ConstantFamily.ContractJson).Replace("demo", portfolio, StringComparison.Ordinal);
            Assert.IsType<Outcome<DataContract>.Done>(await next.Get<ContractStore>().ActivateAsync(Encoding.UTF8.GetBytes(contract), Cancel));
            await account.Blobs.GetBlobContainerClient("drops").GetBlobClient(drop).UploadAsync(BinaryData.FromString(good ? ConstantFamily.Csv("abcd", 0.7) : "id,skill\n"), Cancel);

            completed = await EndsAsync(connection, drop, at, end);
            await FreeAsync(account, portfolio);
            await next.RunAsync(drop);
            await CheckAsync(account, next, portfolio, drop, good);
        }
    }

    /// <summary>Runs until the request of this number; true when the run made fewer.</summary>
    private async Task<bool> EndsAsync(string connection, string drop, int at, End end)
    {
        using var stop = new CancellationTokenSource();
        var fault = new FaultAt(at, end, stop);
        var options = new BlobClientOptions { Retry = { MaxRetries = 0 } };
        options.AddPolicy(fault, HttpPipelinePosition.PerCall);
        var healthy = StorageAccount.Open(connection);
        await using var path = new RetrainPath(healthy with { Blobs = new BlobServiceClient(connection, options) }, [_family]);
        try
        {
            await path.RunAsync(drop, cancel: stop.Token);
            return !fault.Struck;
        }
        catch (Exception error) when (error is RequestFailedException or OperationCanceledException)
        {
            Assert.True(fault.Struck, error.ToString());
            return false;
        }
    }

    private static async Task CheckAsync(StorageAccount account, RetrainPath path, string portfolio, string drop, bool good)
    {
        Assert.DoesNotContain(drop, await path.Get<DropBacklog>().WaitingAsync("", Cancel).Select(d => d.Name).ToListAsync(Cancel));
        var blob = account.Blobs.GetBlobContainerClient("outcomes").GetBlobClient($"{drop}.json");
        var outcome = (await blob.DownloadContentAsync(Cancel)).Value.Content.ToObjectFromJson<DropOutcome>(Json.Options)!.Outcome;
        Assert.Equal((good ? RetrainResult.Promoted : RetrainResult.Rejected, drop), (outcome.Result, outcome.Drop));
        Assert.Equal(good, await account.Blobs.GetBlobContainerClient("drops").GetBlobClient(drop).ExistsAsync(Cancel));
        Assert.Equal(!good, await account.Blobs.GetBlobContainerClient("rejected").GetBlobClient($"{drop}.report.json").ExistsAsync(Cancel));

        var versions = await path.Get<ModelRegistry>().ListAsync(Cancel).Where(m => m.Portfolio == portfolio).ToListAsync(Cancel);
        Assert.Equal(good ? [(outcome.Version!, true)] : [], versions.Select(v => (v.Version, v.Live)));
        var runs = account.Blobs.GetBlobContainerClient("runs").GetBlobsAsync(new GetBlobsOptions { Prefix = $"constant/{portfolio}/" }, Cancel);
        Assert.Equal(good ? 1 : 0, await runs.CountAsync(b => !b.Name.EndsWith("/lease.json", StringComparison.Ordinal), Cancel));
    }

    // What time does after a kill.
    private static async Task FreeAsync(StorageAccount account, string portfolio)
    {
        var lease = account.Blobs.GetBlobContainerClient("runs").GetBlobClient($"constant/{portfolio}/lease.json");
        if (await lease.ExistsAsync(Cancel) && (await lease.GetPropertiesAsync(cancellationToken: Cancel)).Value.LeaseState == LeaseState.Leased)
            await lease.GetBlobLeaseClient().BreakAsync(TimeSpan.Zero, cancellationToken: Cancel);
    }

    /// <summary>From one request on, nothing reaches the storage any more; or at it, the run is stopped.</summary>
    private sealed class FaultAt(int at, End end, CancellationTokenSource stop) : HttpPipelinePolicy
    {
        private int _sent;

        public bool Struck => _sent >= at;

        public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
        {
            var number = Interlocked.Increment(ref _sent);
            if (end == End.Stopped && number == at) await stop.CancelAsync();
            if (end != End.Stopped && (number > at || (number == at && end == End.KilledBefore))) throw new RequestFailedException(503, "killed");
            await ProcessNextAsync(message, pipeline);
            if (end == End.KilledAfter && number == at) throw new RequestFailedException(503, "killed");
        }

        public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) => throw new NotSupportedException();
    }
}
