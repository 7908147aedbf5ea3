using Serverless.Serving;
using Serverless.Serving.Decisions;

namespace Serverless.Tests.Serving.Decisions.Log;

public class DecisionAnchorsTests(AzuriteFixture azurite)
{
    private readonly ManualTime _time = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Ends_are_noted_once_a_day_whatever_number_of_instances_asks_and_each_names_the_one_before()
    {
        var account = await azurite.NewAccountAsync();
        await account.PrepareAsync(Cancel);
        await ScoringInstance.PromoteAsync(account);
        Assert.Null(await new DecisionAnchors(account, _time).AnchorAsync(Cancel)); // no log yet

        using var instance = new ScoringInstance(account, _time, new() { Shards = 2 });
        for (var day = 0; day < 3; day++)
        {
            for (var i = 0; i < 4; i++) await instance.DecideAsync($"A-{day}-{i}");
            var made = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => new DecisionAnchors(account, _time).AnchorAsync(Cancel)));
            Assert.Single(made.OfType<LogAnchor>());
            Assert.Null(await new DecisionAnchors(account, _time).AnchorAsync(Cancel));
            _time.Advance(TimeSpan.FromDays(1));
        }

        var container = account.Blobs.GetBlobContainerClient("decision-anchors");
        var names = await container.GetBlobsAsync(cancellationToken: Cancel).Select(b => b.Name).ToListAsync(Cancel);
        Assert.Equal(["2026-03-01.json", "2026-03-02.json", "2026-03-03.json"], names);
        string? before = null;
        foreach (var (day, name) in names.Index())
        {
            var content = (await container.GetBlobClient(name).DownloadContentAsync(Cancel)).Value.Content;
            var anchor = content.ToObjectFromJson<LogAnchor>(Json.Options)!;
            Assert.Equal((before, 2, 4L * (day + 1)), (anchor.Previous, anchor.Lines.Count, anchor.Lines.Sum(l => l.Line - 1)));
            before = DecisionAnchors.HashOf(content);
        }

        // An anchor that is taken away, or changed, is missed by the next.
        Assert.Empty(await FaultsAsync(account));
        await container.GetBlobClient(names[1]).DeleteAsync(cancellationToken: Cancel);
        Assert.Equal(["Anchor 2026-03-03.json: it does not continue the one before: an anchor was changed, removed or added."], await FaultsAsync(account));
    }

    private async Task<IReadOnlyList<string>> FaultsAsync(StorageAccount account) =>
        (await new LogVerification(LogCopy.Of(account), _time).RunAsync(new Progress<string>(), Cancel)).Faults;
}
