using Serverless.Serving;
using Serverless.Serving.Decisions;
using Serverless.Serving.Text;
using Serverless.Tests.Cli;
using Serverless.Training.Backup;
using Serverless.Training.Market;
using Serverless.Training.Market.Strategies;
using Serverless.Training.Samples;

namespace Serverless.Tests.Training.Backup;

/// <summary>An account filled by the real path, and its backup: two portfolios live, five applications decided, one of them erased, the log anchored, feedback given and gathered, a strategy tried.</summary>
public sealed class BackedUpAccount(AzuriteFixture azurite) : IAsyncLifetime
{
    public const string Drop = $"credit/{LoanSample.Portfolio}/first.csv";
    private readonly CliRun _cli = new();
    private int _copies;

    public string Connection { get; private set; } = "";

    public string Folder => _cli.PathOf("backup");

    internal static Trial Tried { get; } = new("1", "SIM", "data", "settings", "trend", 900, 0.5, 0.01, DateTimeOffset.UnixEpoch);

    internal byte[] Loans { get; private set; } = [];

    internal BackupReport Report { get; private set; } = null!;

    internal IReadOnlyList<System.Text.Json.Nodes.JsonObject> Applications { get; } = [.. LoanSample.Applications(5, seed: 2)];

    public async ValueTask InitializeAsync()
    {
        Connection = await azurite.NewConnectionAsync();
        var account = StorageAccount.Open(Connection);
        await account.PrepareAsync(default);
        await using var path = new RetrainPath(account);
        using var csv = new MemoryStream();
        await LoanSample.WriteAsync(csv, 3000, seed: 1, default);
        Loans = csv.ToArray();
        await DropAsync(path, account, LoanSample.Contract with { Drops = DropMode.Increment }, Drop, BinaryData.FromBytes(Loans));
        await DropAsync(path, account, CustomerServiceSample.Contract, $"text/{CustomerServiceSample.Portfolio}/first.csv", await BinaryData.FromStreamAsync(CustomerServiceSample.OpenCsv(), default));

        foreach (var application in Applications) await path.Get<LoanDecisions>().DecideAsync(BinaryData.FromString(application.ToJsonString()), default);
        await path.Get<DecisionErasure>().RunAsync(LoanSample.Portfolio, Id(0), "officer", default);
        Assert.NotNull(await path.Get<DecisionAnchors>().AnchorAsync(default));
        foreach (var (text, drop) in new[] { ("my card is gone", null as string), ("my pin is gone", "first.csv") })
        {
            var said = new FeedbackRecord(CustomerServiceSample.Portfolio, text, "card_lost_or_stolen", "agent-desktop", "ann", DateTimeOffset.UnixEpoch);
            Assert.True(await path.Get<FeedbackStore>().AddAsync(said, default));
            if (drop is not null) await path.Get<FeedbackStore>().MarkAsync(said with { Drop = drop }, default);
        }

        await (await path.Get<LedgerStore>().OpenAsync(MarketSample.Portfolio, default)).AddAsync([Tried], default);
        Report = Assert.IsType<Outcome<BackupReport>.Done>(await new AccountBackup(account, TimeProvider.System).TakeAsync(Folder, new Progress<Serverless.Training.TrainingProgress>(), default)).Value;
    }

    public ValueTask DisposeAsync()
    {
        _cli.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Id of an application.</summary>
    internal string Id(int index) => Applications[index]["applicationId"]!.GetValue<string>();

    /// <summary>The backup once more, for a test to tamper with.</summary>
    internal string Copy()
    {
        var folder = _cli.PathOf($"copy-{Interlocked.Increment(ref _copies)}");
        foreach (var file in Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(folder, Path.GetRelativePath(Folder, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        return folder;
    }

    private static async Task DropAsync(RetrainPath path, StorageAccount account, DataContract contract, string name, BinaryData csv)
    {
        Assert.IsType<Outcome<DataContract>.Done>(await path.Get<ContractStore>().ActivateAsync(Json.File<object>(contract), default));
        await account.Blobs.GetBlobContainerClient("drops").GetBlobClient(name).UploadAsync(csv, default(CancellationToken));
        Assert.Equal(Serverless.Training.RetrainResult.Promoted, (await path.RunAsync(name)).Result);
    }
}
