using Azure.Storage.Blobs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Serverless.Functions.Triggers;
using Serverless.Serving;
using Serverless.Serving.Poison;
using Serverless.Tests.Faults;

namespace Serverless.Tests.Serving.Poison;

/// <summary>Every call of collecting, rejecting and requeueing goes wrong once; nothing is lost by it.</summary>
public class PoisonFaultsTests(AzuriteFixture azurite)
{
    private const string Queue = "loan-applications";
    private static readonly DateTimeOffset Now = new ManualTime().GetUtcNow();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Poison_on_both_queues_is_one_record_each_with_its_attempts_whatever_call_of_the_trigger_goes_wrong()
    {
        var cases = await FaultMatrix.RunAsync(await azurite.NewConnectionAsync(), new FaultScenario<int>
        {
            Prepare = async (account, number) =>
            {
                for (var i = 0; i < 3; i++)
                {
                    await Store(account).NoteAsync(Queue, PoisonId.Of(Text(number)), "IOException", Cancel);
                    await Store(account).NoteAsync("drops", PoisonId.Of("drops", $"{number}.csv", "0x8D"), "IOException", Cancel);
                }

                await account.Queues.GetQueueClient("loan-applications-poison").SendMessageAsync(Text(number), Cancel);
                await account.Queues.GetQueueClient("webjobs-blobtrigger-poison").SendMessageAsync(PoisonQueuesTests.BlobMessage($"{number}.csv", "0x8D"), Cancel);
                return number;
            },
            Run = (account, _) => CollectAsync(account),
            Recover = (account, _) => CollectAllAsync(account),
            Check = async (account, number) =>
            {
                var records = await Store(account).ListAsync(Cancel).ToDictionaryAsync(r => r.Id, cancellationToken: Cancel);
                Assert.Equal([PoisonId.Of(Text(number)), PoisonId.Of("drops", $"{number}.csv", "0x8D")], records.Keys.OrderByDescending(id => records[id].Source));
                foreach (var record in records.Values)
                {
                    Assert.Equal((3, Now, record.Container is null ? Text(number) : null), (record.Count, record.LastFailure, record.Message));
                    Assert.Equal(["IOException"], record.Reasons);
                    await Store(account).DiscardAsync(record, Cancel);
                }
            },
        }, FaultMatrix.Kinds);
        Assert.True(cases >= 13 * FaultMatrix.Kinds.Length, $"{cases} cases");
    }

    [Fact]
    public async Task Rejected_message_is_one_record_whatever_call_goes_wrong()
    {
        var cases = await FaultMatrix.RunAsync(await azurite.NewConnectionAsync(), new FaultScenario<string>
        {
            Prepare = async (account, number) =>
            {
                await RejectAsync(account, Text(number)); // so that there is something to merge with
                return Text(number);
            },
            Run = RejectAsync,
            Recover = RejectAsync,
            Check = async (account, text) =>
            {
                var record = await Store(account).ListAsync(Cancel).SingleAsync(r => r.Id == PoisonId.Of(text), Cancel);
                Assert.InRange(record.Count, 2, 4); // what crashed first was not counted, what was repeated was
                Assert.Equal(["bad"], record.Reasons);
            },
        }, FaultMatrix.Kinds);
        Assert.True(cases >= 3 * FaultMatrix.Kinds.Length, $"{cases} cases");
    }

    [Fact]
    public async Task Requeued_message_is_on_its_queue_or_still_a_record_whatever_call_goes_wrong()
    {
        var cases = await FaultMatrix.RunAsync(await azurite.NewConnectionAsync(), new FaultScenario<string>
        {
            Prepare = async (account, number) =>
            {
                await RejectAsync(account, Text(number));
                return Text(number);
            },
            Run = RequeueAsync,
            Recover = async (account, text) =>
            {
                Assert.True(await IsKeptAsync(account, text) || await PeekedAsync(account, text) > 0, "The message is nowhere.");
                await RequeueAsync(account, text); // the operator, who still sees it, again
            },
            Check = async (account, text) =>
            {
                Assert.False(await IsKeptAsync(account, text));
                Assert.InRange(await PeekedAsync(account, text), 1, 2);
                await account.Queues.GetQueueClient(Queue).ClearMessagesAsync(Cancel);
            },
        }, FaultMatrix.Kinds);
        Assert.True(cases >= 3 * FaultMatrix.Kinds.Length, $"{cases} cases");
    }

