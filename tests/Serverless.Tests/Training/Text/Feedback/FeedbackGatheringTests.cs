using Azure.Storage.Blobs.Specialized;
using Microsoft.Extensions.Logging;
using Serverless.Serving;
using Serverless.Serving.Text;
using Serverless.Tests.Faults;
using Serverless.Tests.Functions;
using Serverless.Training;
using Serverless.Training.Text;

namespace Serverless.Tests.Training.Text;

/// <summary>From feedback to an increment that is trained on, with the real storage and the real trainer.</summary>
public class FeedbackGatheringTests(AzuriteFixture azurite)
{
    private const string Portfolio = ChatModel.Portfolio;

    private static readonly TextContract Contract = ChatModel.Contract with { Feedback = new() { Rows = 3, Days = 7 } };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Feedback_that_is_due_becomes_an_increment_and_is_trained_with_what_was_there()
    {
        var time = new ManualTime();
        await using var path = await PathAsync(time);
        var account = path.Get<StorageAccount>();
        await account.Blobs.GetBlobContainerClient("drops").GetBlobClient($"text/{Portfolio}/first.csv").UploadAsync(BinaryData.FromString(ChatModel.Csv()), Cancel);
        var first = await path.RunAsync($"text/{Portfolio}/first.csv");
        Assert.Equal(RetrainResult.Promoted, first.Result);

        await AddAsync(path, time, ("my plastic vanished", "lost_card"), ("我的卡不翼而飞", "lost_card"), ("what wine?", "other"), ("both", "transfer"), ("both", "balance"));
        await path.Get<FeedbackGathering>().RunAsync(Cancel);
        var drop = Assert.Single(await DropsAsync(account, "feedback-"));
        Assert.Contains(path.Log.Lines, l => l.Level == LogLevel.Warning && l.Message.Contains("2 feedbacks contradict", StringComparison.Ordinal));
        Assert.DoesNotContain(path.Log.Lines, l => l.Message.Contains("plastic", StringComparison.Ordinal));
        Assert.Equal(2, (await path.Get<FeedbackStore>().WaitingAsync(Portfolio, Cancel)).Count);
        Assert.Equal(3, (await path.Get<FeedbackStore>().GatheredAsync(Portfolio, Cancel)).Count);

        var second = await path.RunAsync(drop);
        Assert.Equal((first.Rows + 3, 2, 0), (second.Rows, second.Drops, second.RowsReplaced));
        await path.Get<FeedbackGathering>().RunAsync(Cancel);
        Assert.Single(await DropsAsync(account, "feedback-"));

        // What is said later of the same text replaces it, once the earlier feedback is discarded.
        var earlier = (await path.Get<FeedbackStore>().GatheredAsync(Portfolio, Cancel)).Single(g => g.Row == Record("what wine?", "other").Id.Row);
        await path.Get<FeedbackStore>().DeleteGatheredAsync(Portfolio, earlier, Cancel);
        await AddAsync(path, time, ("What wine?", "balance"));
        time.Advance(TimeSpan.FromDays(7));
        await path.Get<FeedbackGathering>().RunAsync(Cancel);
        var third = await path.RunAsync((await DropsAsync(account, "feedback-")).Single(d => d != drop));
        Assert.Equal((second.Rows, 3, 1), (third.Rows, third.Drops, third.RowsReplaced));
    }

    [Fact]
    public async Task Two_that_gather_at_once_write_one_drop()
    {
        await using var one = await PathAsync();
        await using var other = new RetrainPath(one.Get<StorageAccount>());
        await AddAsync(one, TimeProvider.System, ("a", "balance"), ("b", "balance"), ("c", "balance"));
        var done = await Task.WhenAll(new[] { one, other }.Select(p => p.Get<FeedbackGathering>().GatherAsync(Portfolio, now: true, Cancel)));
        Assert.Equal([0, 3], done.Select(d => Assert.IsType<Outcome<GatheredFeedback>.Done>(d).Value.Gathered).Order());
        Assert.Single(await DropsAsync(one.Get<StorageAccount>(), ""));
    }

