using System.Diagnostics;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Serving;
using Serverless.Serving.Decisions;
using Serverless.Training.Samples;

namespace Serverless.Tests.Functions;

/// <summary>A long retrain takes only what decisions leave.</summary>
public class ScoringDuringRetrainTests(AzuriteFixture azurite)
{
    private const string Folder = $"credit/{LoanSample.Portfolio}";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Decisions_keep_flowing_by_queue_and_by_http_while_a_model_is_trained()
    {
        var connection = await azurite.NewConnectionAsync();
        await using var app = await TestApp.EmbeddedAsync(connection);
        var account = StorageAccount.Open(connection);
        Assert.IsType<Outcome<DataContract>.Done>(await app.App.Services.GetRequiredService<ContractStore>().ActivateAsync(Json.File<object>(LoanSample.Contract), Cancel));
        await DropAsync(account, $"{Folder}/first.csv", 3000);
        await Asked.UntilAsync(async () => await EndedAsync(account, $"{Folder}/first.csv") ? "live" : null, seconds: 60);

        await DropAsync(account, $"{Folder}/long.csv", 60_000);
        var lease = account.Blobs.GetBlobContainerClient("runs").GetBlobClient($"{Folder}/lease.json");
        await Asked.UntilAsync(async () => (await lease.GetPropertiesAsync(cancellationToken: Cancel)).Value.LeaseState == Azure.Storage.Blobs.Models.LeaseState.Leased ? "running" : null);
        var queue = account.Queues.GetQueueClient("loan-applications");
        var applications = app.App.Services.GetRequiredService<ApplicationStore>();
        var took = new List<TimeSpan>();
        foreach (var application in LoanSample.Applications(2000, seed: 9))
        {
            var id = application["applicationId"]!.GetValue<string>();
            var watch = Stopwatch.StartNew();
            if (took.Count % 2 == 0)
            {
                using var body = new StringContent(application.ToJsonString(), Encoding.UTF8, "application/json");
                using var response = await app.Client.PostAsync("/api/applications", body, Cancel);
                Assert.True(response.IsSuccessStatusCode);
            }
            else
            {
                await queue.SendMessageAsync(application.ToJsonString(), Cancel);
                await Asked.UntilAsync(() => applications.FindAsync(LoanSample.Portfolio, id, Cancel));
            }

            took.Add(watch.Elapsed);
            if (await EndedAsync(account, $"{Folder}/long.csv")) break;
        }

        Assert.True(took.Count >= 4, $"Only {took.Count} decisions were made during the retrain");
        Assert.True(took.Max() < TimeSpan.FromSeconds(5), $"A decision took {took.Max()} of {took.Count} during the retrain");
    }

    private static async Task<bool> EndedAsync(StorageAccount account, string drop) =>
        await account.Blobs.GetBlobContainerClient("outcomes").GetBlobClient($"{drop}.json").ExistsAsync(Cancel);

    private static async Task DropAsync(StorageAccount account, string name, int rows)
    {
        using var csv = new MemoryStream();
        await LoanSample.WriteAsync(csv, rows, seed: rows, Cancel);
        csv.Position = 0;
        await account.Blobs.GetBlobContainerClient("drops").GetBlobClient(name).UploadAsync(csv, Cancel);
    }
}
