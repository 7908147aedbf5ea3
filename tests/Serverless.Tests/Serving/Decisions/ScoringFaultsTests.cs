using Serverless.Serving;
using Serverless.Serving.Decisions;
using Serverless.Tests.Faults;

namespace Serverless.Tests.Serving.Decisions;

/// <summary>
/// Every storage call of the scoring path goes wrong once by each kind of fault; then the message is delivered again. Whatever happened: one
/// decision, one log entry, at least one message with its id, and a log that is whole.
/// </summary>
public class ScoringFaultsTests(AzuriteFixture azurite)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>A new instance decides; its first decision in a shard also loads the model and finds the log's end.</summary>
    [Fact]
    public Task Application_that_any_fault_meets_is_decided_once() => MatrixAsync(
        new() { Shards = 1 }, leastCalls: 8, prepare: (_, _) => Task.CompletedTask, run: (instance, id) => instance.DecideAsync(id));

    /// <summary>The same where each decision closes a segment and opens the next.</summary>
    [Fact]
    public Task Application_that_any_fault_meets_while_a_segment_ends_is_decided_once() => MatrixAsync(
        new() { Shards = 1, MaxSegmentBytes = 700 }, leastCalls: 12, prepare: (_, _) => Task.CompletedTask, run: (instance, id) => instance.DecideAsync(id));

    /// <summary>A late delivery of what was decided.</summary>
    [Fact]
    public Task Application_that_any_fault_meets_when_it_is_delivered_again_stays_decided_once() => MatrixAsync(
        new() { Shards = 1 }, leastCalls: 8, prepare: (instance, id) => instance.DecideAsync(id), run: (instance, id) => instance.DecideAsync(id));

    /// <summary>Erased in the end, with its entry in the log.</summary>
    [Fact]
    public async Task Erasure_that_any_fault_meets_erases_and_leaves_the_log_whole()
    {
        var connection = await azurite.NewConnectionAsync();
        await PromoteAsync(connection);
        var options = new DecisionLogOptions { Shards = 1 };
        Func<StorageAccount, string, Task> erase = async (account, id) =>
        {
            using var instance = new ScoringInstance(account, TimeProvider.System, options);
            Assert.IsType<Outcome<ErasedApplication>.Done>(await instance.Erasure.RunAsync("example", id, "officer", Cancel));
        };
        var cases = await FaultMatrix.RunAsync(
            connection,
            new FaultScenario<string>
            {
                Prepare = async (account, number) =>
                {
                    using var instance = new ScoringInstance(account, TimeProvider.System, options);
                    return (await instance.DecideAsync($"E-{number}")).ApplicationId;
                },
                Run = erase,
                Recover = erase,
                Check = async (account, id) => Assert.Null((await new ApplicationStore(account).FindAsync("example", id, Cancel))!.Case),
            },
            FaultMatrix.Kinds);
        Assert.InRange(cases, 4 * FaultMatrix.Kinds.Length, 1000);
        await WholeAsync(StorageAccount.Open(connection), cases + 1);
    }

    private async Task MatrixAsync(DecisionLogOptions options, int leastCalls, Func<ScoringInstance, string, Task> prepare, Func<ScoringInstance, string, Task> run)
    {
        var connection = await azurite.NewConnectionAsync();
        await PromoteAsync(connection);
        var cases = await FaultMatrix.RunAsync(
            connection,
            new FaultScenario<string>
            {
                Prepare = async (account, number) =>
                {
                    using var instance = new ScoringInstance(account, TimeProvider.System, options);
                    if (number == 0) await instance.DecideAsync("first"); // so that every case finds a log
                    await prepare(instance, $"A-{number}");
                    return $"A-{number}";
                },
                Run = async (account, id) =>
                {
                    using var instance = new ScoringInstance(account, TimeProvider.System, options);
                    await run(instance, id);
                },
                Recover = async (account, id) =>
                {
                    using var instance = new ScoringInstance(account, TimeProvider.System, options);
                    await instance.DecideAsync(id);
                },
                Check = async (account, id) =>
                {
                    var made = (await new ApplicationStore(account).FindAsync("example", id, Cancel))!;
                    Assert.Equal([made.DecisionId], (await SentAsync(account)).Where(d => d.ApplicationId == id).Select(d => d.DecisionId).Distinct());
                },
            },
            FaultMatrix.Kinds);
        Assert.InRange(cases, leastCalls * FaultMatrix.Kinds.Length, 1000);
        await WholeAsync(StorageAccount.Open(connection), cases + 2);
    }

    private static async Task PromoteAsync(string connection)
    {
        var account = StorageAccount.Open(connection);
        await account.PrepareAsync(Cancel);
        await ScoringInstance.PromoteAsync(account);
    }

    /// <summary>Takes what was sent from the queue.</summary>
    private static async Task<List<Decision>> SentAsync(StorageAccount account)
    {
        var queue = account.Queues.GetQueueClient("loan-decisions");
        List<Decision> sent = [];
        while ((await queue.ReceiveMessagesAsync(32, TimeSpan.FromMinutes(5), Cancel)).Value is { Length: > 0 } messages)
            sent.AddRange(messages.Select(m => m.Body.ToObjectFromJson<Decision>(Json.Options)!));
        return sent;
    }

    /// <summary>The log has each decision once: one that is missing or there twice would be a fault that names the case.</summary>
    private static async Task WholeAsync(StorageAccount account, int decisions)
    {
        var report = await new LogVerification(LogCopy.Of(account), TimeProvider.System).RunAsync(new Progress<string>(), Cancel);
        Assert.Empty(report.Faults);
        Assert.Equal((decisions, decisions), (report.Decisions, report.Applications));
    }
}
