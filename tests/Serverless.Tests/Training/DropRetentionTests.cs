using System.Diagnostics.Metrics;
using Serverless.Serving;
using Serverless.Serving.Poison;
using Serverless.Serving.Text;
using Serverless.Training;
using Serverless.Training.Drops;

namespace Serverless.Tests.Training;

/// <summary>What is older than its setting goes, but for what waits, what the next training needs, and models.</summary>
public class DropRetentionTests(AzuriteFixture azurite)
{
    private readonly ManualTime _time = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Settled_drops_go_with_their_parts_and_what_waits_or_failed_stays()
    {
        await using var portfolio = await CreateAsync();
        var part = ("a.csv", ConstantFamily.Csv("abcd", 0.7));
        await portfolio.ManifestAsync("settled", PortfolioOfDrops.Listing(part), part);
        await portfolio.RunAsync("settled.drop.json");
        Assert.Equal(RetrainResult.Rejected, (await portfolio.DropAsync("bad.csv", "id,skill\n")).Result);

        // Behind the last run, which works off what came before its own drop.
        await portfolio.ManifestAsync("waiting", PortfolioOfDrops.Listing(part), part);
        await portfolio.PutAsync("failed.csv", "?");
        await portfolio.PutAsync("given-up.csv", "?");
        await portfolio.PutAsync("alone.parts/a.csv", "?");
        await FailAsync(portfolio, "failed.csv", discard: false);
        await FailAsync(portfolio, "given-up.csv", discard: true);

        var feedback = new FeedbackStore(portfolio.Account);
        foreach (var text in new[] { "waits", "gathered" }) await feedback.AddAsync(new("demo", text, "pin", "test", "me", DateTimeOffset.UnixEpoch), Cancel);
        await feedback.MarkAsync((await feedback.WaitingAsync("demo", Cancel)).Single(r => r.Text == "gathered") with { Drop = "text/demo/a.csv" }, Cancel);

        var all = new DropRetentionDays { Drops = 30, Rejected = 30, Outcomes = 30, Runs = 30, Datasets = 30, Feedback = 30, Poison = 30 };
        Assert.All(await RunAsync(portfolio, all, days: 29), gone => Assert.Equal(0, gone.Value));
        Assert.All(await RunAsync(portfolio, new(), days: 31), gone => Assert.Fail(gone.Key));

        var models = await portfolio.NamesAsync("models");
        var gone = await RunAsync(portfolio, all, days: 0);
        Assert.Equal((4, 2, 2, 1, 1), (gone["drops"], gone["rejected"], gone["outcomes"], gone["runs"], gone["poison"]));
        Assert.Equal(["constant/demo/failed.csv", "constant/demo/waiting.drop.json", "constant/demo/waiting.parts/a.csv"], await portfolio.NamesAsync("drops"));
        Assert.Equal((1, "waits"), (gone["feedback"], Assert.Single(await feedback.WaitingAsync("demo", Cancel)).Text));
        Assert.Equal(models, await portfolio.NamesAsync("models"));
        Assert.Equal(["constant/demo/lease.json"], await portfolio.NamesAsync("runs"));
        Assert.Equal(["constant/demo/waiting.drop.json"], await portfolio.Path.Get<DropBacklog>().WaitingAsync("", Cancel).Select(d => d.Name).ToListAsync(Cancel));
    }

    [Fact]
    public async Task Outcome_stays_as_long_as_its_drop_lies_there()
    {
        await using var portfolio = await CreateAsync();
        await portfolio.DropAsync("a.csv", ConstantFamily.Csv("abcd", 0.7));
        Assert.Equal(0, (await RunAsync(portfolio, new() { Outcomes = 1 }, days: 2))["outcomes"]);
        Assert.Empty(await portfolio.Path.Get<DropBacklog>().WaitingAsync("", Cancel).ToListAsync(Cancel));
    }

    [Fact]
    public async Task Parts_that_the_current_dataset_lists_stay_and_so_do_the_lists()
    {
        await using var portfolio = await CreateAsync(DropMode.Increment);
        await portfolio.DropAsync("a.csv", ConstantFamily.Csv("abcd", 0.7));
        var part = ("all.csv", ConstantFamily.Csv("efgh", 0.8));
        await portfolio.ManifestAsync("all", PortfolioOfDrops.Listing(part) with { Mode = DropMode.Full }, part);
        await portfolio.RunAsync("all.drop.json");
        using var meter = new MeterListener();
        var counted = 0L;
        meter.InstrumentPublished = (instrument, listener) => { if (instrument.Name == "serverless.retention.removed") listener.EnableMeasurementEvents(instrument); };
        meter.SetMeasurementEventCallback<long>((_, count, tags, _) => { if (tags.ToArray().Contains(new("container", "datasets"))) Interlocked.Add(ref counted, count); });
        meter.Start();
        Assert.Equal(1, (await RunAsync(portfolio, new() { Datasets = 1 }, days: 2))["datasets"]);
        Assert.Equal(1, counted);
        var kept = (await portfolio.CurrentAsync())!.Drops.Single().Parts.Single().Sha256;
        Assert.Equal($"constant/demo/parts/{kept}", (await portfolio.NamesAsync("datasets")).Single(n => n.Contains("/parts/", StringComparison.Ordinal)));
        Assert.Equal(3, (await portfolio.NamesAsync("datasets")).Count(n => n.EndsWith(".json", StringComparison.Ordinal)));
        Assert.Equal(6, (await portfolio.DropAsync("b.csv", ConstantFamily.Csv("xy", 0.8))).Rows);
    }

    [Fact]
    public void Days_below_one_are_refused_by_name() =>
        Assert.Equal(["Retention:Drops must be 1 or more days; leave it out to keep them.", "Retention:Runs must be 1 or more days; leave it out to keep them."], new DropRetentionDays { Drops = 0, Runs = -1, Outcomes = 1 }.Faults());

    private async Task<PortfolioOfDrops> CreateAsync(DropMode mode = DropMode.Full)
    {
        _time.Advance(DateTimeOffset.UtcNow - _time.GetUtcNow());
        return await PortfolioOfDrops.CreateAsync(await azurite.NewAccountAsync(), mode, _time);
    }

    private Task<IReadOnlyDictionary<string, int>> RunAsync(PortfolioOfDrops portfolio, DropRetentionDays settings, int days)
    {
        _time.Advance(TimeSpan.FromDays(days));
        var path = portfolio.Path;
        return new DropRetention(portfolio.Account, path.Get<DropStore>(), path.Get<DropOutcomes>(), path.Get<DatasetStore>(), path.Get<PortfolioLease>(), path.Get<PoisonStore>(), settings, _time).RunAsync(Cancel);
    }

    private static async Task FailAsync(PortfolioOfDrops portfolio, string name, bool discard)
    {
        var (store, drop) = (portfolio.Path.Get<PoisonStore>(), await portfolio.Path.Get<DropStore>().FindAsync(PortfolioOfDrops.Folder + name, null, Cancel));
        Assert.True(await store.NoteBlobAsync("drops", drop!.Name, drop.ETag.ToString(), "IOException", attempts: 1, Cancel));
        if (discard) await store.DiscardAsync((await store.ListAsync(Cancel).ToListAsync(Cancel)).Single(r => r.BlobName == drop.Name), Cancel);
    }
}
