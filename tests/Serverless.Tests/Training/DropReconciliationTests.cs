using System.Diagnostics.Metrics;
using System.Text.Json;
using Azure;
using Azure.Storage.Blobs;
using Microsoft.Extensions.Logging;
using Serverless.Serving;
using Serverless.Serving.Poison;
using Serverless.Training;
using Serverless.Training.Drops;

namespace Serverless.Tests.Training;

/// <summary>Drops whose trigger never came, or failed for good, are found, told and worked off.</summary>
public class DropReconciliationTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan MissedAfter = TimeSpan.FromMinutes(10);
    private readonly ConstantFamily _family = new();
    private readonly ManualTime _time = new();
    private readonly AsyncLocal<bool> _mine = new();
    private StorageAccount _account = null!;
    private RetrainPath _path = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private BlobContainerClient Drops => _account.Blobs.GetBlobContainerClient("drops");

    public async ValueTask InitializeAsync()
    {
        _account = await azurite.NewAccountAsync();
        await _account.PrepareAsync(Cancel);
        _path = new(_account, [_family], _time);
        Assert.IsType<Outcome<DataContract>.Done>(await _path.Get<ContractStore>().ActivateAsync(ConstantFamily.ContractJson, Cancel));
    }

    public ValueTask DisposeAsync() => _path.DisposeAsync();

    [Fact]
    public void Drops_that_wait_too_long_are_missed_and_worked_off_oldest_first()
    {
        var found = DropReconciliation.Look([Waits("new", 9.99), Waits("b", 10), Waits("oldest", 60), Waits("a", 10)], Noon, MissedAfter);
        Assert.Equal((4, TimeSpan.FromMinutes(60)), (found.Waiting, found.OldestAge));
        Assert.Equal(["oldest", "a", "b"], found.Missed.Select(d => d.Name));
    }

    [Fact]
    public void Nothing_waits_when_every_drop_has_an_outcome()
    {
        var found = DropReconciliation.Look([], Noon, MissedAfter);
        Assert.Equal((0, TimeSpan.Zero), (found.Waiting, found.OldestAge));
        Assert.Empty(found.Missed);
    }

    [Fact]
    public void Drop_from_a_clock_ahead_of_ours_has_no_age() =>
        Assert.Equal(TimeSpan.Zero, DropReconciliation.Look([Waits("a", -5)], Noon, MissedAfter).OldestAge);

    [Fact]
    public async Task Drop_that_lies_in_the_poison_store_waits_for_a_person_and_not_for_the_next_look()
    {
        await UploadAsync("constant/demo/march.csv", ConstantFamily.Csv("abcd", 0.7));
        var drop = Assert.Single(await _path.Get<DropBacklog>().WaitingAsync("", Cancel).ToListAsync(Cancel));
        var poisoned = new { Type = "BlobTrigger", ContainerName = "drops", BlobName = drop.Name, ETag = drop.ETag.ToString("H") };
        await _account.Queues.GetQueueClient("webjobs-blobtrigger-poison").SendMessageAsync(JsonSerializer.Serialize(poisoned), Cancel);
        Assert.Equal(1, await _path.Get<PoisonQueues>().CollectAsync(Cancel).CountAsync(Cancel));
        Assert.Empty(await _path.Get<DropBacklog>().WaitingAsync("", Cancel).ToListAsync(Cancel));
    }

    [Fact]
    public async Task Missed_drops_are_worked_off_and_told_and_fresh_ones_left_to_their_trigger()
    {
        await UploadAsync("constant/demo/march.csv", ConstantFamily.Csv("abcd", 0.7));
        await UploadAsync("strange.txt", "?");
        var figures = await LookAsync(after: MissedAfter - TimeSpan.FromMinutes(1));
        Assert.Equal((2, true), (figures.Waiting, figures.Age is > 530 and < 550));
        Assert.Empty(_path.Log.Warnings);
        Assert.Equal(0, _family.Reads);

        figures = await LookAsync(after: TimeSpan.FromMinutes(1));
        Assert.Equal(2, figures.Waiting);
        Assert.StartsWith("2 drops have no outcome, the oldest for 00:10:0", _path.Log.Warnings.First(), StringComparison.Ordinal);
        Assert.NotNull(await _path.Get<ModelRegistry>().ChampionAsync("constant", "demo", Cancel));
        Assert.Contains(_path.Log.Lines, l => l is (LogLevel.Information, "Drop strange.txt, which its trigger missed: Rejected"));
        Assert.Equal((0, 0), await LookAsync(after: TimeSpan.FromHours(1)));
    }

    [Fact]
    public async Task Drop_that_keeps_failing_holds_up_no_other_and_is_tried_at_each_look()
    {
        await UploadAsync("constant/demo/a.csv", ConstantFamily.Csv("abcd", 0.7));
        await UploadAsync("constant/demo/b.csv", ConstantFamily.Csv("efgh", 0.8));
        _family.Reading = csv => csv.Contains("a,", StringComparison.Ordinal) ? new IOException("no disk") : null;
        await LookAsync(after: TimeSpan.FromHours(1));
        Assert.Contains("Drop constant/demo/a.csv, which its trigger missed, failed; the next look tries again", _path.Log.Warnings);
        Assert.Equal(0.8, (await _path.Get<ModelRegistry>().ListAsync(Cancel).SingleAsync(Cancel)).Metrics["skill"]);
        Assert.Equal(1, (await LookAsync(after: TimeSpan.Zero)).Waiting);
        _family.Reading = null;
        Assert.Equal(1, (await LookAsync(after: TimeSpan.Zero)).Waiting);
        Assert.Equal(0, (await LookAsync(after: TimeSpan.Zero)).Waiting);
    }

    [Fact]
    public async Task Drop_that_failed_as_often_as_a_delivered_one_may_is_given_up_with_its_reasons()
    {
        await UploadAsync("constant/demo/a.csv", ConstantFamily.Csv("abcd", 0.7));
        _family.Reading = _ => new IOException("no disk");
        for (var look = 0; look < 5; look++)
        {
            Assert.Empty(await _path.Get<PoisonStore>().ListAsync(Cancel).ToListAsync(Cancel));
            await LookAsync(after: look == 0 ? TimeSpan.FromHours(1) : TimeSpan.Zero);
        }

        var record = await _path.Get<PoisonStore>().ListAsync(Cancel).SingleAsync(Cancel);
        Assert.Equal(("constant/demo/a.csv", 5, "IOException"), (record.BlobName, record.Count, record.Reasons.Single()));
        Assert.Equal(0, (await LookAsync(after: TimeSpan.Zero)).Waiting);
    }

    [Fact]
    public async Task Portfolio_with_a_run_under_way_is_left_to_it()
    {
        await UploadAsync("constant/demo/march.csv", ConstantFamily.Csv("abcd", 0.7));
        await _path.Get<PortfolioLease>().HoldAsync("constant", "demo", "another", _ => LookAsync(after: TimeSpan.FromHours(1)), Cancel);
        Assert.Equal(0, _family.Reads);
        await LookAsync(after: TimeSpan.Zero);
        Assert.Equal(1, _family.Reads);
    }

    private static DropBlob Waits(string name, double minutes) => new(name, new ETag("1"), 1, Noon - TimeSpan.FromMinutes(minutes));

    /// <summary>Looks after a time, which begins at the storage's, and gives what was measured.</summary>
    private async Task<(int Waiting, double Age)> LookAsync(TimeSpan after)
    {
        var newest = await Drops.GetBlobsAsync(cancellationToken: Cancel).Select(b => b.Properties.LastModified).MaxAsync(cancellationToken: Cancel);
        if (_time.GetUtcNow() < newest) _time.Advance(newest.Value - _time.GetUtcNow());
        _time.Advance(after);
        var (waiting, age) = (-1, -1.0);
        _mine.Value = true; // apps of other tests measure too
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (instrument.Meter.Name == "Serverless" && instrument.Name.StartsWith("serverless.drops.", StringComparison.Ordinal)) l.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<int>((_, value, _, _) => waiting = _mine.Value ? value : waiting);
        listener.SetMeasurementEventCallback<double>((_, value, _, _) => age = _mine.Value ? value : age);
        listener.Start();
        await _path.Get<DropReconciliation>().RunAsync(new Progress<TrainingProgress>(), Cancel);
        return (waiting, age);
    }

    private Task<Response<Azure.Storage.Blobs.Models.BlobContentInfo>> UploadAsync(string name, string csv) =>
        Drops.GetBlobClient(name).UploadAsync(BinaryData.FromString(csv), overwrite: true, Cancel);
}
