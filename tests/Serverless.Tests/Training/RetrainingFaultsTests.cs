using System.Text;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Serverless.Serving;
using Serverless.Tests.Faults;
using Serverless.Training;
using Serverless.Training.Drops;

namespace Serverless.Tests.Training;

/// <summary>
/// Every storage call of the retrain path goes wrong once by each kind of fault, or the run is stopped at it; then the drop is delivered again.
/// Whatever happened: one version, live, with one run and one outcome; or the drop lies among the rejected, with its report.
/// </summary>
public class RetrainingFaultsTests(AzuriteFixture azurite)
{
    private const string Bad = "id,skill\n";
    private readonly ConstantFamily _family = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Good_drop_ends_as_one_live_version_with_one_run_whatever_call_goes_wrong()
    {
        var cases = await FaultMatrix.RunAsync(await azurite.NewConnectionAsync(), Delivered(ConstantFamily.Csv("abcd", 0.7), PromotedAsync), FaultMatrix.Kinds);
        Assert.True(cases >= 18 * FaultMatrix.Kinds.Length, $"{cases} cases");
    }

    [Fact]
    public async Task Bad_drop_ends_as_rejected_with_its_report_whatever_call_goes_wrong()
    {
        var cases = await FaultMatrix.RunAsync(await azurite.NewConnectionAsync(), Delivered(Bad, RejectedAsync), FaultMatrix.Kinds);
        Assert.True(cases >= 14 * FaultMatrix.Kinds.Length, $"{cases} cases");
    }

