using System.Text;
using System.Text.Json;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Serverless.Serving;
using Serverless.Serving.Poison;

namespace Serverless.Tests.Serving.Poison;

public class PoisonQueuesTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private const string Queue = "loan-applications";
    private const string Text = """{"applicationId":"A-1","portfolio":"hmeq","fields":{"income":12345}}""";
    private readonly ManualTime _time = new();
    private string _connection = "";
    private StorageAccount _account = null!;
    private PoisonStore _store = null!;
    private PoisonQueues _queues = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _connection = await azurite.NewConnectionAsync();
        _account = StorageAccount.Open(_connection);
        await _account.PrepareAsync(Cancel);
        _store = new(_account, _time);
        _queues = new(_account, _store);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Poisoned_message_becomes_a_record_with_the_attempts_noted_of_it()
    {
        var first = _time.GetUtcNow();
        for (var i = 0; i < 5; i++)
        {
            await _store.NoteAsync(Queue, PoisonId.Of(Text), i % 2 == 0 ? "IOException" : "RequestFailedException: 503 ServerBusy", Cancel);
            _time.Advance(TimeSpan.FromSeconds(10));
        }

        await SendAsync("loan-applications-poison", Base64(Text));
        var record = Assert.Single(await CollectAsync());
        Assert.Equal((Queue, Text, MessageEncoding.Base64, "hmeq", "A-1"), (record.Source, record.Message, record.Encoding, record.Portfolio, record.ApplicationId));
        Assert.Equal((5, first, first.AddSeconds(40)), (record.Count, record.FirstFailure, record.LastFailure));
        Assert.Equal(["IOException", "RequestFailedException: 503 ServerBusy"], record.Reasons);
        Assert.Equal([$"{Queue}/{record.Id}.json"], await NamesAsync("poison"));
        Assert.Equal(0, await CountAsync("loan-applications-poison"));
        Assert.Empty(await CollectAsync());
    }

    [Fact]
    public async Task Poisoned_drop_becomes_a_record_by_its_content()
    {
        await _store.NoteAsync("drops", PoisonId.Of("drops", "credit/hmeq/x.csv", "0x8D"), "InvalidModelException: changed", Cancel);
        await SendAsync("webjobs-blobtrigger-poison", Base64(BlobMessage("credit/hmeq/x.csv", "\"0x8D\"")));
        var record = Assert.Single(await CollectAsync());
        Assert.Equal(("drops", "drops", "credit/hmeq/x.csv", "0x8D", 1), (record.Source, record.Container, record.BlobName, record.ETag, record.Count));
        Assert.Equal(["InvalidModelException: changed"], record.Reasons);
        Assert.True(await _store.HoldsBlobAsync("drops", "credit/hmeq/x.csv", "\"0x8D\"", Cancel));
        Assert.False(await _store.HoldsBlobAsync("drops", "credit/hmeq/x.csv", "0x8E", Cancel));
    }

    [Fact]
    public async Task Everything_on_the_queues_is_collected_whatever_it_is()
    {
        string[] raw = [Base64(Text), Text, "", "plain text & <xml>", Convert.ToBase64String([0xff, 0xfe]), .. Enumerable.Range(0, 40).Select(i => Base64($"message {i}"))];
        foreach (var message in raw) await SendAsync("loan-applications-poison", message);
        await SendAsync("webjobs-blobtrigger-poison", "no blob");
        Assert.Equal(raw.Length + 1, (await CollectAsync()).Count);

        // Text and its base64 are one message.
        Assert.Equal(raw.Length, (await ListAsync()).Count);
        Assert.Equal((0, 0), (await CountAsync("loan-applications-poison"), await CountAsync("webjobs-blobtrigger-poison")));
    }

    [Fact]
    public async Task Collectors_in_parallel_lose_and_repeat_nothing()
    {
        for (var i = 0; i < 50; i++) await SendAsync("loan-applications-poison", Base64($"message {i}"));
        var collected = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => CollectAsync()));
        Assert.Equal(50, collected.Sum(c => c.Count));
        Assert.All(await ListAsync(), r => Assert.Equal(1, r.Count));
    }

    [Fact]
    public async Task Failures_of_a_requeued_message_are_added_to_a_record_that_is_still_there()
    {
        await _store.RejectAsync(Queue, BinaryData.FromString(Text), ["bad"], Cancel);
        _time.Advance(TimeSpan.FromHours(1));
        for (var i = 0; i < 5; i++) await _store.NoteAsync(Queue, PoisonId.Of(Text), "IOException", Cancel);
        await SendAsync("loan-applications-poison", Base64(Text));
        var record = Assert.Single(await CollectAsync());
        Assert.Equal((6, _time.GetUtcNow()), (record.Count, record.LastFailure));
        Assert.Equal(["bad", "IOException"], record.Reasons);
    }

    [Theory]
    [InlineData(Text)]
    [InlineData("plain text")]
    public async Task Requeued_message_is_base64_on_its_queue_and_counts_afresh(string text)
    {
        await SendAsync("loan-applications-poison", text == Text ? Base64(text) : text);
        await CollectAsync();
        var record = Assert.Single(await ListAsync());
        await _store.NoteAsync(Queue, record.Id, "an attempt of before", Cancel);
        Assert.IsType<Outcome<PoisonRecord>.Done>(await _queues.RequeueAsync(record, Cancel));
        Assert.Equal(text, (await _account.Queues.GetQueueClient(Queue).ReceiveMessageAsync(cancellationToken: Cancel)).Value.Body.ToString());
        Assert.Empty(await NamesAsync("poison"));
    }

    [Fact]
    public async Task Message_that_fails_again_before_its_record_is_deleted_keeps_it()
    {
        await _store.RejectAsync(Queue, BinaryData.FromString(Text), ["bad"], Cancel);
        var record = Assert.Single(await ListAsync());
        await _store.RejectAsync(Queue, BinaryData.FromString(Text), ["bad again"], Cancel);
        Assert.IsType<Outcome<PoisonRecord>.Done>(await _queues.RequeueAsync(record, Cancel));
        Assert.Equal((2, 1), (Assert.Single(await ListAsync()).Count, await CountAsync(Queue)));
    }

    [Fact]
    public async Task Requeued_drop_is_the_same_content_under_a_new_etag()
    {
        var blob = Drop("credit/hmeq/x.csv");
        var options = new BlobUploadOptions { HttpHeaders = new BlobHttpHeaders { ContentType = "text/csv" }, Metadata = new Dictionary<string, string> { ["sender"] = "core" } };
        var old = (await blob.UploadAsync(BinaryData.FromString("a,b\n"), options, Cancel)).Value.ETag;
        await PoisonAsync("credit/hmeq/x.csv", old.ToString("H"));
        Assert.IsType<Outcome<PoisonRecord>.Done>(await _queues.RequeueAsync(Assert.Single(await ListAsync()), Cancel));

        var present = (await blob.DownloadContentAsync(Cancel)).Value;
        Assert.NotEqual(old, present.Details.ETag);
        Assert.Equal(("a,b\n", "text/csv", "core"), (present.Content.ToString(), present.Details.ContentType, present.Details.Metadata["sender"]));
        Assert.Empty(await ListAsync());
    }

    [Fact]
    public async Task Drop_that_is_gone_or_was_written_again_is_not_requeued_and_its_record_stays()
    {
        var old = (await Drop("x.csv").UploadAsync(BinaryData.FromString("1"), Cancel)).Value.ETag;
        await PoisonAsync("x.csv", old.ToString("H"));
        var record = Assert.Single(await ListAsync());
        await Drop("x.csv").UploadAsync(BinaryData.FromString("2"), overwrite: true, Cancel);
        Assert.Equal($"The blob of record {record.Id}, drops/x.csv, was written again since and has its own run: discard the record.", await RefusedAsync(record));
        Assert.Equal("2", (await Drop("x.csv").DownloadContentAsync(Cancel)).Value.Content.ToString());
        await Drop("x.csv").DeleteAsync(cancellationToken: Cancel);
        Assert.Equal($"The blob of record {record.Id}, drops/x.csv, is gone: discard the record.", await RefusedAsync(record));
        await _store.DiscardAsync(record, Cancel);
        Assert.Empty(await ListAsync());
    }

    [Fact]
    public async Task Discarded_drop_counts_as_given_up_until_it_is_written_again()
    {
        var etag = (await Drop("x.csv").UploadAsync(BinaryData.FromString("1"), Cancel)).Value.ETag.ToString();
        await PoisonAsync("x.csv", etag);
        var record = Assert.Single(await ListAsync());
        Assert.True(await _store.HoldsBlobAsync("drops", "x.csv", etag, Cancel));
        await _store.DiscardAsync(record, Cancel);
        Assert.Empty(await ListAsync());
        Assert.IsType<Outcome<IReadOnlyList<PoisonRecord>>.Rejected>(await _store.FindAsync([record.Id], Cancel));
        Assert.Equal(0, await _store.TidyAsync(Cancel));
        Assert.True(await _store.HoldsBlobAsync("drops", "x.csv", etag, Cancel));
        Assert.False(await _store.HoldsBlobAsync("drops", "x.csv", (await Drop("x.csv").UploadAsync(BinaryData.FromString("2"), overwrite: true, Cancel)).Value.ETag.ToString(), Cancel));
    }

    [Fact]
    public async Task Message_that_no_queue_takes_is_not_requeued_and_its_record_stays()
    {
        await SendAsync("webjobs-blobtrigger-poison", "no blob");
        await SendAsync("loan-applications-poison", new string('-', 60_000));
        await CollectAsync();
        foreach (var record in await ListAsync())
        {
            var reason = await RefusedAsync(record);
            Assert.Contains(record.Source == Queue ? "80000 bytes as base64" : "names no blob and no queue", reason, StringComparison.Ordinal);
        }

        Assert.Equal(2, (await ListAsync()).Count);
    }

    private async Task<string> RefusedAsync(PoisonRecord record) =>
        Assert.Single(Assert.IsType<Outcome<PoisonRecord>.Rejected>(await _queues.RequeueAsync(record, Cancel)).Reasons);

    private async Task PoisonAsync(string name, string etag)
    {
        await SendAsync("webjobs-blobtrigger-poison", Base64(BlobMessage(name, etag)));
        await CollectAsync();
    }

    private BlobClient Drop(string name) => _account.Blobs.GetBlobContainerClient("drops").GetBlobClient(name);

    private async Task<List<PoisonRecord>> CollectAsync() => await _queues.CollectAsync(Cancel).ToListAsync(Cancel);

    private async Task<List<PoisonRecord>> ListAsync() => await _store.ListAsync(Cancel).ToListAsync(Cancel);

    private async Task<List<string>> NamesAsync(string container) =>
        await _account.Blobs.GetBlobContainerClient(container).GetBlobsAsync(cancellationToken: Cancel).Select(b => b.Name).ToListAsync(Cancel);

    private async Task<int> CountAsync(string queue) => (await _account.Queues.GetQueueClient(queue).GetPropertiesAsync(Cancel)).Value.ApproximateMessagesCount;

    private async Task SendAsync(string queue, string raw) => await _account.RawQueues.GetQueueClient(queue).SendMessageAsync(raw, Cancel);

    internal static string BlobMessage(string name, string etag) => JsonSerializer.Serialize(
        new { Type = "BlobTrigger", FunctionId = "Host.Functions.RetrainOnDrop", BlobType = "BlockBlob", ContainerName = "drops", BlobName = name, ETag = etag });

    internal static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
