using Serverless.Serving;

namespace Serverless.Tests.Serving.Registry;

public class LiveModelsTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private readonly ConstantFamily _family = new();
    private readonly ManualTime _time = new();
    private readonly KeptLog<LiveModels> _log = new();
    private ModelRegistry _registry = null!;
    private LiveModels _models = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var account = await azurite.NewAccountAsync();
        await account.PrepareAsync(Cancel);
        _registry = new(account);
        _models = new(_registry, [_family], _time, new LiveModelsOptions(), _log);
    }

    public ValueTask DisposeAsync()
    {
        _models.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Portfolio_without_champion_has_no_lease_and_its_first_promotion_is_seen_at_once()
    {
        Assert.Null(await RentAsync());
        var version = await PromoteAsync(0.8);
        using var lease = await RentAsync();
        Assert.Equal((version, 0.8), (lease!.Version, lease.Model.Skill));
    }

    [Fact]
    public async Task Parallel_first_rents_load_once()
    {
        await PromoteAsync(0.8);
        var leases = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => RentAsync().AsTask()));
        Assert.All(leases, l => Assert.Same(leases[0]!.Model, l!.Model));
        Assert.Equal(1, _family.Loads);
    }

    [Fact]
    public async Task New_champion_is_swapped_in_and_the_old_one_disposed_after_its_last_lease()
    {
        await PromoteAsync(0.7);
        var old = await RentAsync();
        var version = await PromoteAsync(0.8);
        using (var still = await RentAsync()) Assert.Same(old!.Model, still!.Model);

        await ReloadAsync(version);
        Assert.Equal(0.7, old.Model.Skill);
        old.Dispose();
        old.Dispose();
        Assert.True(old.Model.Disposed);
        using var present = await RentAsync();
        Assert.False(present!.Model.Disposed);
    }

    [Fact]
    public async Task Answers_go_on_while_champions_change()
    {
        var skills = new Dictionary<string, double> { [await PromoteAsync(0.1)] = 0.1 };
        using var stop = new CancellationTokenSource();
        var answers = Enumerable.Range(0, 2).Select(_ => Task.Run(async () =>
        {
            List<(string Version, double Skill)> given = [];
            while (!stop.IsCancellationRequested)
            {
                using var lease = await RentAsync();
                await Task.Yield();
                given.Add((lease!.Version, lease.Model.Skill));
            }

            return given.Distinct().ToList();
        })).ToList();
        for (var skill = 0.2; skill < 0.55; skill += 0.1)
        {
            var version = await PromoteAsync(skill);
            skills[version] = skill;
            await ReloadAsync(version);
        }

        await stop.CancelAsync();
        var all = (await Task.WhenAll(answers)).SelectMany(a => a).Distinct().ToList();
        Assert.True(all.Count > 1);
        Assert.All(all, a => Assert.Equal(skills[a.Version], a.Skill));
        Assert.Equal(skills.Count, _family.Loads);
    }

    [Fact]
    public async Task Champion_that_fails_its_self_test_leaves_the_present_one_and_is_warned_of_once()
    {
        var good = await PromoteAsync(0.7);
        using (await RentAsync()) { }
        var bad = await PromoteAsync(-1);
        for (var round = 0; round < 3; round++)
        {
            _time.Advance(TimeSpan.FromSeconds(5));
            using var lease = await RentAsync();
            Assert.Equal(good, lease!.Version);
            await UntilAsync(() => _log.Warnings.Any());
        }

        Assert.Equal([$"constant/demo: champion {bad} cannot be served, {good} stays live; promote another version, or restore its files and start again"], _log.Warnings);
        Assert.Equal(2, _family.Loads);
        await ReloadAsync(await PromoteAsync(0.9));
    }

    [Fact]
    public async Task First_champion_that_cannot_be_served_is_an_error_until_it_is_mended()
    {
        await PromoteAsync(-1);
        var error = await Assert.ThrowsAsync<InvalidModelException>(async () => await RentAsync());
        Assert.Equal("Golden input 1 is answered otherwise than in training.", error.Message);
        await PromoteAsync(0.6);
        using var lease = await RentAsync();
        Assert.Equal(0.6, lease!.Model.Skill);
    }

    [Fact]
    public async Task Disposed_models_are_not_rented()
    {
        await PromoteAsync(0.7);
        var lease = await RentAsync();
        _models.Dispose();
        Assert.False(lease!.Model.Disposed);
        lease.Dispose();
        Assert.True(lease.Model.Disposed);
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await RentAsync());
    }

    private ValueTask<ModelLease<ConstantModel>?> RentAsync() => _models.RentAsync<ConstantModel>("constant", "demo", Cancel);

    private async Task<string> PromoteAsync(double skill)
    {
        var bundle = ConstantFamily.Bundle(skill);
        await _registry.PublishAsync(bundle, Cancel);
        var champion = await _registry.ChampionAsync("constant", "demo", Cancel);
        Assert.True(await _registry.PromoteAsync("constant", "demo", bundle.Version, champion, "test", _time.GetUtcNow(), Cancel));
        return bundle.Version;
    }

    private async Task ReloadAsync(string version)
    {
        _time.Advance(TimeSpan.FromSeconds(5));
        await UntilAsync(async () =>
        {
            using var lease = await RentAsync();
            return lease!.Version == version;
        });
    }

    private static Task UntilAsync(Func<bool> condition) => UntilAsync(() => Task.FromResult(condition()));

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        limit.CancelAfter(TimeSpan.FromSeconds(20));
        while (!await condition()) await Task.Delay(10, limit.Token);
    }
}
