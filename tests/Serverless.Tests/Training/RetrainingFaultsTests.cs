using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Serverless.Serving;
using Serverless.Tests.Faults;
using Serverless.Training;
using Serverless.Training.Drops;

namespace Serverless.Tests.Training;

/// <summary>Every call of the retrain path goes wrong once; afterwards the drop is delivered again.</summary>
public class RetrainingFaultsTests(AzuriteFixture azurite)
{
    private readonly ConstantFamily _family = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Good_drop_ends_as_one_live_version_with_one_run_whatever_call_goes_wrong()
    {
        var cases = await FaultMatrix.RunAsync(await azurite.NewConnectionAsync(), Delivered(ConstantFamily.Csv("abcd", 0.7), async (account, portfolio) =>
        {
            var registry = new ModelRegistry(account);
            var live = (await registry.ChampionAsync("constant", portfolio, Cancel))!.Version;
            var folder = $"constant/{portfolio}/";
            Assert.All(await NamesAsync(account, "models", folder), name => Assert.True(name == $"{folder}champion.json" || name.StartsWith($"{folder}{live}/", StringComparison.Ordinal), name));
            await registry.OpenAsync("constant", portfolio, live, Cancel);
            Assert.NotNull(await registry.BesideAsync("constant", portfolio, live, "trained-rows.bin", Cancel));
            var run = Assert.Single(await NamesAsync(account, "runs", folder));
            var record = await new RunStore(account).FindAsync("constant", portfolio, Path.GetFileNameWithoutExtension(run), Cancel);
            Assert.Equal((RetrainResult.Promoted, live), (record!.Outcome.Result, record.Outcome.Version));
            Assert.Equal([NameOf(portfolio)], await NamesAsync(account, "drops", folder));
        }), FaultMatrix.All);
        Assert.True(cases >= 12 * FaultMatrix.All.Length, $"{cases} cases");
    }

    [Fact]
    public async Task Bad_drop_ends_as_rejected_with_its_report_whatever_call_goes_wrong()
    {
        const string Bad = "id,skill\n";
        var cases = await FaultMatrix.RunAsync(await azurite.NewConnectionAsync(), Delivered(Bad, async (account, portfolio) =>
        {
            var name = NameOf(portfolio);
            Assert.Empty(await NamesAsync(account, "drops", $"constant/{portfolio}/"));
            Assert.Equal([name, $"{name}.report.json"], await NamesAsync(account, "rejected", $"constant/{portfolio}/"));
            var rejected = account.Blobs.GetBlobContainerClient("rejected");
            Assert.Equal(Bad, (await rejected.GetBlobClient(name).DownloadContentAsync(Cancel)).Value.Content.ToString());
            var report = (await rejected.GetBlobClient($"{name}.report.json").DownloadContentAsync(Cancel)).Value.Content.ToObjectFromJson<DropReport>(Json.Options)!;
            Assert.Equal((name, Bad.Length, "The file has a header but no rows: drop a CSV with rows."), (report.Drop, report.Bytes, Assert.Single(report.Reasons)));
            Assert.Empty(await NamesAsync(account, "models", $"constant/{portfolio}/"));
        }), FaultMatrix.All);
        Assert.True(cases >= 9 * FaultMatrix.All.Length, $"{cases} cases");
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
        Run = RetrainAsync,
        Recover = RetrainAsync,
        Check = check,
    };

    private Task<RetrainOutcome> RetrainAsync(StorageAccount account, string portfolio) => new Retraining(
        new DropStore(account), new ContractStore(account, [_family]), new ModelRegistry(account), new RunStore(account), [_family], new ManualTime(), NullLogger<Retraining>.Instance)
        .RunAsync(NameOf(portfolio), null, new Progress<TrainingProgress>(), Cancel);

    private static string NameOf(string portfolio) => $"constant/{portfolio}/march.csv";

    private static async Task<List<string>> NamesAsync(StorageAccount account, string container, string prefix) =>
        await account.Blobs.GetBlobContainerClient(container).GetBlobsAsync(new() { Prefix = prefix }, Cancel).Select(b => b.Name).ToListAsync(Cancel);
}