    [Fact]
    public async Task Increment_ends_as_one_live_version_of_the_union_whatever_call_is_the_last()
    {
        var cases = await FaultMatrix.RunAsync(await azurite.NewConnectionAsync(), Increment(), Fault.CrashAfter);
        Assert.True(cases >= 24, $"{cases} cases");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Drop_whose_run_is_stopped_at_any_call_is_completed_by_the_next_delivery(bool good)
    {
        var connection = await azurite.NewConnectionAsync();
        var healthy = StorageAccount.Open(connection);
        await healthy.PrepareAsync(Cancel);
        var scenario = Delivered(good ? ConstantFamily.Csv("abcd", 0.7) : Bad, good ? PromotedAsync : RejectedAsync);
        var completed = false;
        for (var at = 1; !completed; at++)
        {
            Assert.True(at < 60, "The run never completes");
            using var stop = new CancellationTokenSource();
            var faults = new StorageFaults { Calling = call => { if (call.Number == at) stop.Cancel(); } };
            var portfolio = await scenario.Prepare(healthy, at);
            try
            {
                await RetrainAsync(faults.Open(connection), portfolio, stop.Token);
                completed = !stop.IsCancellationRequested;
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                // As it should: stopped without an outcome.
            }

            await scenario.Recover(healthy, portfolio);
            await scenario.Check(healthy, portfolio);
        }
    }

    /// <summary>A manifest with a part, after a drop that was accepted: the dataset's content, list and pointer are written too.</summary>
    private FaultScenario<string> Increment()
    {
        var (part, csv) = ("part.csv", ConstantFamily.Csv("cdef", 0.9));
        return new()
        {
            Prepare = async (account, number) =>
            {
                var portfolio = $"demo-{number}";
                var contract = ConstantFamily.Contract with { Portfolio = portfolio, Drops = DropMode.Increment };
                Assert.IsType<Outcome<DataContract>.Done>(await new ContractStore(account, [_family]).ActivateAsync(Json.File(contract), Cancel));
                var drops = account.Blobs.GetBlobContainerClient("drops");
                await drops.GetBlobClient($"constant/{portfolio}/a.csv").UploadAsync(BinaryData.FromString(ConstantFamily.Csv("abcd", 0.7)), Cancel);
                await using (var path = new RetrainPath(account, [_family])) Assert.Equal(RetrainResult.Promoted, (await path.RunAsync($"constant/{portfolio}/a.csv")).Result);
                await drops.GetBlobClient($"constant/{portfolio}/b.parts/{part}").UploadAsync(BinaryData.FromString(csv), Cancel);
                await drops.GetBlobClient(SecondOf(portfolio)).UploadAsync(BinaryData.FromBytes(Json.File(PortfolioOfDrops.Listing((part, csv)))), Cancel);
                return portfolio;
            },
            Run = (account, portfolio) => RetrainAsync(account, portfolio, Cancel, SecondOf(portfolio)),
            Recover = async (account, portfolio) =>
            {
                await FreeAsync(account, portfolio);
                await RetrainAsync(account, portfolio, Cancel, SecondOf(portfolio));
            },
            Check = async (account, portfolio) =>
            {
                var store = new DatasetStore(account);
                var current = (await store.CurrentAsync("constant", portfolio, Cancel))!;
                Assert.Equal([$"constant/{portfolio}/a.csv", SecondOf(portfolio)], current.Dataset.Drops.Select(d => d.Drop));
                foreach (var kept in current.Dataset.DistinctParts()) await (await store.DownloadAsync("constant", portfolio, kept, 0, Cancel)).DisposeAsync();
                var registry = new ModelRegistry(account);
                var live = await registry.OpenAsync("constant", portfolio, (await registry.ChampionAsync("constant", portfolio, Cancel))!.Version, Cancel);
                Assert.Equal((current.Pointer.Sha256, 6), (live.Manifest.DataSha256, live.Manifest.Rows));
                await using var path = new RetrainPath(account, [_family]);
                Assert.Empty(await path.Get<DropBacklog>().WaitingAsync($"constant/{portfolio}/", Cancel).ToListAsync(Cancel));
            },
        };
    }

    private FaultScenario<string> Delivered(string csv, Func<StorageAccount, string, Task> check) => new()
    {
        Prepare = async (account, number) =>
        {
            var portfolio = $"demo-{number}";
            var contract = Encoding.UTF8.GetString(ConstantFamily.ContractJson).Replace("demo", portfolio, StringComparison.Ordinal);
            Assert.IsType<Outcome<DataContract>.Done>(await new ContractStore(account, [_family]).ActivateAsync(Encoding.UTF8.GetBytes(contract), Cancel));
            await account.Blobs.GetBlobContainerClient("drops").GetBlobClient(NameOf(portfolio)).UploadAsync(BinaryData.FromString(csv), Cancel);
            return portfolio;
        },
        Run = (account, portfolio) => RetrainAsync(account, portfolio, Cancel),
        Recover = async (account, portfolio) =>
        {
            await FreeAsync(account, portfolio);
            await RetrainAsync(account, portfolio, Cancel);
        },
        Check = async (account, portfolio) =>
        {
            await using var path = new RetrainPath(account, [_family]);
            Assert.Empty(await path.Get<DropBacklog>().WaitingAsync($"constant/{portfolio}/", Cancel).ToListAsync(Cancel));
            await check(account, portfolio);
        },
    };

    private static async Task PromotedAsync(StorageAccount account, string portfolio)
    {
        var (registry, folder) = (new ModelRegistry(account), $"constant/{portfolio}/");
        var live = (await registry.ChampionAsync("constant", portfolio, Cancel))!.Version;
        Assert.All(await NamesAsync(account, "models", folder), name => Assert.True(name == $"{folder}champion.json" || name.StartsWith($"{folder}{live}/", StringComparison.Ordinal), name));
        await registry.OpenAsync("constant", portfolio, live, Cancel);
        Assert.NotNull(await registry.BesideAsync("constant", portfolio, live, "trained-rows.bin", Cancel));
        var run = Assert.Single(await NamesAsync(account, "runs", folder), name => !name.EndsWith("/lease.json", StringComparison.Ordinal));
        var record = await new RunStore(account).FindAsync("constant", portfolio, Path.GetFileNameWithoutExtension(run), Cancel);
        Assert.Equal((RetrainResult.Promoted, live), (record!.Outcome.Result, record.Outcome.Version));
        var outcome = await OutcomeAsync(account, portfolio);
        Assert.Equal((RetrainResult.Promoted, live), (outcome.Result, outcome.Version));
        Assert.Equal([NameOf(portfolio)], await NamesAsync(account, "drops", folder));
    }

    private static async Task RejectedAsync(StorageAccount account, string portfolio)
    {
        var (name, folder) = (NameOf(portfolio), $"constant/{portfolio}/");
        Assert.Empty(await NamesAsync(account, "drops", folder));
        Assert.Empty(await NamesAsync(account, "models", folder));
        Assert.Equal([name, $"{name}.report.json"], await NamesAsync(account, "rejected", folder));
        var rejected = account.Blobs.GetBlobContainerClient("rejected");
        Assert.Equal(Bad, (await rejected.GetBlobClient(name).DownloadContentAsync(Cancel)).Value.Content.ToString());
        var report = (await rejected.GetBlobClient($"{name}.report.json").DownloadContentAsync(Cancel)).Value.Content.ToObjectFromJson<DropReport>(Json.Options)!;
        Assert.Equal((name, Bad.Length, "The file has a header but no rows: drop a CSV with rows."), (report.Drop, report.Bytes, Assert.Single(report.Reasons)));
        Assert.Equal(RetrainResult.Rejected, (await OutcomeAsync(account, portfolio)).Result);
    }

    private async Task<RetrainOutcome> RetrainAsync(StorageAccount account, string portfolio, CancellationToken cancel, string? drop = null)
    {
        await using var path = new RetrainPath(account, [_family]);
        return await path.RunAsync(drop ?? NameOf(portfolio), cancel: cancel);
    }

    private static async Task<RetrainOutcome> OutcomeAsync(StorageAccount account, string portfolio) =>
        (await account.Blobs.GetBlobContainerClient("outcomes").GetBlobClient($"{NameOf(portfolio)}.json").DownloadContentAsync(Cancel)).Value.Content.ToObjectFromJson<DropOutcome>(Json.Options)!.Outcome;

    /// <summary>What time does after a kill: the lease ends.</summary>
    private static async Task FreeAsync(StorageAccount account, string portfolio)
    {
        var lease = account.Blobs.GetBlobContainerClient("runs").GetBlobClient($"constant/{portfolio}/lease.json");
        if (await lease.ExistsAsync(Cancel) && (await lease.GetPropertiesAsync(cancellationToken: Cancel)).Value.LeaseState == LeaseState.Leased)
            await lease.GetBlobLeaseClient().BreakAsync(TimeSpan.Zero, cancellationToken: Cancel);
    }

    private static string SecondOf(string portfolio) => $"constant/{portfolio}/b.drop.json";

    private static string NameOf(string portfolio) => $"constant/{portfolio}/march.csv";

    private static async Task<List<string>> NamesAsync(StorageAccount account, string container, string prefix) =>
        await account.Blobs.GetBlobContainerClient(container).GetBlobsAsync(new GetBlobsOptions { Prefix = prefix }, Cancel).Select(b => b.Name).ToListAsync(Cancel);
}
