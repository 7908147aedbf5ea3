using System.Diagnostics;
using Azure.Storage.Queues;
using Serverless.Serving;
using Serverless.Serving.Credit;
using Serverless.Training.Samples;

namespace Serverless.Tests.Functions;

/// <summary>SIGTERM and SIGKILL in the middle of a retrain, with the built app in a process of its own.</summary>
public class StopTests(AzuriteFixture azurite)
{
    private const string Work = "azure-webjobs-blobtrigger-embedded-retrainondrop";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Retrain_under_way_at_SIGTERM_finishes_within_the_grace()
    {
        var (account, connection) = await DropAsync();
        await using var app = await StartAsync(connection, "00:02:00");
        await app.SignalAsync("TERM");
        await app.EndAsync();
        Assert.Equal(0, app.ExitCode);
        Assert.NotNull(await new ModelRegistry(account).ChampionAsync("credit", LoanSample.Portfolio, Cancel));
        Assert.Empty((await new QueueClient(connection, Work).ReceiveMessagesAsync(cancellationToken: Cancel)).Value);
    }

    [Fact]
    public async Task Retrain_that_outlasts_the_grace_is_cancelled_and_given_back_at_once()
    {
        var (account, connection) = await DropAsync();
        await using var app = await StartAsync(connection, "00:00:00");
        var began = Stopwatch.GetTimestamp();
        await app.SignalAsync("TERM");
        await app.EndAsync();
        Assert.Equal(0, app.ExitCode);
        Assert.InRange(Stopwatch.GetElapsedTime(began).TotalSeconds, 0, 10);
        Assert.Null(await new ModelRegistry(account).ChampionAsync("credit", LoanSample.Portfolio, Cancel));
        Assert.Single((await new QueueClient(connection, Work).ReceiveMessagesAsync(cancellationToken: Cancel)).Value);
    }

    [Fact]
    public async Task Message_of_a_process_that_was_killed_comes_back_when_its_invisibility_ends()
    {
        var (_, connection) = await DropAsync();
        await using var app = await StartAsync(connection, "00:02:00", "--Embedded:InFlight=00:00:03");
        await app.SignalAsync("KILL");
        await app.EndAsync();
        var queue = new QueueClient(connection, Work);
        Assert.Empty((await queue.ReceiveMessagesAsync(cancellationToken: Cancel)).Value);
        var back = await Asked.UntilAsync(async () => (await queue.ReceiveMessageAsync(cancellationToken: Cancel)).Value);
        Assert.Equal(2, back.DequeueCount);
    }

    private async Task<(StorageAccount Account, string Connection)> DropAsync()
    {
        var connection = await azurite.NewConnectionAsync();
        var account = StorageAccount.Open(connection);
        await account.PrepareAsync(Cancel);
        var contracts = new ContractStore(account, [new CreditFamily()]);
        Assert.IsType<Outcome<DataContract>.Done>(await contracts.ActivateAsync(Json.File<object>(LoanSample.Contract), Cancel));
        using var csv = new MemoryStream();
        await LoanSample.WriteAsync(csv, 5000, seed: 1, Cancel);
        csv.Position = 0;
        await account.Blobs.GetBlobContainerClient("drops").GetBlobClient($"credit/{LoanSample.Portfolio}/first.csv").UploadAsync(csv, Cancel);
        return (account, connection);
    }

    /// <summary>Starts the app and waits until it trains.</summary>
    private static async Task<AppProcess> StartAsync(string connection, string grace, params string[] arguments)
    {
        var app = Path.Combine(AppContext.BaseDirectory, "Serverless.Functions.dll");
        var start = new ProcessStartInfo("dotnet", [app, "--port", "0", $"--Embedded:StopGrace={grace}", .. arguments]);
        start.Environment[StorageAccount.Setting] = connection;
        var process = AppProcess.Start(start);
        await process.UntilSaidAsync(": training");
        return process;
    }
}
