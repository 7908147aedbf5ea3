using Serverless.Serving.Decisions;
using Serverless.Serving.Poison;

namespace Serverless.Tests.Serving.Decisions;

/// <summary>Applications and refused messages that are older than their settings are erased, and the log stays whole.</summary>
public class DecisionRetentionTests(AzuriteFixture azurite)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Old_applications_are_erased_once_and_old_messages_go_and_drops_in_the_poison_store_stay()
    {
        var account = await azurite.NewAccountAsync();
        await account.PrepareAsync(Cancel);
        await ScoringInstance.PromoteAsync(account);
        var time = new ManualTime();
        time.Advance(DateTimeOffset.UtcNow - time.GetUtcNow());
        using var instance = new ScoringInstance(account, time);
        await instance.DecideAsync("A-1");
        await instance.DecideAsync("A-2");
        var poison = new PoisonStore(account, time);
        await poison.RejectAsync("loan-applications", BinaryData.FromString("no json"), ["no JSON"], Cancel);
        await poison.NoteBlobAsync("drops", "credit/example/a.csv", "0x1", "IOException", attempts: 1, Cancel);
        DecisionRetention Retention(DecisionRetentionDays days) => new(instance.Applications, instance.Documents, instance.Erasure, poison, days, time);
        var days = new DecisionRetentionDays { Applications = 30, Poison = 30 };

        time.Advance(TimeSpan.FromDays(29));
        Assert.All(await Retention(days).RunAsync(Cancel), gone => Assert.Equal(0, gone.Value));
        time.Advance(TimeSpan.FromDays(2));
        Assert.Empty(await Retention(new()).RunAsync(Cancel));
        var gone = await Retention(days).RunAsync(Cancel);
        Assert.Equal((2, 1), (gone["applications"], gone["poison"]));
        Assert.Equal("retention", (await instance.Applications.FindAsync("example", "A-1", Cancel))!.Erased!.Actor);
        Assert.Equal("drops", Assert.Single(await poison.ListAsync(Cancel).ToListAsync(Cancel)).Container);
        var verified = await new LogVerification(LogCopy.Of(account), time).RunAsync(new Progress<string>(), Cancel);
        Assert.Empty(verified.Faults);
        Assert.Equal((2, 2), (verified.Decisions, verified.Erased));
        time.Advance(TimeSpan.FromDays(60));
        Assert.Equal(0, (await Retention(days).RunAsync(Cancel))["applications"]);
    }

    [Fact]
    public void Days_below_one_are_refused_by_name() =>
        Assert.Equal(["Retention:Applications must be 1 or more days; leave it out to keep them."], new DecisionRetentionDays { Applications = 0, Poison = 1 }.Faults());
}