    [Fact]
    public async Task Requeued_drop_is_there_under_a_new_etag_or_still_a_record_whatever_call_goes_wrong()
    {
        var cases = await FaultMatrix.RunAsync(await azurite.NewConnectionAsync(), new FaultScenario<PoisonRecord>
        {
            Prepare = async (account, number) =>
            {
                var etag = (await Drop(account, $"{number}.csv").UploadAsync(BinaryData.FromString("a,b\n"), Cancel)).Value.ETag.ToString("H");
                await account.Queues.GetQueueClient("webjobs-blobtrigger-poison").SendMessageAsync(PoisonQueuesTests.BlobMessage($"{number}.csv", etag), Cancel);
                await CollectAsync(account);
                return await Store(account).ListAsync(Cancel).SingleAsync(r => r.BlobName == $"{number}.csv", Cancel);
            },
            Run = (account, record) => Queues(account).RequeueAsync(record, Cancel),
            Recover = (account, record) => Queues(account).RequeueAsync(record, Cancel),
            Check = async (account, record) =>
            {
                var present = (await Drop(account, record.BlobName!).DownloadContentAsync(Cancel)).Value;
                Assert.Equal("a,b\n", present.Content.ToString());
                Assert.NotEqual(record.ETag, present.Details.ETag.ToString());

                // A record that outlived its content says so when it is requeued, and can be discarded.
                if (await Store(account).HoldsBlobAsync("drops", record.BlobName!, record.ETag!, Cancel))
                    Assert.IsType<Outcome<PoisonRecord>.Rejected>(await Queues(account).RequeueAsync(record, Cancel));
            },
        }, FaultMatrix.Kinds);
        Assert.True(cases >= 4 * FaultMatrix.Kinds.Length, $"{cases} cases");
    }

    private static string Text(int number) => $$"""{"applicationId":"A-{{number}}","portfolio":"hmeq"}""";

    private static PoisonStore Store(StorageAccount account) => new(account, new ManualTime());

    private static PoisonQueues Queues(StorageAccount account) => new(account, Store(account)) { InFlight = TimeSpan.FromSeconds(1) };

    private static BlobClient Drop(StorageAccount account, string name) => account.Blobs.GetBlobContainerClient("drops").GetBlobClient(name);

    private static Task CollectAsync(StorageAccount account) =>
        new HandlePoison(Queues(account), Store(account), NullLogger<HandlePoison>.Instance).RunAsync(Cancel);

    /// <summary>Until nothing is left that a crash made invisible for a second.</summary>
    private static async Task CollectAllAsync(StorageAccount account)
    {
        foreach (var name in new[] { "loan-applications-poison", "webjobs-blobtrigger-poison" })
        {
            while ((await account.Queues.GetQueueClient(name).GetPropertiesAsync(Cancel)).Value.ApproximateMessagesCount > 0)
            {
                await CollectAsync(account);
                await Task.Delay(50, Cancel);
            }
        }
    }

    private static Task<string> RejectAsync(StorageAccount account, string text) => Store(account).RejectAsync(Queue, BinaryData.FromString(text), ["bad"], Cancel);

    private static async Task RequeueAsync(StorageAccount account, string text)
    {
        if (await Store(account).ListAsync(Cancel).SingleOrDefaultAsync(r => r.Id == PoisonId.Of(text), Cancel) is { } record)
            Assert.IsType<Outcome<PoisonRecord>.Done>(await Queues(account).RequeueAsync(record, Cancel));
    }

    private static async Task<bool> IsKeptAsync(StorageAccount account, string text) => await Store(account).ListAsync(Cancel).AnyAsync(r => r.Id == PoisonId.Of(text), Cancel);

    private static async Task<int> PeekedAsync(StorageAccount account, string text) =>
        (await account.Queues.GetQueueClient(Queue).PeekMessagesAsync(32, Cancel)).Value.Count(m => m.Body.ToString() == text);
}
