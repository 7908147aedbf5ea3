using System.Collections.Concurrent;
using Azure.Storage.Queues;

namespace Serverless.Tests.Functions;

/// <summary>How the development host treats a queue beside others, at its limits and at its end.</summary>
public class EmbeddedQueueTests(AzuriteFixture azurite)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1, 0, 1)]
    [InlineData(2, 1, 3)] // a batch comes on top of what the threshold leaves under way
    public async Task Batch_size_and_threshold_bound_the_messages_under_way(int batch, int threshold, int most)
    {
        var (now, peak, done) = (0, 0, 0);
        var gate = new Lock();
        using var script = new ScriptFolder().Queue("work", async (message, cancel) =>
        {
            lock (gate) peak = Math.Max(peak, ++now);
            await Task.Delay(message.ToString()[^1] % 2 == 0 ? 50 : 250, cancel); // of a batch, one ends before the other
            lock (gate) (now, done) = (now - 1, done + 1);
        });
        var (connection, queue) = await QueueAsync(12);
        await using var app = await TestApp.EmbeddedAsync(
            connection, script, $"AzureFunctionsJobHost:extensions:queues:batchSize={batch}", $"AzureFunctionsJobHost:extensions:queues:newBatchThreshold={threshold}");
        await EmptyAsync(queue);
        Assert.Equal((most, 12), (peak, done));
    }

    [Fact]
    public async Task Two_hosts_share_a_queue_without_handling_a_message_twice()
    {
        var (first, second) = (new ConcurrentBag<string>(), new ConcurrentBag<string>());
        using var one = Collect(first);
        using var other = Collect(second);
        var (connection, queue) = await QueueAsync(0);
        await using var firstApp = await TestApp.EmbeddedAsync(connection, one);
        await using var secondApp = await TestApp.EmbeddedAsync(connection, other);
        var sent = Enumerable.Range(0, 100).Select(i => $"message {i:000}").ToList();
        await Task.WhenAll(sent.Select(text => queue.SendMessageAsync(EmbeddedHostTests.Base64(text), Cancel)));
        await EmptyAsync(queue);
        Assert.Equal(sent, first.Concat(second).Order());
        Assert.NotEmpty(first);
        Assert.NotEmpty(second);

        static ScriptFolder Collect(ConcurrentBag<string> got) => new ScriptFolder().Queue("work", async (message, cancel) =>
        {
            got.Add(message.ToString());
            await Task.Delay(20, cancel);
        });
    }

    [Fact]
    public async Task Invocation_over_the_function_timeout_is_cancelled_and_fails_its_attempt()
    {
        var cancelled = 0;
        using var script = new ScriptFolder().Queue("work", async (_, cancel) =>
        {
            using var seen = cancel.Register(() => Interlocked.Increment(ref cancelled));
            await Task.Delay(Timeout.Infinite, cancel);
        });
        var (connection, queue) = await QueueAsync(1);
        await using var app = await TestApp.EmbeddedAsync(
            connection, script, "AzureFunctionsJobHost:functionTimeout=00:00:00.3", "AzureFunctionsJobHost:extensions:queues:maxDequeueCount=2");
        await EmbeddedHostTests.FirstOfAsync(connection, "work-poison");
        await EmptyAsync(queue);
        Assert.Equal(2, cancelled);
    }

    [Fact]
    public async Task Work_under_way_at_the_stop_may_finish_and_no_new_one_begins()
    {
        var begun = new ConcurrentQueue<string>();
        var (stopping, release) = (new TaskCompletionSource(), new TaskCompletionSource());
        using var script = new ScriptFolder().Queue("work", async (message, cancel) =>
        {
            begun.Enqueue(message.ToString());
            stopping.TrySetResult();
            await release.Task.WaitAsync(cancel);
        });
        var (connection, queue) = await QueueAsync(1);
        var app = await TestApp.EmbeddedAsync(connection, script, "Embedded:StopGrace=00:00:10");
        await stopping.Task.WaitAsync(TimeSpan.FromSeconds(10), Cancel);
        var stopped = app.DisposeAsync().AsTask();
        await Task.Delay(300, Cancel); // a look at the queue that was under way at the stop may still take a message, and gives it back
        await queue.SendMessageAsync(EmbeddedHostTests.Base64("later"), Cancel);
        await Task.Delay(500, Cancel);
        Assert.False(stopped.IsCompleted);
        release.SetResult();
        await stopped;
        Assert.Equal(["message 0"], begun);
        Assert.Equal(EmbeddedHostTests.Base64("later"), Assert.Single((await queue.ReceiveMessagesAsync(10, cancellationToken: Cancel)).Value).Body.ToString());
    }

    [Fact]
    public async Task Last_attempt_that_the_stop_cuts_short_starts_over_and_is_not_poisoned()
    {
        var begun = new TaskCompletionSource();
        using var script = new ScriptFolder().Queue("work", async (_, cancel) => { begun.TrySetResult(); await Task.Delay(Timeout.Infinite, cancel); });
        var (connection, queue) = await QueueAsync(1);
        await using (await TestApp.EmbeddedAsync(connection, script, "AzureFunctionsJobHost:extensions:queues:maxDequeueCount=1"))
            await begun.Task.WaitAsync(TimeSpan.FromSeconds(10), Cancel);

        var message = Assert.Single((await queue.ReceiveMessagesAsync(10, cancellationToken: Cancel)).Value);
        Assert.Equal((EmbeddedHostTests.Base64("message 0"), 1), (message.Body.ToString(), message.DequeueCount));
        Assert.Empty((await new QueueClient(connection, "work-poison").PeekMessagesAsync(cancellationToken: Cancel)).Value);
    }

    private async Task<(string Connection, QueueClient Queue)> QueueAsync(int messages)
    {
        var connection = await azurite.NewConnectionAsync();
        var queue = new QueueClient(connection, "work");
        await queue.CreateAsync(cancellationToken: Cancel);
        for (var i = 0; i < messages; i++) await queue.SendMessageAsync(EmbeddedHostTests.Base64($"message {i}"), Cancel);
        return (connection, queue);
    }

    private static Task<string> EmptyAsync(QueueClient queue) =>
        Asked.UntilAsync(async () => (await queue.GetPropertiesAsync(Cancel)).Value.ApproximateMessagesCount == 0 ? "empty" : null);
}
