using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Azure.Storage.Blobs;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using Serverless.Serving;

namespace Serverless.Tests.Functions;

public class EmbeddedHostTests(AzuriteFixture azurite)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Messages_are_handled_once_in_parallel_and_deleted()
    {
        var got = new ConcurrentBag<string>();
        using var script = new ScriptFolder().Queue("work", (message, _) => { got.Add(message.ToString()); return Task.CompletedTask; });
        var (connection, queue) = await QueueAsync("work");
        var sent = Enumerable.Range(0, 40).Select(i => $"Nachricht {i} äöü").ToArray();
        foreach (var text in sent) await queue.SendMessageAsync(Base64(text), Cancel);
        await using var app = await TestApp.EmbeddedAsync(connection, script);

        await Asked.UntilAsync(async () => (await queue.GetPropertiesAsync(Cancel)).Value.ApproximateMessagesCount == 0 ? "empty" : null);
        Assert.Equal(sent.Order(), got.Order());
    }

    [Fact]
    public async Task Message_that_keeps_failing_is_tried_as_often_as_host_json_says_and_poisoned_with_its_text()
    {
        var attempts = 0;
        using var script = new ScriptFolder().Queue("work", (_, _) => { Interlocked.Increment(ref attempts); throw new IOException("no"); });
        var (connection, queue) = await QueueAsync("work");
        await queue.SendMessageAsync(Base64("bad"), Cancel);
        await using var app = await TestApp.EmbeddedAsync(connection, script);

        var poison = await FirstOfAsync(connection, "work-poison");
        Assert.Equal((Base64("bad"), 5), (poison.Body.ToString(), attempts));
        await Asked.UntilAsync(async () => (await queue.GetPropertiesAsync(Cancel)).Value.ApproximateMessagesCount == 0 ? "deleted behind it" : null);
    }

    [Fact]
    public async Task Message_that_is_not_base64_never_reaches_the_function_and_is_poisoned_with_its_raw_text()
    {
        var got = new ConcurrentBag<string>();
        using var script = new ScriptFolder().Queue("work", (message, _) => { got.Add(message.ToString()); return Task.CompletedTask; });
        var (connection, queue) = await QueueAsync("work");
        await queue.SendMessageAsync("""{"not":"base64"}""", Cancel);
        await queue.SendMessageAsync(Base64("good"), Cancel);
        await using var app = await TestApp.EmbeddedAsync(connection, script);

        Assert.Equal("""{"not":"base64"}""", (await FirstOfAsync(connection, "work-poison")).Body.ToString());
        Assert.Equal(["good"], got);
    }

    [Fact]
    public async Task Long_message_is_renewed_and_handled_once()
    {
        var attempts = 0;
        using var script = new ScriptFolder().Queue("work", async (_, cancel) => { Interlocked.Increment(ref attempts); await Task.Delay(6000, cancel); });
        var (connection, queue) = await QueueAsync("work");
        await queue.SendMessageAsync(Base64("long"), Cancel);
        await using var app = await TestApp.EmbeddedAsync(connection, script, "Embedded:InFlight=00:00:02");

        await Asked.UntilAsync(async () => (await queue.GetPropertiesAsync(Cancel)).Value.ApproximateMessagesCount == 0 ? "empty" : null);
        Assert.Equal(1, attempts);
    }

    [Fact]
    public async Task Message_under_way_at_the_stop_is_given_back_at_once()
    {
        var begun = new TaskCompletionSource();
        using var script = new ScriptFolder().Queue("work", async (_, cancel) => { begun.SetResult(); await Task.Delay(Timeout.Infinite, cancel); });
        var (connection, queue) = await QueueAsync("work");
        await queue.SendMessageAsync(Base64("interrupted"), Cancel);
        await using (await TestApp.EmbeddedAsync(connection, script)) await begun.Task.WaitAsync(TimeSpan.FromSeconds(10), Cancel);

        Assert.Equal(Base64("interrupted"), Assert.Single((await queue.ReceiveMessagesAsync(Cancel)).Value).Body.ToString());
    }

    [Fact]
    public async Task Blob_fires_once_and_again_when_it_is_overwritten_but_not_after_a_restart()
    {
        var got = new ConcurrentQueue<string>();
        using var script = new ScriptFolder().Blob("blob1", (name, etag, _) => { got.Enqueue($"{name} {etag}"); return Task.CompletedTask; });
        var connection = await azurite.NewConnectionAsync();
        var container = new BlobContainerClient(connection, "incoming");
        await container.CreateAsync(cancellationToken: Cancel);
        string first, second;
        await using (await TestApp.EmbeddedAsync(connection, script))
        {
            first = await UploadAsync(container, "sub/ä b.csv", "1");
            await Asked.UntilAsync(() => Task.FromResult(got.Count == 1 ? "one" : null));
            second = await UploadAsync(container, "sub/ä b.csv", "2");
            await Asked.UntilAsync(() => Task.FromResult(got.Count == 2 ? "two" : null));
        }

        await using (await TestApp.EmbeddedAsync(connection, script))
        {
            var third = await UploadAsync(container, "later.csv", "3");
            await Asked.UntilAsync(() => Task.FromResult(got.Count >= 3 ? "three" : null));
            Assert.Equal([$"sub/ä b.csv {first}", $"sub/ä b.csv {second}", $"later.csv {third}"], got);
        }
    }

    [Fact]
    public async Task Blob_that_keeps_failing_is_poisoned_as_the_functions_host_does()
    {
        var attempts = 0;
        using var script = new ScriptFolder().Blob("blob1", (_, _, _) => { Interlocked.Increment(ref attempts); throw new IOException("no"); });
        var connection = await azurite.NewConnectionAsync();
        var container = new BlobContainerClient(connection, "incoming");
        await container.CreateAsync(cancellationToken: Cancel);
        var etag = await UploadAsync(container, "bad.csv", "x");
        await using var app = await TestApp.EmbeddedAsync(connection, script);

        var poison = await FirstOfAsync(connection, "webjobs-blobtrigger-poison");
        using var json = JsonDocument.Parse(Convert.FromBase64String(poison.Body.ToString()));
        var expected = new Dictionary<string, string>
        {
            ["Type"] = "BlobTrigger",
            ["FunctionId"] = "Host.Functions.blob1",
            ["BlobType"] = "BlockBlob",
            ["ContainerName"] = "incoming",
            ["BlobName"] = "bad.csv",
            ["ETag"] = etag,
        };
        Assert.Equal(expected, json.RootElement.EnumerateObject().ToDictionary(m => m.Name, m => m.Value.GetString()!));
        Assert.Equal(5, attempts);
    }

    [Fact]
    public async Task Long_blob_holds_up_neither_messages_nor_is_there_a_second_one_beside_it()
    {
        var (blobs, messages) = (0, 0);
        var release = new TaskCompletionSource();
        using var script = new ScriptFolder()
            .Blob("blob1", async (_, _, _) => { Interlocked.Increment(ref blobs); await release.Task; })
            .Queue("work", (_, _) => { Interlocked.Increment(ref messages); return Task.CompletedTask; });
        var (connection, queue) = await QueueAsync("work");
        var container = new BlobContainerClient(connection, "incoming");
        await container.CreateAsync(cancellationToken: Cancel);
        await UploadAsync(container, "a.csv", "a");
        await UploadAsync(container, "b.csv", "b");
        await using var app = await TestApp.EmbeddedAsync(connection, script);
        await Asked.UntilAsync(() => Task.FromResult(blobs == 1 ? "begun" : null));
        for (var i = 0; i < 20; i++) await queue.SendMessageAsync(Base64("x"), Cancel);
        await Asked.UntilAsync(() => Task.FromResult(messages == 20 ? "done" : null));

        Assert.Equal(1, blobs);
        release.SetResult();
        await Asked.UntilAsync(() => Task.FromResult(blobs == 2 ? "second" : null));
    }

    [Fact]
    public async Task Blob_changed_while_it_waited_runs_only_on_its_new_content()
    {
        var got = new ConcurrentQueue<string>();
        var release = new TaskCompletionSource();
        using var script = new ScriptFolder().Blob("blob1", async (name, etag, _) => { got.Enqueue($"{name} {etag}"); await release.Task; });
        var connection = await azurite.NewConnectionAsync();
        var container = new BlobContainerClient(connection, "incoming");
        await container.CreateAsync(cancellationToken: Cancel);
        var blocking = await UploadAsync(container, "a-first.csv", "0");
        await using var app = await TestApp.EmbeddedAsync(connection, script);
        await Asked.UntilAsync(() => Task.FromResult(got.Count == 1 ? "blocked" : null));
        await UploadAsync(container, "b.csv", "1");
        var work = new QueueClient(connection, "azure-webjobs-blobtrigger-embedded-blob1");
        await Asked.UntilAsync(async () => (await work.GetPropertiesAsync(Cancel)).Value.ApproximateMessagesCount == 2 ? "waiting" : null);
        var present = await UploadAsync(container, "b.csv", "2");
        release.SetResult();

        await Asked.UntilAsync(async () => got.Count >= 2 && (await work.GetPropertiesAsync(Cancel)).Value.ApproximateMessagesCount == 0 ? "done" : null);
        Assert.Equal([$"a-first.csv {blocking}", $"b.csv {present}"], got);
    }

    [Fact]
    public async Task Blob_overwritten_during_its_run_finishes_that_run_and_fires_for_the_new_content()
    {
        var ended = new ConcurrentQueue<string>();
        var (begun, release) = (new TaskCompletionSource(), new TaskCompletionSource());
        using var script = new ScriptFolder().Blob("blob1", async (name, etag, cancel) =>
        {
            begun.TrySetResult();
            await release.Task.WaitAsync(cancel);
            ended.Enqueue(etag);
        });
        var connection = await azurite.NewConnectionAsync();
        var container = new BlobContainerClient(connection, "incoming");
        await container.CreateAsync(cancellationToken: Cancel);
        var old = await UploadAsync(container, "a.csv", "1");
        await using var app = await TestApp.EmbeddedAsync(connection, script);
        await begun.Task.WaitAsync(TimeSpan.FromSeconds(10), Cancel);
        var present = await UploadAsync(container, "a.csv", "2");
        release.SetResult();
        await Asked.UntilAsync(() => Task.FromResult(ended.Count == 2 ? "both" : null));
        Assert.Equal([old, present], ended);
    }

    [Fact]
    public async Task Blob_that_another_host_put_on_the_queue_is_not_put_there_again()
    {
        var runs = 0;
        using var script = new ScriptFolder().Blob("blob1", (_, _, _) => { Interlocked.Increment(ref runs); return Task.CompletedTask; });
        var connection = await azurite.NewConnectionAsync();
        await using var late = await TestApp.EmbeddedAsync(connection, script, "Embedded:BlobScan=00:00:01.5"); // its first look is before the blob
        await Asked.UntilAsync(async () => await new BlobContainerClient(connection, "incoming").ExistsAsync(Cancel) ? "there" : null);
        await Task.Delay(300, Cancel);
        await using var early = await TestApp.EmbeddedAsync(connection, script);
        await UploadAsync(new BlobContainerClient(connection, "incoming"), "a.csv", "1");
        await Task.Delay(2500, Cancel);
        Assert.Equal(1, runs);
    }

    [Fact]
    public async Task Function_json_without_its_function_does_not_start()
    {
        using var script = new ScriptFolder().Queue("work", (_, _) => Task.CompletedTask);
        script.Functions.Clear();
        var connection = await azurite.NewConnectionAsync();
        var error = await Assert.ThrowsAsync<SettingsException>(() => TestApp.EmbeddedAsync(connection, script));
        Assert.Contains("'work'", error.Message, StringComparison.Ordinal);
    }

    private async Task<(string Connection, QueueClient Queue)> QueueAsync(string name)
    {
        var connection = await azurite.NewConnectionAsync();
        var queue = new QueueClient(connection, name);
        await queue.CreateAsync(cancellationToken: Cancel);
        return (connection, queue);
    }

    internal static Task<QueueMessage> FirstOfAsync(string connection, string queue) => Asked.UntilAsync<QueueMessage>(async () =>
    {
        var client = new QueueClient(connection, queue);
        return await client.ExistsAsync(Cancel) ? await client.ReceiveMessageAsync(cancellationToken: Cancel) : null;
    });

    internal static async Task<string> UploadAsync(BlobContainerClient container, string name, string text) =>
        (await container.GetBlobClient(name).UploadAsync(BinaryData.FromString(text), overwrite: true, Cancel)).Value.ETag.ToString("H");

    internal static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
