using System.Text.Json;
using Serverless.Serving;
using Serverless.Serving.Poison;
using Serverless.Tests.Faults;

namespace Serverless.Tests.Serving.Poison;

public class PoisonStoreTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private const string Queue = "loan-applications";
    private readonly ManualTime _time = new();
    private string _connection = "";
    private StorageAccount _account = null!;
    private PoisonStore _store = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _connection = await azurite.NewConnectionAsync();
        _account = StorageAccount.Open(_connection);
        await _account.PrepareAsync(Cancel);
        _store = new(_account, _time);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Rejected_message_is_one_record_with_everything_that_is_known()
    {
        var message = Message("A-1");
        var first = _time.GetUtcNow();
        Assert.Equal(PoisonId.Of(message), await RejectAsync(message, "bad", "worse"));
        _time.Advance(TimeSpan.FromHours(1));
        await RejectAsync(message, "worse", "worst");

        var record = Assert.Single(await ListAsync());
        Assert.Equal((Queue, message, "hmeq", "A-1", 2), (record.Source, record.Message, record.Portfolio, record.ApplicationId, record.Count));
        Assert.Equal((first, _time.GetUtcNow()), (record.FirstFailure, record.LastFailure));
        Assert.Equal(["bad", "worse", "worst"], record.Reasons);

        var blob = _account.Blobs.GetBlobContainerClient("poison").GetBlobClient($"{Queue}/{record.Id}.json");
        using var json = JsonDocument.Parse((await blob.DownloadContentAsync(Cancel)).Value.Content);
        Assert.Equal(
            ["applicationId", "count", "encoding", "firstFailure", "id", "lastFailure", "message", "portfolio", "reasons", "source"],
            json.RootElement.EnumerateObject().Select(m => m.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task First_rejection_costs_one_call()
    {
        var faults = new StorageFaults();
        await new PoisonStore(faults.Open(_connection), _time).RejectAsync(Queue, BinaryData.FromString(Message("A-1")), ["bad"], Cancel);
        Assert.Equal($"call 1, PUT blob:poison/{Queue}/{PoisonId.Of(Message("A-1"))}.json", Assert.Single(faults.Calls).ToString());
    }

    [Fact]
    public async Task Parallel_deliveries_merge_and_none_is_lost()
    {
        _time.Step = TimeSpan.FromSeconds(1);
        var before = _time.GetUtcNow();
        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => RejectAsync(Message("A-1"), $"reason {i % 3}")));
        var record = Assert.Single(await ListAsync());
        Assert.Equal((20, 3), (record.Count, record.Reasons.Count));
        Assert.Equal((before + _time.Step, before + (20 * _time.Step)), (record.FirstFailure, record.LastFailure));

        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => _store.NoteAsync(Queue, "0123", "IOException", Cancel)));
        var note = await _account.Blobs.GetBlobContainerClient("poison").GetBlobClient($"attempts/{Queue}/0123.json").DownloadContentAsync(Cancel);
        Assert.Equal(20, note.Value.Content.ToObjectFromJson<FailureHistory>(Json.Options)!.Count);
    }

    [Fact]
    public async Task Note_is_no_record_and_holds_no_content()
    {
        await _store.NoteAsync("drops", PoisonId.Of("drops", "x.csv", "0x1"), "IOException", Cancel);
        Assert.Empty(await ListAsync());
        Assert.False(await _store.HoldsBlobAsync("drops", "x.csv", "0x1", Cancel));
        Assert.Equal(0, await _store.TidyAsync(Cancel));
    }

    [Fact]
    public async Task Records_are_found_by_id_and_by_its_beginning()
    {
        var id = await RejectAsync(Message("A-1"), "bad");
        var other = await RejectAsync(Message("A-2"), "bad");
        var found = Assert.IsType<Outcome<IReadOnlyList<PoisonRecord>>.Done>(await _store.FindAsync([id, other[..8], id[..4]], Cancel)).Value;
        Assert.Equal([id, other], found.Select(r => r.Id));

        var faults = Assert.IsType<Outcome<IReadOnlyList<PoisonRecord>>.Rejected>(await _store.FindAsync([id[..3], "nothing"], Cancel)).Reasons;
        Assert.Equal(
        [
            $"There is no record '{id[..3]}': give an id that 'serverless poison list' prints, or at least 4 characters of its beginning.",
            "There is no record 'nothing': give an id that 'serverless poison list' prints, or at least 4 characters of its beginning.",
        ], faults);
    }

    [Fact]
    public async Task Beginning_of_several_ids_is_refused()
    {
        var container = _account.Blobs.GetBlobContainerClient("poison");
        foreach (var id in new[] { "abcd1", "abcd2" }) await container.GetBlobClient($"{Queue}/{id}.json").UploadAsync(BinaryData.FromString("{}"), Cancel);
        var rejected = Assert.IsType<Outcome<IReadOnlyList<PoisonRecord>>.Rejected>(await _store.FindAsync(["abcd"], Cancel));
        Assert.Equal("2 ids begin with 'abcd': give more of it.", Assert.Single(rejected.Reasons));
    }

    [Fact]
    public async Task Erasing_deletes_every_record_of_that_application_and_no_other()
    {
        await RejectAsync(Message("A-1"), "bad");
        await RejectAsync(Message("A-1").Replace("{}", "{\"x\":NaN}", StringComparison.Ordinal), "bad");
        await RejectAsync(Message("A-11"), "bad");
        await RejectAsync(Message("A-1", "sba"), "bad");
        await _store.NoteAsync(Queue, PoisonId.Of(Message("A-1")), "IOException", Cancel);
        Assert.Equal(2, await _store.EraseAsync("hmeq", "A-1", Cancel));
        Assert.Equal(0, await _store.EraseAsync("hmeq", "A-1", Cancel));
        Assert.Equal(["hmeq/A-11", "sba/A-1"], (await ListAsync()).Select(r => $"{r.Portfolio}/{r.ApplicationId}").Order());
        Assert.Equal(2, await _account.Blobs.GetBlobContainerClient("poison").GetBlobsAsync(cancellationToken: Cancel).CountAsync(Cancel));
    }

    [Fact]
    public async Task Notes_go_when_nothing_can_come_back_for_them()
    {
        // The service stamps blobs by its own clock.
        _time.Advance(DateTimeOffset.UtcNow - _time.GetUtcNow());
        await _store.NoteAsync(Queue, "0123", "IOException", Cancel);
        await RejectAsync(Message("A-1"), "bad");
        _time.Advance(TimeSpan.FromDays(6.9));
        Assert.Equal((1, 2), (await _store.TidyAsync(Cancel), await CountAsync()));
        _time.Advance(TimeSpan.FromDays(0.2));
        Assert.Equal((1, 1), (await _store.TidyAsync(Cancel), await CountAsync()));
    }

    private Task<int> CountAsync() => _account.Blobs.GetBlobContainerClient("poison").GetBlobsAsync(cancellationToken: Cancel).CountAsync(Cancel).AsTask();

    private async Task<List<PoisonRecord>> ListAsync() => await _store.ListAsync(Cancel).ToListAsync(Cancel);

    private Task<string> RejectAsync(string message, params string[] reasons) => _store.RejectAsync(Queue, BinaryData.FromString(message), reasons, Cancel);

    private static string Message(string id, string portfolio = "hmeq") => $$"""{"applicationId":"{{id}}","portfolio":"{{portfolio}}","submittedAt":"2026-03-01T09:30:00Z","fields":{} }""";
}