    [Fact]
    public async Task Nothing_is_lost_or_dropped_twice_whichever_storage_call_is_the_last_of_a_process()
    {
        var connection = await azurite.NewConnectionAsync();
        var cases = await FaultMatrix.RunAsync(
            connection,
            new FaultScenario<string>
            {
                Prepare = async (account, number) =>
                {
                    var portfolio = $"chat-{number}";
                    await using var path = new RetrainPath(account);
                    await ActivateAsync(path, Contract with { Portfolio = portfolio });
                    foreach (var text in new[] { "a", "b" }) await path.Get<FeedbackStore>().AddAsync(Record(text, "balance") with { Portfolio = portfolio }, Cancel);
                    return portfolio;
                },
                Run = GatherAsync,
                Recover = async (account, portfolio) =>
                {
                    // In life it ends by itself.
                    var lease = account.Blobs.GetBlobContainerClient("runs").GetBlobClient($"text/{portfolio}/lease.json");
                    if (await lease.ExistsAsync(Cancel) && (await lease.GetPropertiesAsync(cancellationToken: Cancel)).Value.LeaseState == Azure.Storage.Blobs.Models.LeaseState.Leased)
                        await lease.GetBlobLeaseClient().BreakAsync(TimeSpan.Zero, cancellationToken: Cancel);
                    await GatherAsync(account, portfolio);
                },
                Check = async (account, portfolio) =>
                {
                    await using var path = new RetrainPath(account);
                    Assert.Empty(await path.Get<FeedbackStore>().WaitingAsync(portfolio, Cancel));
                    Assert.Equal(2, (await path.Get<FeedbackStore>().GatheredAsync(portfolio, Cancel)).Count);
                    var rows = new List<string>();
                    foreach (var drop in await DropsAsync(account, "", portfolio))
                        rows.AddRange((await account.Blobs.GetBlobContainerClient("drops").GetBlobClient(drop).DownloadContentAsync(Cancel)).Value.Content.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1));
                    Assert.Equal(new[] { "a", "b" }.Select(t => Record(t, "balance").Id.Row).Order(StringComparer.Ordinal), rows.Select(r => r.Split(',')[0].Trim('"')).Distinct().Order(StringComparer.Ordinal));
                },
            },
            Fault.CrashAfter);
        Assert.True(cases >= 12);

        static async Task GatherAsync(StorageAccount account, string portfolio)
        {
            await using var path = new RetrainPath(account);
            await path.Get<FeedbackGathering>().GatherAsync(portfolio, now: true, Cancel);
        }
    }

    [Fact]
    public async Task Portfolio_that_learns_no_longer_from_feedback_keeps_it_waiting_and_says_what_to_do()
    {
        await using var path = await PathAsync();
        await AddAsync(path, TimeProvider.System, ("a", "balance"));
        await ActivateAsync(path, Contract with { Version = "2", Drops = DropMode.Full });
        var refused = Assert.IsType<Outcome<GatheredFeedback>.Rejected>(await path.Get<FeedbackGathering>().GatherAsync(Portfolio, now: true, Cancel));
        Assert.Contains("write \"drops\": \"increment\"", Assert.Single(refused.Reasons), StringComparison.Ordinal);
        await path.Get<FeedbackGathering>().RunAsync(Cancel);
        Assert.Single(await path.Get<FeedbackStore>().WaitingAsync(Portfolio, Cancel));
        Assert.Empty(await DropsAsync(path.Get<StorageAccount>(), ""));
    }

    private static FeedbackRecord Record(string text, string intent) => new(Portfolio, text, intent, "test", "me", DateTimeOffset.UnixEpoch);

    private static async Task AddAsync(RetrainPath path, TimeProvider time, params (string Text, string Intent)[] said)
    {
        foreach (var (text, intent) in said) Assert.True(await path.Get<FeedbackStore>().AddAsync(Record(text, intent) with { At = time.GetUtcNow() }, Cancel));
    }

    private static async Task<List<string>> DropsAsync(StorageAccount account, string file, string portfolio = Portfolio) =>
        await account.Blobs.GetBlobContainerClient("drops").GetBlobsAsync(new Azure.Storage.Blobs.Models.GetBlobsOptions { Prefix = $"text/{portfolio}/{file}" }, Cancel).Select(b => b.Name).ToListAsync(Cancel);

    private static async Task ActivateAsync(RetrainPath path, TextContract contract) =>
        Assert.IsType<Outcome<DataContract>.Done>(await path.Get<ContractStore>().ActivateAsync(Json.File<object>(contract), Cancel));

    private async Task<RetrainPath> PathAsync(TimeProvider? time = null)
    {
        var account = await azurite.NewAccountAsync();
        await account.PrepareAsync(Cancel);
        var path = new RetrainPath(account, time: time);
        await ActivateAsync(path, Contract);
        return path;
    }
}
