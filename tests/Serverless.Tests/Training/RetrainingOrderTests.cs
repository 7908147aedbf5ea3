using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Serverless.Serving;
using Serverless.Training;
using Serverless.Training.Drops;

namespace Serverless.Tests.Training;

/// <summary>One drop at a time for each portfolio, in the order in which they came, whoever is asked first.</summary>
public class RetrainingOrderTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private const string March = "constant/demo/march.csv", April = "constant/demo/april.csv";
    private readonly ConstantFamily _family = new();
    private StorageAccount _account = null!;
    private RetrainPath _path = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private BlobContainerClient Drops => _account.Blobs.GetBlobContainerClient("drops");

    private BlobClient LeaseBlob => _account.Blobs.GetBlobContainerClient("runs").GetBlobClient("constant/demo/lease.json");

    public async ValueTask InitializeAsync()
    {
        _account = await azurite.NewAccountAsync();
        await _account.PrepareAsync(Cancel);
        _path = new(_account, [_family]);
        Assert.IsType<Outcome<DataContract>.Done>(await _path.Get<ContractStore>().ActivateAsync(ConstantFamily.ContractJson, Cancel));
    }

    public ValueTask DisposeAsync() => _path.DisposeAsync();

    [Fact]
    public async Task Settled_drop_is_not_read_again_and_its_new_content_is()
    {
        await UploadAsync(March, "abcd", 0.7);
        var first = await _path.RunAsync(March);
        var again = await _path.RunAsync(March);
        Assert.Equal((RetrainResult.NoOp, first.Version, first.RunId), (again.Result, again.Version, again.RunId));
        Assert.Equal(["The drop was worked off before and ended as Promoted: nothing to do."], again.Reasons);
        Assert.Equal(1, _family.Reads);

        await UploadAsync(March, "efgh", 0.8);
        Assert.Equal(RetrainResult.Promoted, (await _path.RunAsync(March)).Result);
        Assert.Empty(await WaitingAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Two_drops_end_as_if_one_had_come_after_the_other_whichever_is_delivered_first(bool newestFirst)
    {
        await UploadAsync(March, "abcd", 0.7);
        await NextSecondAsync();
        await UploadAsync(April, "efgh", 0.8);
        string[] delivered = newestFirst ? [April, March] : [March, April];
        foreach (var drop in delivered) await _path.RunAsync(drop);

        var (march, april) = (await OutcomeAsync(March), await OutcomeAsync(April));
        Assert.Equal((RetrainResult.Promoted, null), (march.Result, march.Gate!.Against));
        Assert.Equal((RetrainResult.Promoted, march.Version), (april.Result, april.Gate!.Against));
        var champion = await _path.Get<ModelRegistry>().ChampionAsync("constant", "demo", Cancel);
        Assert.Equal((april.Version, march.Version), (champion!.Version, champion.Previous));
        Assert.Equal(2, _family.Trainings);
    }

    [Fact]
    public async Task Many_deliveries_at_once_on_several_instances_train_each_drop_once_in_order()
    {
        var names = Enumerable.Range(1, 4).Select(i => $"constant/demo/{i}.csv").ToList();
        foreach (var (i, name) in names.Index()) await UploadAsync(name, string.Concat("abcd".Select(c => (char)(c + (4 * i)))), 0.6 + (i * 0.01));
        await using var second = new RetrainPath(_account, [_family]);
        await Task.WhenAll(names.AsEnumerable().Reverse().SelectMany(name => new[] { _path, second }.Select(p => p.RunAsync(name))));

        Assert.Equal(4, _family.Trainings);
        var outcomes = new List<RetrainOutcome>();
        foreach (var name in names) outcomes.Add(await OutcomeAsync(name));
        Assert.All(outcomes, o => Assert.Equal(RetrainResult.Promoted, o.Result));
        Assert.Equal(outcomes.SkipLast(1).Select(o => o.Version).Prepend(null), outcomes.Select(o => o.Gate!.Against));
        Assert.Equal(LeaseState.Available, (await LeaseBlob.GetPropertiesAsync(cancellationToken: Cancel)).Value.LeaseState);
    }

    [Fact]
    public async Task Older_drop_that_fails_holds_up_no_newer_one_and_still_waits()
    {
        await UploadAsync(March, "abcd", 0.7);
        await NextSecondAsync();
        await UploadAsync(April, "efgh", 0.8);
        _family.Reading = csv => csv.Contains("a,", StringComparison.Ordinal) ? new IOException("no disk") : null;
        Assert.Equal(RetrainResult.Promoted, (await _path.RunAsync(April)).Result);
        Assert.Equal([$"Drop {April}: drop {March}, which came before it, failed and is left to its own deliveries"], _path.Log.Warnings);
        Assert.Equal([March], await WaitingAsync());

        _family.Reading = null;
        Assert.Equal(RetrainResult.Kept, (await _path.RunAsync(March)).Result);
        Assert.Empty(await WaitingAsync());
    }

    [Fact]
    public async Task Older_drop_that_is_bad_is_rejected_first()
    {
        await Drops.GetBlobClient(March).UploadAsync(BinaryData.FromString("id,skill\n"), Cancel);
        await NextSecondAsync();
        await UploadAsync(April, "abcd", 0.7);
        Assert.Equal(RetrainResult.Promoted, (await _path.RunAsync(April)).Result);
        Assert.Equal(RetrainResult.Rejected, (await OutcomeAsync(March)).Result);
        Assert.False(await Drops.GetBlobClient(March).ExistsAsync(Cancel));
    }

    [Fact]
    public async Task Drop_overwritten_during_its_run_ends_on_the_content_that_it_began_with()
    {
        await UploadAsync(March, "abcd", 0.7);
        var reads = 0;
        _family.Reading = _ =>
        {
            if (reads++ == 0) UploadAsync(March, "efgh", 0.9).GetAwaiter().GetResult();
            return null;
        };
        var outcome = await _path.RunAsync(March);
        Assert.Equal((RetrainResult.Promoted, 0.7), (outcome.Result, outcome.Metrics["skill"]));
        Assert.Equal([March], await WaitingAsync());
        Assert.Equal(0.9, (await _path.RunAsync(March)).Metrics["skill"]);
    }

    [Fact]
    public async Task Run_waits_for_the_lease_names_itself_in_it_and_can_be_stopped_while_it_waits()
    {
        await UploadAsync(March, "abcd", 0.7);
        var held = new TaskCompletionSource();
        var inside = new TaskCompletionSource();
        var other = _path.Get<PortfolioLease>().HoldAsync("constant", "demo", April, async _ => { inside.SetResult(); await held.Task; return 0; }, Cancel);
        await inside.Task;
        Assert.Contains(April, (await LeaseBlob.DownloadContentAsync(Cancel)).Value.Content.ToString(), StringComparison.Ordinal);
        Assert.True(await _path.Get<PortfolioLease>().IsHeldAsync("constant", "demo", Cancel));
        using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _path.RunAsync(March, cancel: stop.Token));
        Assert.Equal(0, _family.Reads);

        var waiting = _path.RunAsync(March);
        held.SetResult();
        await other;
        Assert.Equal(RetrainResult.Promoted, (await waiting).Result);
        Assert.False(await _path.Get<PortfolioLease>().IsHeldAsync("constant", "demo", Cancel));
    }

    [Fact]
    public async Task Long_run_keeps_its_lease_and_one_that_loses_it_is_stopped_before_it_promotes()
    {
        await UploadAsync(March, "abcd", 0.7);
        _family.Training = cancel =>
        {
            // Longer than the lease: only its renewals keep it.
            cancel.WaitHandle.WaitOne(TimeSpan.FromSeconds(17));
            Assert.False(cancel.IsCancellationRequested);
            LeaseBlob.GetBlobLeaseClient().Break(TimeSpan.Zero, cancellationToken: Cancel);
            Assert.True(cancel.WaitHandle.WaitOne(TimeSpan.FromSeconds(10)));
        };
        var error = await Assert.ThrowsAsync<IOException>(() => _path.RunAsync(March));
        Assert.Contains("was lost", error.Message, StringComparison.Ordinal);
        Assert.Null(await _path.Get<ModelRegistry>().ChampionAsync("constant", "demo", Cancel));
        Assert.Equal([March], await WaitingAsync());

        _family.Training = null;
        Assert.Equal(RetrainResult.Promoted, (await _path.RunAsync(March)).Result);
    }

    [Fact]
    public async Task Stop_during_a_run_gives_no_outcome_and_frees_the_lease()
    {
        await UploadAsync(March, "abcd", 0.7);
        using var stop = new CancellationTokenSource();
        _family.Training = _ => stop.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _path.RunAsync(March, cancel: stop.Token));
        Assert.Equal([March], await WaitingAsync());
        Assert.Empty(_path.Log.Warnings);
        _family.Training = null;
        Assert.Equal(RetrainResult.Promoted, (await _path.RunAsync(March)).Result);
    }

    [Theory]
    [InlineData("../models/constant/demo/champion.json")]
    [InlineData("constant/demo/../../../models/constant/demo/champion.json")]
    [InlineData("..\\models\\constant\\demo\\champion.json")]
    [InlineData("./march.csv")]
    public async Task Name_that_leads_out_of_the_container_is_no_drop(string name)
    {
        await UploadAsync(March, "abcd", 0.7);
        await _path.RunAsync(March);
        Assert.Equal(RetrainResult.NoOp, (await _path.RunAsync(name)).Result);
        Assert.NotNull(await _path.Get<ModelRegistry>().ChampionAsync("constant", "demo", Cancel));
    }

    [Fact]
    public async Task Very_long_name_is_rejected_with_outcome_and_report()
    {
        var name = string.Join('/', Enumerable.Repeat(new string('n', 330), 3));
        await Drops.GetBlobClient(name).UploadAsync(BinaryData.FromString("?"), Cancel);
        Assert.Equal(RetrainResult.Rejected, (await _path.RunAsync(name)).Result);
        Assert.Empty(await WaitingAsync());
        Assert.Equal(2, await _account.Blobs.GetBlobContainerClient("rejected").GetBlobsAsync(cancellationToken: Cancel).CountAsync(Cancel));
    }

    private async Task UploadAsync(string name, string ids, double skill) =>
        await Drops.GetBlobClient(name).UploadAsync(BinaryData.FromString(ConstantFamily.Csv(ids, skill)), overwrite: true, Cancel);

    // Storage tells the time of a blob to the second.
    private static Task NextSecondAsync() => Task.Delay(1100, Cancel);

    private async Task<RetrainOutcome> OutcomeAsync(string drop)
    {
        var blob = _account.Blobs.GetBlobContainerClient("outcomes").GetBlobClient($"{drop}.json");
        return (await blob.DownloadContentAsync(Cancel)).Value.Content.ToObjectFromJson<DropOutcome>(Json.Options)!.Outcome;
    }

    private async Task<List<string>> WaitingAsync() => await _path.Get<DropBacklog>().WaitingAsync("", Cancel).Select(d => d.Name).ToListAsync(Cancel);
}
