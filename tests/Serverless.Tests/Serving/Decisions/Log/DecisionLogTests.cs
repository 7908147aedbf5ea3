using System.Text;
using System.Text.Json;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Serverless.Serving;
using Serverless.Serving.Decisions;

namespace Serverless.Tests.Serving.Decisions.Log;

public class DecisionLogTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private readonly ManualTime _time = new();
    private StorageAccount _account = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _account = await azurite.NewAccountAsync();
        await _account.PrepareAsync(Cancel);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Decision_is_one_line_of_ids_versions_and_keyed_hashes()
    {
        var version = await ScoringInstance.PromoteAsync(_account);
        using var instance = new ScoringInstance(_account, _time, new() { Shards = 1 });
        var decision = await instance.DecideAsync();
        var lines = await LinesAsync(0, 0);
        Assert.Equal(2, lines.Length);
        Assert.Equal($$"""{"line":1,"previous":"{{new string('0', 64)}}","open":{"shard":0,"segment":0,"format":1},"hash":"{{HashOf(lines[0])}}"}""", lines[0]);
        using var line = JsonDocument.Parse(lines[1]);
        Assert.Equal(HashOf(lines[0]), line.RootElement.GetProperty("previous").GetString());
        var entry = line.RootElement.GetProperty("decision");
        Assert.Equal(
            ["applicationId", "contractVersion", "decidedAt", "decisionHash", "decisionId", "inputsHash", "modelVersion", "portfolio"],
            entry.EnumerateObject().Select(m => m.Name).Order(StringComparer.Ordinal));
        Assert.Equal((decision.DecisionId, "A-1", version), (entry.GetProperty("decisionId").GetString(), entry.GetProperty("applicationId").GetString(), entry.GetProperty("modelVersion").GetString()));

        // The hashes are those of what is stored, under the key that lies there.
        var record = (await instance.Applications.FindAsync("example", "A-1", Cancel))!;
        Assert.Equal((record.Case!.Entry.InputsHash, record.Case.Entry.DecisionHash), (entry.GetProperty("inputsHash").GetString(), entry.GetProperty("decisionHash").GetString()));
        Assert.Equal(32, record.Case.HashKey.Length);
        Assert.Equal((new LogPlace(0, 0, 0), decision.DecisionId), (record.Log, record.DecisionId));
    }

    [Fact]
    public async Task Same_inputs_of_two_applicants_have_different_hashes()
    {
        await ScoringInstance.PromoteAsync(_account);
        using var instance = new ScoringInstance(_account, _time, new() { Shards = 1 });
        await instance.DecideAsync("A-1");
        await instance.DecideAsync("A-2");
        var inputs = (await LinesAsync(0, 0)).Skip(1).Select(l => JsonDocument.Parse(l).RootElement.GetProperty("decision").GetProperty("inputsHash").GetString());
        Assert.Equal(2, inputs.Distinct().Count());
    }

    [Fact]
    public async Task Application_delivered_again_by_the_same_or_another_instance_is_logged_once()
    {
        await ScoringInstance.PromoteAsync(_account);
        using var instance = new ScoringInstance(_account, _time);
        var first = await instance.DecideAsync();
        Assert.Equal(first.DecisionId, (await instance.DecideAsync()).DecisionId);
        using var restarted = new ScoringInstance(_account, _time);
        Assert.Equal(first.DecisionId, (await restarted.DecideAsync()).DecisionId);
        await WholeAsync(1);
    }

    [Fact]
    public async Task Instances_that_write_one_shard_at_once_lose_and_double_nothing_over_many_segments()
    {
        const int Applications = 60;
        await ScoringInstance.PromoteAsync(_account);
        var options = new DecisionLogOptions { Shards = 1, MaxSegmentBytes = 4_000, MostLines = 5 };
        ScoringInstance[] instances = [.. Enumerable.Range(0, 3).Select(_ => new ScoringInstance(_account, _time, options))];

        // Every application twice, from two instances, in another order each.
        await Task.WhenAll(instances.SelectMany((instance, i) => Enumerable.Range(0, Applications).Where(a => a % 3 != i)
            .Select(a => Task.Run(() => instance.DecideAsync($"A-{(i == 1 ? Applications - 1 - a : a)}")))));
        foreach (var instance in instances) instance.Dispose();
        var report = await WholeAsync(Applications);
        Assert.Equal(1, report.Shards);
        Assert.InRange(await _account.Blobs.GetBlobContainerClient("decision-log").GetBlobsAsync(cancellationToken: Cancel).CountAsync(Cancel), 5, Applications);
    }

    [Fact]
    public async Task Decisions_that_gather_during_an_append_go_together_into_the_next()
    {
        await ScoringInstance.PromoteAsync(_account);
        using var instance = new ScoringInstance(_account, _time, new() { Shards = 1 });
        await Task.WhenAll(Enumerable.Range(0, 100).Select(i => Task.Run(() => instance.DecideAsync($"A-{i}"))));
        await WholeAsync(100);
        var blocks = (await _account.Blobs.GetBlobContainerClient("decision-log").GetAppendBlobClient("00/000000.jsonl").GetPropertiesAsync(cancellationToken: Cancel)).Value.BlobCommittedBlockCount;
        Assert.InRange(blocks, 2, 60);
    }

    [Fact]
    public async Task Full_number_of_blocks_closes_a_segment()
    {
        await ScoringInstance.PromoteAsync(_account);
        using var instance = new ScoringInstance(_account, _time, new() { Shards = 1, MaxSegmentBlocks = 3 });
        for (var i = 0; i < 5; i++) await instance.DecideAsync($"A-{i}");
        await WholeAsync(5);
        var lengths = await Task.WhenAll(Enumerable.Range(0, 3).Select(async s => (await LinesAsync(0, s)).Length));
        Assert.Equal([4, 4, 2], lengths);
    }

    [Fact]
    public async Task Number_of_shards_may_change_without_doubling_what_is_logged()
    {
        await ScoringInstance.PromoteAsync(_account);
        using (var few = new ScoringInstance(_account, _time, new() { Shards = 1 }))
            for (var i = 0; i < 8; i++) await few.DecideAsync($"A-{i}");
        using var many = new ScoringInstance(_account, _time, new() { Shards = 5 });
        for (var i = 0; i < 16; i++) await many.DecideAsync($"A-{i}");
        await WholeAsync(16);
    }

    [Theory]
    [InlineData(16 << 20)]
    [InlineData(50_000)]
    [InlineData(4_000)]
    public async Task Late_delivery_is_found_however_far_behind_its_place_the_entry_stands(long segmentBytes)
    {
        await ScoringInstance.PromoteAsync(_account);
        var options = new DecisionLogOptions { Shards = 1, MaxSegmentBytes = segmentBytes };
        using var instance = new ScoringInstance(_account, _time, options);
        var decisions = await Task.WhenAll(Enumerable.Range(0, 400).Select(i => Task.Run(() => instance.DecideAsync($"A-{i}"))));
        foreach (var last in decisions.OrderBy(d => d.ApplicationId, StringComparer.Ordinal).Chunk(100).Select(c => c[^1]))
        {
            // As if its place had been noted when the log was empty: all of it is looked through.
            var record = (await instance.Applications.FindAsync("example", last.ApplicationId, Cancel))!;
            await instance.Log.EnsureAsync(record.Case!.Entry, new LogPlace(0, 0, 0), Cancel);
        }

        await WholeAsync(400);
    }

    [Fact]
    public async Task Log_is_whole_online_and_in_a_copy_while_others_write_it()
    {
        await ScoringInstance.PromoteAsync(_account);
        var options = new DecisionLogOptions { Shards = 2, MaxSegmentBytes = 6_000 };
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var writers = Enumerable.Range(0, 2).Select(w => Task.Run(async () =>
        {
            using var instance = new ScoringInstance(_account, TimeProvider.System, options);
            for (var i = 0; !stop.IsCancellationRequested; i++)
            {
                await Task.WhenAll(Enumerable.Range(0, 4).Select(n => instance.DecideAsync($"A-{w}-{i}-{n}")));
                await Task.Delay(50, Cancel); // else the proof has ever more to read
            }
        })).ToList();
        var root = Directory.CreateTempSubdirectory("serverless-live-").FullName;
        try
        {
            for (var round = 0; round < 3; round++)
            {
                await Task.Delay(300, Cancel);
                Assert.Empty((await new LogVerification(LogCopy.Of(_account), TimeProvider.System).RunAsync(new Progress<string>(), Cancel)).Faults);
                var copy = Path.Combine(root, $"{round}");
                await LogCopy.DownloadAsync(_account, copy, TimeProvider.System, Cancel);
                Assert.Empty((await new LogVerification(LogCopy.Of(copy), TimeProvider.System).RunAsync(new Progress<string>(), Cancel)).Faults);
            }
        }
        finally
        {
            await stop.CancelAsync();
            await Task.WhenAll(writers);
            Directory.Delete(root, recursive: true);
        }
    }

    [Fact]
    public async Task Look_for_an_entry_that_is_not_there_ends_however_many_segments_follow()
    {
        await ScoringInstance.PromoteAsync(_account);
        using var instance = new ScoringInstance(_account, _time, new() { Shards = 1, MaxSegmentBytes = 500 });
        for (var i = 0; i < 40; i++) await instance.DecideAsync($"A-{i}");
        using (var other = new ScoringInstance(await OtherAccountAsync(), _time, new() { Shards = 1 }))
        {
            await other.DecideAsync("late");
            Assert.True(await instance.Applications.CreateAsync((await other.Applications.FindAsync("example", "late", Cancel))!, Cancel));
        }

        await instance.DecideAsync("late");
        await WholeAsync(41);
    }

    [Fact]
    public async Task Entry_that_a_crash_left_out_is_written_by_the_next_delivery()
    {
        await ScoringInstance.PromoteAsync(_account);
        using (var instance = new ScoringInstance(_account, _time, new() { Shards = 1 })) await instance.DecideAsync("A-0");

        // As after a crash behind the first write: the record is there, its entry is not.
        using (var other = new ScoringInstance(await OtherAccountAsync(), _time, new() { Shards = 1 }))
        {
            await other.DecideAsync("A-0");
            await other.DecideAsync("A-1");
            Assert.True(await new ApplicationStore(_account).CreateAsync((await other.Applications.FindAsync("example", "A-1", Cancel))!, Cancel));
        }

        using var restarted = new ScoringInstance(_account, _time, new() { Shards = 1 });
        for (var i = 2; i < 5; i++) await restarted.DecideAsync($"A-{i}");
        await restarted.DecideAsync("A-1");
        await restarted.DecideAsync("A-1");
        await WholeAsync(5);
    }

    [Theory]
    [InlineData("x\n")]
    [InlineData("{\"line\":3}\n")]
    [InlineData("half a line")]
    public async Task Damaged_end_stops_decisions_until_somebody_looks(string garbage)
    {
        await ScoringInstance.PromoteAsync(_account);
        using (var instance = new ScoringInstance(_account, _time, new() { Shards = 1 })) await instance.DecideAsync();
        await _account.Blobs.GetBlobContainerClient("decision-log").GetAppendBlobClient("00/000000.jsonl")
            .AppendBlockAsync(new MemoryStream(Encoding.UTF8.GetBytes(garbage)), cancellationToken: Cancel);
        using var restarted = new ScoringInstance(_account, _time, new() { Shards = 1 });
        var error = await Assert.ThrowsAsync<InvalidDataException>(() => restarted.DecideAsync("A-2"));
        Assert.Equal("The decision log is damaged at the end of shard 0, segment 0: find out where with 'serverless decisions verify'.", error.Message);
        Assert.Null(await restarted.Applications.FindAsync("example", "A-2", Cancel));
    }

    [Fact]
    public async Task Damage_that_a_running_instance_meets_fails_its_decisions_with_the_place()
    {
        await ScoringInstance.PromoteAsync(_account);
        using var instance = new ScoringInstance(_account, _time, new() { Shards = 1 });
        await instance.DecideAsync();
        var length = (await LinesAsync(0, 0)).Sum(l => l.Length + 1);
        await _account.Blobs.GetBlobContainerClient("decision-log").GetAppendBlobClient("00/000000.jsonl").AppendBlockAsync(new MemoryStream("x\n"u8.ToArray()), cancellationToken: Cancel);
        var error = await Assert.ThrowsAsync<InvalidDataException>(() => instance.DecideAsync("A-2"));
        Assert.Equal($"The decision log is damaged at shard 0, segment 0, byte {length}: find out where with 'serverless decisions verify'.", error.Message);
        await _account.Blobs.GetBlobContainerClient("decision-log").GetAppendBlobClient("00/000000.jsonl").DeleteAsync(DeleteSnapshotsOption.None, cancellationToken: Cancel);
        error = await Assert.ThrowsAsync<InvalidDataException>(() => instance.DecideAsync("A-3"));
        Assert.Equal("The decision log lacks shard 0, segment 0: find out what else is missing with 'serverless decisions verify'.", error.Message);
    }

    private async Task<StorageAccount> OtherAccountAsync()
    {
        var other = await azurite.NewAccountAsync();
        await other.PrepareAsync(Cancel);
        await ScoringInstance.PromoteAsync(other);
        return other;
    }

    private async Task<LogReport> WholeAsync(int decisions)
    {
        var report = await new LogVerification(LogCopy.Of(_account), _time).RunAsync(new Progress<string>(), Cancel);
        Assert.Empty(report.Faults);
        Assert.Equal((decisions, decisions), (report.Decisions, report.Applications));
        return report;
    }

    private async Task<string[]> LinesAsync(int shard, int segment) =>
        Encoding.UTF8.GetString(await new LogSegments(_account).ReadAsync(shard, segment, 0, null, Cancel)).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static string HashOf(string line) =>
        Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(line[..line.LastIndexOf(",\"hash\"", StringComparison.Ordinal)])));
}
