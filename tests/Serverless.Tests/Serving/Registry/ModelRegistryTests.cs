using System.Text;
using Azure.Storage.Blobs;
using Serverless.Serving;

namespace Serverless.Tests.Serving.Registry;

public class ModelRegistryTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);
    private StorageAccount _account = null!;
    private ModelRegistry _registry = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private BlobContainerClient Models => _account.Blobs.GetBlobContainerClient("models");

    public async ValueTask InitializeAsync()
    {
        _account = await azurite.NewAccountAsync();
        await _account.PrepareAsync(Cancel);
        _registry = new(_account);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Published_version_opens_with_the_same_files()
    {
        var bundle = ConstantFamily.Bundle(0.8);
        await _registry.PublishAsync(bundle, Cancel);
        await _registry.PublishAsync(bundle, Cancel);

        var opened = await _registry.OpenAsync("constant", "demo", bundle.Version, Cancel);
        Assert.Equal(bundle.Served.Keys.Order(), opened.Served.Keys.Order());
        Assert.Equal(0.8, opened.Read<double>("skill.json"));
        Assert.Equal("card"u8.ToArray(), (await _registry.BesideAsync("constant", "demo", bundle.Version, "card.md", Cancel))!.Value.ToArray());
        Assert.Null(await _registry.BesideAsync("constant", "demo", bundle.Version, "none.md", Cancel));
    }

    [Fact]
    public async Task Changed_file_is_refused_when_opened_and_when_published_again()
    {
        var bundle = ConstantFamily.Bundle(0.8);
        await _registry.PublishAsync(bundle, Cancel);
        await Models.GetBlobClient($"constant/demo/{bundle.Version}/skill.json").UploadAsync(BinaryData.FromString("0.9\n"), overwrite: true, Cancel);

        var opened = await Assert.ThrowsAsync<InvalidModelException>(() => _registry.OpenAsync("constant", "demo", bundle.Version, Cancel));
        Assert.Equal("'skill.json' is not the file that was trained: its SHA-256 differs from the manifest's.", opened.Message);
        await Assert.ThrowsAsync<InvalidModelException>(() => _registry.PublishAsync(bundle, Cancel));
    }

    [Fact]
    public async Task Version_without_its_manifest_is_not_there()
    {
        var bundle = ConstantFamily.Bundle(0.8);
        await _registry.PublishAsync(bundle, Cancel);
        await Models.GetBlobClient($"constant/demo/{bundle.Version}/manifest.json").DeleteAsync(cancellationToken: Cancel);

        var error = await Assert.ThrowsAsync<InvalidModelException>(() => _registry.OpenAsync("constant", "demo", bundle.Version, Cancel));
        Assert.Equal($"The registry has no 'constant/demo/{bundle.Version}/manifest.json': see 'serverless models list' for what it has.", error.Message);
        Assert.Empty(await _registry.ListAsync(Cancel).ToListAsync(Cancel));
    }

    [Fact]
    public async Task Manifest_that_is_too_big_is_refused_unread()
    {
        await Models.GetBlobClient("constant/demo/0123456789abcdef/manifest.json").UploadAsync(BinaryData.FromBytes(new byte[(1 << 20) + 1]), Cancel);
        var error = await Assert.ThrowsAsync<InvalidModelException>(() => _registry.OpenAsync("constant", "demo", "0123456789abcdef", Cancel));
        Assert.Contains("is too big", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Version_copied_to_another_portfolio_is_refused()
    {
        var bundle = ConstantFamily.Bundle(0.8);
        foreach (var (file, content) in bundle.Files())
            await Models.GetBlobClient($"constant/other/{bundle.Version}/{file}").UploadAsync(BinaryData.FromBytes(content), Cancel);
        var error = await Assert.ThrowsAsync<InvalidModelException>(() => _registry.OpenAsync("constant", "other", bundle.Version, Cancel));
        Assert.Contains("holds another model (constant/demo/", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../x", "demo", "0123456789abcdef")]
    [InlineData("constant", "..", "0123456789abcdef")]
    [InlineData("constant", "demo", "../../champion")]
    public async Task Name_that_leaves_its_folder_is_refused(string family, string portfolio, string version) =>
        await Assert.ThrowsAsync<ArgumentException>(() => _registry.OpenAsync(family, portfolio, version, Cancel));

    [Fact]
    public async Task Manifest_that_names_a_path_is_refused()
    {
        var bundle = ConstantFamily.Bundle(0.8);
        await _registry.PublishAsync(bundle, Cancel);
        var manifest = Encoding.UTF8.GetString(Json.File(bundle.Manifest)).Replace("skill.json", "../skill.json", StringComparison.Ordinal);
        await Models.GetBlobClient($"constant/demo/{bundle.Version}/manifest.json").UploadAsync(BinaryData.FromString(manifest), overwrite: true, Cancel);
        var error = await Assert.ThrowsAsync<InvalidModelException>(() => _registry.OpenAsync("constant", "demo", bundle.Version, Cancel));
        Assert.Contains("names a file that cannot be one", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_two_promotions_against_the_same_champion_one_wins()
    {
        var (a, b) = ("aaaaaaaaaaaaaaaa", "bbbbbbbbbbbbbbbb");
        Assert.Null(await _registry.ChampionAsync("constant", "demo", Cancel));
        var first = await Task.WhenAll(PromoteAsync(a, null), PromoteAsync(b, null));
        Assert.Single(first, won => won);

        var champion = await _registry.ChampionAsync("constant", "demo", Cancel);
        Assert.Equal((first[0] ? a : b, "test", Now, null), (champion!.Version, champion.Actor, champion.PromotedAt, champion.Previous));
        var second = await Task.WhenAll(PromoteAsync("cccccccccccccccc", champion), PromoteAsync("dddddddddddddddd", champion));
        Assert.Single(second, won => won);
        Assert.Equal(champion.Version, (await _registry.ChampionAsync("constant", "demo", Cancel))!.Previous);
    }

    [Fact]
    public async Task List_tells_versions_of_all_portfolios_and_which_are_live()
    {
        var (old, live) = (ConstantFamily.Bundle(0.7), ConstantFamily.Bundle(0.8));
        await _registry.PublishAsync(old, Cancel);
        await _registry.PublishAsync(live, Cancel);
        await PromoteAsync(live.Version, null);

        var listed = await _registry.ListAsync(Cancel).ToListAsync(Cancel);
        Assert.Equal(2, listed.Count);
        Assert.True(listed.Single(l => l.Version == live.Version).Live);
        var other = listed.Single(l => l.Version == old.Version);
        Assert.Equal(("constant", "demo", false, 0.7), (other.Family, other.Portfolio, other.Live, other.Metrics["skill"]));
    }

    private Task<bool> PromoteAsync(string version, Champion? expected) => _registry.PromoteAsync("constant", "demo", version, expected, "test", Now, Cancel);
}
