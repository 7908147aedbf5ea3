using System.Diagnostics;
using Serverless.Serving;
using Serverless.Tests.Training.Text;
using Serverless.Training;
using Serverless.Training.Drops;
using Serverless.Training.Samples;
using Serverless.Training.Text;

namespace Serverless.Tests.Functions;

/// <summary>The built app in a process of its own, killed in the middle of a retrain and started again.</summary>
public class KilledRetrainTests(AzuriteFixture azurite)
{
    private const string Folder = $"credit/{LoanSample.Portfolio}";
    private const string Drop = $"{Folder}/loans.csv";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Retrain_that_was_killed_ends_after_the_restart_with_one_version_one_run_and_one_outcome()
    {
        var connection = await azurite.NewConnectionAsync();
        var account = StorageAccount.Open(connection);
        await account.PrepareAsync(Cancel);
        await using var path = new RetrainPath(account);
        Assert.IsType<Outcome<DataContract>.Done>(await path.Get<ContractStore>().ActivateAsync(Json.File<object>(LoanSample.Contract), Cancel));
        using var csv = new MemoryStream();
        await LoanSample.WriteAsync(csv, 20_000, seed: 1, Cancel);
        csv.Position = 0;
        await account.Blobs.GetBlobContainerClient("drops").GetBlobClient(Drop).UploadAsync(csv, Cancel);

        using (var killed = Start(connection))
        {
            await UntilAsync(killed, $"Drop {Drop}: training");
            killed.Kill(); // SIGKILL: no handler runs, the lease stays
            await killed.WaitForExitAsync(Cancel);
        }

        Assert.True(await path.Get<PortfolioLease>().IsHeldAsync("credit", LoanSample.Portfolio, Cancel));
        Assert.Empty(await path.Get<ModelRegistry>().ListAsync(Cancel).ToListAsync(Cancel));
        using var restarted = Start(connection);
        try
        {
            await UntilAsync(restarted, $"Drop {Drop}: Promoted");
        }
        finally
        {
            restarted.Kill();
            await restarted.WaitForExitAsync(CancellationToken.None);
        }

        var model = Assert.Single(await path.Get<ModelRegistry>().ListAsync(Cancel).ToListAsync(Cancel));
        Assert.True(model.Live);
        Assert.Null((await path.Get<ModelRegistry>().ChampionAsync("credit", LoanSample.Portfolio, Cancel))!.Previous);
        var runs = await account.Blobs.GetBlobContainerClient("runs").GetBlobsAsync(cancellationToken: Cancel).Select(b => b.Name).ToListAsync(Cancel);
        Assert.Equal(2, runs.Count);
        Assert.Contains($"{Folder}/lease.json", runs);
        var outcome = await account.Blobs.GetBlobContainerClient("outcomes").GetBlobClient($"{Drop}.json").DownloadContentAsync(Cancel);
        var ended = outcome.Value.Content.ToObjectFromJson<DropOutcome>(Json.Options)!.Outcome;
        Assert.Equal((RetrainResult.Promoted, model.Version), (ended.Result, ended.Version));
    }

    [Fact]
    public async Task Text_retrain_that_was_killed_goes_on_from_its_checkpoints_to_the_version_of_an_undisturbed_run()
    {
        const string TextFolder = "text/example", TextDrop = $"{TextFolder}/texts.csv";
        var contract = TrainedText.Contract with { Training = new(), Network = new() { Epochs = 100, Dimensions = 8, Filters = 8 } };
        var connection = await azurite.NewConnectionAsync();
        var account = StorageAccount.Open(connection);
        await account.PrepareAsync(Cancel);
        await using var path = new RetrainPath(account);
        Assert.IsType<Outcome<DataContract>.Done>(await path.Get<ContractStore>().ActivateAsync(Json.File<object>(contract), Cancel));
        await account.Blobs.GetBlobContainerClient("drops").GetBlobClient(TextDrop).UploadAsync(BinaryData.FromString(TrainedText.Csv()), Cancel);
        var runs = account.Blobs.GetBlobContainerClient("runs");

        using (var killed = Start(connection))
        {
            await UntilAsync(killed, $"Drop {TextDrop}: training the network");
            while (!await runs.GetBlobsAsync(cancellationToken: Cancel).AnyAsync(b => b.Name.StartsWith($"{TextFolder}/checkpoint/", StringComparison.Ordinal), Cancel)) await Task.Delay(20, Cancel);
            killed.Kill();
            await killed.WaitForExitAsync(Cancel);
        }

        Assert.Empty(await path.Get<ModelRegistry>().ListAsync(Cancel).ToListAsync(Cancel));
        using var restarted = Start(connection);
        try
        {
            await UntilAsync(restarted, $"Training goes on from checkpoint runs/{TextFolder}/checkpoint/");
            await UntilAsync(restarted, $"Drop {TextDrop}: Promoted");
        }
        finally
        {
            restarted.Kill();
            await restarted.WaitForExitAsync(CancellationToken.None);
        }

        await using var csv = await DropOf.Text(TrainedText.Csv());
        var undisturbed = await ModelTraining.RunAsync(new TextTrainer(), contract, csv, null, null, TimeProvider.System, new Progress<TrainingProgress>(), Cancel);
        var version = Assert.IsType<Outcome<NewModel>.Done>(undisturbed).Value.Bundle.Version;
        Assert.Equal(version, (await path.Get<ModelRegistry>().ChampionAsync("text", "example", Cancel))!.Version);
        Assert.DoesNotContain(await runs.GetBlobsAsync(cancellationToken: Cancel).Select(b => b.Name).ToListAsync(Cancel), name => name.Contains("/checkpoint/", StringComparison.Ordinal));
    }

    private static Process Start(string connection)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Serverless.Functions.dll"), "--port", "0"]) { RedirectStandardOutput = true };
        start.Environment["AzureWebJobsStorage"] = connection;
        start.Environment["Embedded__InFlight"] = "00:00:02";
        start.Environment["Embedded__BlobScan"] = "00:00:00.2";
        start.Environment["Retraining__Lease"] = "00:00:15";
        start.Environment["Retraining__CheckpointEvery"] = "00:00:00.1";
        return Process.Start(start)!;
    }

    private static async Task UntilAsync(Process app, string text)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        limit.CancelAfter(TimeSpan.FromMinutes(2));
        while (true)
        {
            var line = await app.StandardOutput.ReadLineAsync(limit.Token) ?? throw new InvalidOperationException($"The app ended before it said '{text}'.");
            if (line.Contains(text, StringComparison.Ordinal)) return;
        }
    }
}
