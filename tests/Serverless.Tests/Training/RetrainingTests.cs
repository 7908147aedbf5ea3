using System.Text;
using System.Text.Json;
using Serverless.Serving;
using Serverless.Training;
using Serverless.Training.Drops;

namespace Serverless.Tests.Training;

public class RetrainingTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private const string Drop = "constant/demo/march.csv";
    private readonly ConstantFamily _family = new();
    private readonly ManualTime _time = new();
    private StorageAccount _account = null!;
    private RetrainPath _path = null!;
    private ModelRegistry _registry = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _account = await azurite.NewAccountAsync();
        await _account.PrepareAsync(Cancel);
        _path = new(_account, [_family], _time);
        _registry = _path.Get<ModelRegistry>();
        Assert.IsType<Outcome<DataContract>.Done>(await _path.Get<ContractStore>().ActivateAsync(ConstantFamily.ContractJson, Cancel));
    }

    public ValueTask DisposeAsync() => _path.DisposeAsync();

    [Fact]
    public async Task First_good_drop_goes_live_with_card_rows_and_verdict_beside_it()
    {
        var outcome = await DropAsync("abcd", 0.7);
        Assert.Equal((RetrainResult.Promoted, Drop, 4), (outcome.Result, outcome.Drop, outcome.Rows));
        Assert.Equal(0.7, outcome.Metrics["skill"]);
        Assert.False(outcome.Metrics.ContainsKey("undefined"));

        var champion = await _registry.ChampionAsync("constant", "demo", Cancel);
        Assert.Equal((outcome.Version, "retraining", _time.GetUtcNow()), (champion!.Version, champion.Actor, champion.PromotedAt));
        var manifest = (await _registry.OpenAsync("constant", "demo", outcome.Version!, Cancel)).Manifest;
        Assert.Equal((outcome.RunId, GateDecision.Promote, null), (manifest.RunId, manifest.Gate!.Decision, manifest.Parent));
        Assert.Equal(["LightGBM", "Microsoft.ML", "Microsoft.ML.OnnxRuntime", "Serverless", "TorchSharp", "libtorch"], manifest.Packages.Keys.Select(k => k.Split("-cpu-")[0]).Order(StringComparer.Ordinal));
        Assert.Equal(4, RowKeys.FromBytes((await _registry.BesideAsync("constant", "demo", outcome.Version!, "trained-rows.bin", Cancel))!.Value.Span).Count);
        Assert.Equal($"# {outcome.Version} Promote\n", Encoding.UTF8.GetString((await _registry.BesideAsync("constant", "demo", outcome.Version!, "card.md", Cancel))!.Value.Span));
        Assert.True(await _account.Blobs.GetBlobContainerClient("drops").GetBlobClient(Drop).ExistsAsync(Cancel));
    }

    [Fact]
    public async Task Same_drop_twice_is_trained_once_and_answers_with_the_same_version()
    {
        var first = await DropAsync("abcd", 0.7);
        var second = await DropAsync("abcd", 0.7, "constant/demo/copy.csv");
        Assert.Equal((RetrainResult.NoOp, "constant/demo/copy.csv", first.Version, first.RunId), (second.Result, second.Drop, second.Version, second.RunId));
        Assert.Equal([$"The same data was trained under the same contract in run {first.RunId}, which ended as Promoted: nothing to do."], second.Reasons);
        Assert.Equal(1, _family.Trainings);
    }

    [Fact]
    public async Task Parallel_runs_of_one_drop_agree()
    {
        await UploadAsync(Drop, ConstantFamily.Csv("abcd", 0.7));
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => RunAsync(Drop)));
        Assert.Single(outcomes.Select(o => o.Version).Distinct());
        Assert.Contains(outcomes, o => o.Result == RetrainResult.Promoted);
        Assert.Single(await _registry.ListAsync(Cancel).ToListAsync(Cancel));
    }

    [Theory]
    [InlineData("efgh", 0.8, RetrainResult.Promoted)]
    [InlineData("efgh", 0.699, RetrainResult.Promoted)]
    [InlineData("efgh", 0.6, RetrainResult.Kept)]
    [InlineData("abcde", 0.8, RetrainResult.NotEnoughEvidence)]
    public async Task Next_drop_goes_live_only_if_it_is_no_worse_on_enough_fresh_rows(string ids, double skill, RetrainResult result)
    {
        var first = await DropAsync("abcd", 0.7);
        var second = await DropAsync(ids, skill, "constant/demo/april.csv");
        Assert.Equal(result, second.Result);
        Assert.Equal(result == RetrainResult.Promoted, second.Reasons.Count == 0);
        Assert.Equal(result == RetrainResult.Promoted ? second.Version : first.Version, (await _registry.ChampionAsync("constant", "demo", Cancel))!.Version);
        Assert.Equal(first.Version, (await _registry.OpenAsync("constant", "demo", second.Version!, Cancel)).Manifest.Parent);
    }

    [Fact]
    public async Task Model_below_its_floor_is_stored_and_not_served()
    {
        var outcome = await DropAsync("abcd", 0.4);
        Assert.Equal((RetrainResult.Kept, "skill floor: 0.4 is below 0.5."), (outcome.Result, outcome.Reasons.Single()));
        Assert.Null(await _registry.ChampionAsync("constant", "demo", Cancel));
        Assert.False(Assert.Single(await _registry.ListAsync(Cancel).ToListAsync(Cancel)).Live);
        Assert.Equal(outcome.Version, (await DropAsync("abcd", 0.4)).Version);
    }

    [Fact]
    public async Task Model_that_fails_its_self_test_is_not_stored()
    {
        var outcome = await DropAsync("abcd", -1);
        Assert.Equal((RetrainResult.Kept, null), (outcome.Result, outcome.Version));
        Assert.Equal(["golden inputs: 0 is below 1.", "skill floor: -1 is below 0.5.", "Golden input 1 is answered otherwise than in training."], outcome.Reasons);
        Assert.Empty(await _registry.ListAsync(Cancel).ToListAsync(Cancel));
    }

    [Theory]
    [InlineData(0.9, RetrainResult.Kept)]
    [InlineData(0.75, RetrainResult.Promoted)]
    public async Task Champion_that_changes_during_the_comparison_is_compared_with_again_and_the_better_ends_live(double other, RetrainResult result)
    {
        var first = await DropAsync("abcd", 0.7);
        string? switched = null;
        _family.Comparing = () => switched ??= PromoteByHandAsync(other).GetAwaiter().GetResult();
        var outcome = await DropAsync("efgh", 0.8, "constant/demo/april.csv");

        var kept = result == RetrainResult.Kept;
        Assert.Equal((result, switched), (outcome.Result, outcome.Gate!.Against));
        Assert.Equal(kept ? ["skill against the champion: 0.8 is below 0.898.", "confidence that it is not worse: 0 is below 0.5."] : [], outcome.Reasons);
        Assert.Equal(kept ? switched : outcome.Version, (await _registry.ChampionAsync("constant", "demo", Cancel))!.Version);
        Assert.Contains(_path.Log.Lines, l => l.Message.Contains("another version went live", StringComparison.Ordinal));

        // The manifest keeps the first verdict, run and outcome the last, and each says against whom.
        var manifest = (await _registry.OpenAsync("constant", "demo", outcome.Version!, Cancel)).Manifest;
        Assert.Equal((GateDecision.Promote, first.Version), (manifest.Gate!.Decision, manifest.Gate.Against));
        var run = (await _path.Get<RunStore>().FindAsync("constant", "demo", outcome.RunId!, Cancel))!;
        Assert.Equal((result, switched), (run.Outcome.Result, run.Outcome.Gate!.Against));
        Assert.Equal((result, switched), ((await OutcomeAsync("constant/demo/april.csv")).Result, (await OutcomeAsync("constant/demo/april.csv")).Gate!.Against));
    }

    [Fact]
    public void Verdict_of_an_older_manifest_has_no_champion() =>
        Assert.Null(JsonSerializer.Deserialize<GateVerdict>("""{"decision": "promote", "checks": []}""", Json.Options)!.Against);

    [Fact]
    public async Task Run_that_crashed_before_it_was_recorded_ends_with_the_same_version()
    {
        var first = await DropAsync("abcd", 0.7);
        await _account.Blobs.GetBlobContainerClient("runs").GetBlobClient($"constant/demo/{first.RunId}.json").DeleteAsync(cancellationToken: Cancel);
        await _account.Blobs.GetBlobContainerClient("outcomes").GetBlobClient($"{Drop}.json").DeleteAsync(cancellationToken: Cancel);
        var again = await RunAsync(Drop);
        Assert.Equal((RetrainResult.Promoted, first.Version), (again.Result, again.Version));
        Assert.Equal(RetrainResult.NoOp, (await RunAsync(Drop)).Result);
    }

    [Theory]
    [InlineData(Drop, "id,skill\n", "The file has a header but no rows: drop a CSV with rows.")]
    [InlineData("constant/none/march.csv", "id,skill\na,1\n", "Portfolio 'none' of family 'constant' has no active contract: write one with a text editor as none.json, read it, activate it with 'serverless contract activate none.json', and drop the file again.")]
    [InlineData("strange name", "?", "The drop's name must be {family}/{portfolio}/{file}.csv, such as credit/consumer/2026-03.csv.")]
    public async Task Bad_drop_is_moved_away_with_a_report(string name, string csv, string reason)
    {
        await UploadAsync(name, csv);
        var outcome = await RunAsync(name);
        Assert.Equal((RetrainResult.Rejected, null), (outcome.Result, outcome.Version));
        Assert.Equal([reason], outcome.Reasons);

        var rejected = _account.Blobs.GetBlobContainerClient("rejected");
        Assert.Equal(csv, (await rejected.GetBlobClient(name).DownloadContentAsync(Cancel)).Value.Content.ToString());
        var report = (await rejected.GetBlobClient($"{name}.report.json").DownloadContentAsync(Cancel)).Value.Content.ToObjectFromJson<DropReport>(Json.Options);
        Assert.Equal((name, csv.Length, _time.GetUtcNow()), (report!.Drop, report.Bytes, report.EndedAt));
        Assert.Equal([reason], report.Reasons);
        Assert.False(await _account.Blobs.GetBlobContainerClient("drops").GetBlobClient(name).ExistsAsync(Cancel));
        Assert.Equal((RetrainResult.Rejected, name), ((await OutcomeAsync(name)).Result, (await OutcomeAsync(name)).Drop));
        Assert.Equal(RetrainResult.NoOp, (await RunAsync(name)).Result);
    }

    [Fact]
    public async Task Drop_that_was_overwritten_is_left_to_its_own_run()
    {
        var old = await UploadAsync(Drop, "id,skill\n");
        var present = await UploadAsync(Drop, ConstantFamily.Csv("abcd", 0.7));
        Assert.Equal(RetrainResult.NoOp, (await RunAsync(Drop, old)).Result);
        Assert.Equal(RetrainResult.Promoted, (await RunAsync(Drop, $"\"{present}\"")).Result);
    }

    [Fact]
    public async Task Log_tells_ids_and_counts_and_no_value()
    {
        await DropAsync("abcd", 0.712345);
        Assert.Equal(2, _path.Log.Lines.Count);
        Assert.DoesNotContain(_path.Log.Lines, l => l.Message.Contains("0.712345", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Offline_training_gives_the_version_of_the_online_path()
    {
        var online = await DropAsync("abcd", 0.7);
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, ConstantFamily.Csv("abcd", 0.7), Cancel);
            await using var drop = await LocalDrop.OpenAsync(file, Cancel);
            var training = await ModelTraining.RunAsync(_family, ConstantFamily.Contract, drop, null, null, _time, new Progress<TrainingProgress>(), Cancel);
            var bundle = Assert.IsType<Outcome<NewModel>.Done>(training).Value.Seal(gate: null);
            Assert.Equal((online.Version, online.RunId), (bundle.Version, bundle.Manifest.RunId));
            Assert.Equal(["card.md", "profile.json", "trained-rows.bin"], bundle.Beside.Keys.Order());
        }
        finally
        {
            File.Delete(file);
        }
    }

    private async Task<RetrainOutcome> DropAsync(string ids, double skill, string name = Drop)
    {
        await UploadAsync(name, ConstantFamily.Csv(ids, skill));
        return await RunAsync(name);
    }

    private async Task<string> UploadAsync(string name, string csv)
    {
        var blob = _account.Blobs.GetBlobContainerClient("drops").GetBlobClient(name);
        return (await blob.UploadAsync(BinaryData.FromString(csv), overwrite: true, Cancel)).Value.ETag.ToString();
    }

    private async Task<RetrainOutcome> OutcomeAsync(string drop)
    {
        var blob = _account.Blobs.GetBlobContainerClient("outcomes").GetBlobClient($"{drop}.json");
        return (await blob.DownloadContentAsync(Cancel)).Value.Content.ToObjectFromJson<DropOutcome>(Json.Options)!.Outcome;
    }

    private async Task<string> PromoteByHandAsync(double skill)
    {
        var plain = ConstantFamily.Bundle(skill);
        var bundle = plain.With(plain.Manifest, new Dictionary<string, byte[]> { ["trained-rows.bin"] = new RowKeys([]).ToBytes() });
        await _registry.PublishAsync(bundle, Cancel);
        var champion = await _registry.ChampionAsync("constant", "demo", Cancel);
        Assert.True(await _registry.PromoteAsync("constant", "demo", bundle.Version, champion, "a person", _time.GetUtcNow(), Cancel));
        return bundle.Version;
    }

    private Task<RetrainOutcome> RunAsync(string name, string? etag = null) => _path.RunAsync(name, etag);
}
