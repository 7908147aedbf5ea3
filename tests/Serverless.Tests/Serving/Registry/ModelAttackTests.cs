using Microsoft.Extensions.Logging.Abstractions;
using Serverless.Serving;
using Serverless.Serving.Credit;
using Serverless.Tests.Serving.Credit;
using Serverless.Training;
using Serverless.Training.Drops;
using Serverless.Training.Quality;

namespace Serverless.Tests.Serving.Registry;

/// <summary>
/// A model that was changed, is incomplete or holds what is not allowed never becomes live, even when the champion pointer names it:
/// the present champion answers on, a warning tells it, and a retrain does not promote it.
/// </summary>
public class ModelAttackTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private static readonly ModelBundle Good = ModelAttacks.Good, Next = ModelAttacks.Next;
    private readonly ManualTime _time = new();
    private readonly KeptLog<LiveModels> _log = new();
    private StorageAccount _account = null!;
    private ModelRegistry _registry = null!;
    private LiveModels _models = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static TheoryData<string> BuiltAttacks => [.. ModelAttacks.Built.Keys];

    public static TheoryData<string> ChangedAttacks => [.. ModelAttacks.Changed.Keys];

    public async ValueTask InitializeAsync()
    {
        _account = await azurite.NewAccountAsync();
        await _account.PrepareAsync(Cancel);
        _registry = new(_account);
        _models = new(_registry, [new CreditFamily()], _time, new LiveModelsOptions(), _log);
        await PublishAsync(Good);
        await SwitchAsync(Good.Version);
        await AnswersAsync(Good.Version);
    }

    public ValueTask DisposeAsync()
    {
        _models.Dispose();
        return ValueTask.CompletedTask;
    }

    [Theory]
    [MemberData(nameof(BuiltAttacks))]
    public async Task Model_that_is_not_allowed_never_goes_live(string attack)
    {
        var bad = ModelAttacks.Built[attack]();
        Assert.NotEqual(Good.Version, bad.Version);
        await RetrainAsync(bad);
        await AnswersAsync(Good.Version);
        Assert.Equal(Good.Version, (await _registry.ChampionAsync("credit", "example", Cancel))!.Version);

        await PublishAsync(bad);
        await RefusedAsync(bad.Version);
    }

    [Theory]
    [MemberData(nameof(ChangedAttacks))]
    public async Task Model_that_was_changed_never_goes_live(string attack)
    {
        await PublishAsync(Next);
        await ModelAttacks.Changed[attack](_account.Blobs.GetBlobContainerClient("models"), $"credit/example/{Next.Version}");
        await SwitchAsync(Next.Version);
        await RefusedAsync(Next.Version);

        // A retrain that gives the same version promotes it only when what it finds stored can be served, as after it completed it.
        await SwitchAsync(Good.Version);
        await RetrainAsync(Next);
        var live = (await _registry.ChampionAsync("credit", "example", Cancel))!.Version;
        Assert.Equal(live, (await _registry.OpenAsync("credit", "example", live, Cancel)).Version);
        Assert.True(live == Good.Version || attack.StartsWith("missing", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Trained_rows_that_were_changed_are_refused_and_files_that_the_manifest_does_not_name_are_not_there()
    {
        await PublishAsync(Next);
        var folder = $"credit/example/{Next.Version}";
        var models = _account.Blobs.GetBlobContainerClient("models");
        await ModelAttacks.PutAsync(models, $"{folder}/card.html", "<script>"u8.ToArray());
        Assert.Null(await _registry.BesideAsync("credit", "example", Next.Version, "card.html", Cancel));
        Assert.NotNull(await _registry.BesideAsync("credit", "example", Next.Version, "trained-rows.bin", Cancel));
        await ModelAttacks.PutAsync(models, $"{folder}/trained-rows.bin", new byte[8]);
        await Assert.ThrowsAsync<InvalidModelException>(() => _registry.BesideAsync("credit", "example", Next.Version, "trained-rows.bin", Cancel));

        // A manifest of an older program names none: its files are read as they are.
        await ModelAttacks.ManifestAsync(models, folder, j => j.AsObject().Remove("beside"));
        Assert.NotNull(await _registry.BesideAsync("credit", "example", Next.Version, "trained-rows.bin", Cancel));
    }

    [Fact]
    public async Task Folder_with_a_model_that_was_changed_is_refused()
    {
        var folder = Directory.CreateTempSubdirectory("serverless-attack-").FullName;
        await Next.With(Next.Manifest, new Dictionary<string, byte[]> { ["card.md"] = "# Card"u8.ToArray() }).WriteFolderAsync(folder, Cancel);
        await File.WriteAllTextAsync(Path.Combine(folder, "other.bin"), "not named, not read", Cancel);
        var read = await ModelBundle.ReadFolderAsync(folder, Cancel);
        Assert.Equal(Next.Version, read.Version);
        Assert.Equal(["card.md"], read.Beside.Keys);
        await File.WriteAllTextAsync(Path.Combine(folder, "card.md"), "# Better", Cancel);
        await Assert.ThrowsAsync<InvalidModelException>(() => ModelBundle.ReadFolderAsync(folder, Cancel));
        await File.WriteAllTextAsync(Path.Combine(folder, "card.md"), "# Card", Cancel);

        var manifest = await File.ReadAllTextAsync(Path.Combine(folder, "manifest.json"), Cancel);
        await File.WriteAllTextAsync(Path.Combine(folder, "manifest.json"), manifest.Replace("golden.json", "../golden.json", StringComparison.Ordinal), Cancel);
        Assert.Contains("cannot be one", (await Assert.ThrowsAsync<InvalidModelException>(() => ModelBundle.ReadFolderAsync(folder, Cancel))).Message, StringComparison.Ordinal);
        await File.WriteAllTextAsync(Path.Combine(folder, "manifest.json"), manifest, Cancel);
        using (var big = File.OpenWrite(Path.Combine(folder, "model.onnx"))) big.SetLength((256L << 20) + 1); // sparse
        Assert.Contains("is too big", (await Assert.ThrowsAsync<InvalidModelException>(() => ModelBundle.ReadFolderAsync(folder, Cancel))).Message, StringComparison.Ordinal);
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>The pointer names it, and still the present champion answers, with a warning.</summary>
    private async Task RefusedAsync(string version)
    {
        await SwitchAsync(version);
        _time.Advance(TimeSpan.FromSeconds(5));
        for (var i = 0; !_log.Warnings.Any(); i++)
        {
            Assert.True(i < 500, "No warning came");
            await AnswersAsync(Good.Version);
            await Task.Delay(20, Cancel);
        }

        await AnswersAsync(Good.Version);
        Assert.StartsWith($"credit/example: champion {version} cannot be served, {Good.Version} stays live", _log.Warnings.First(), StringComparison.Ordinal);
    }

    private async Task AnswersAsync(string version)
    {
        using var lease = await _models.RentAsync<CreditScorer>("credit", "example", Cancel);
        Assert.Equal(version, lease!.Version);
        var score = Assert.IsType<Outcome<CreditScore>.Done>(lease.Model.Score(CreditExample.Golden.Fields)).Value;
        Assert.Equal(CreditExample.Golden.Points, score.Points);
    }

    /// <summary>The retrain path from training on, with a trainer that gives these files.</summary>
    private async Task RetrainAsync(ModelBundle bundle)
    {
        var family = new Giving(bundle);
        var promotion = new Promotion(_registry, _time, NullLogger<Promotion>.Instance);
        try
        {
            var empty = Path.GetTempFileName();
            await using var drop = await LocalDrop.OpenAsync(empty, Cancel);
            File.Delete(empty);
            var trained = await ModelTraining.RunAsync(family, CreditExample.Contract, drop, null, null, _time, new Progress<TrainingProgress>(), Cancel);
            await promotion.DecideAsync(family, "example", Assert.IsType<Outcome<NewModel>.Done>(trained).Value, new GateRules { MinRows = 0, MinRare = 0 }, Cancel);
        }
        catch (InvalidModelException)
        {
            // Refused; what is live is checked by the caller.
        }
    }

    private async Task SwitchAsync(string version)
    {
        var champion = await _registry.ChampionAsync("credit", "example", Cancel);
        Assert.True(await _registry.PromoteAsync("credit", "example", version, champion, "attacker", _time.GetUtcNow(), Cancel));
    }

    private Task PublishAsync(ModelBundle bundle) =>
        _registry.PublishAsync(bundle.With(bundle.Manifest, new Dictionary<string, byte[]> { ["trained-rows.bin"] = [] }), Cancel);

    /// <summary>A trainer that gives a bundle's files and is better than everything.</summary>
    private sealed class Giving(ModelBundle bundle) : ITrainingFamily
    {
        public IModelFamily Serving { get; } = new CreditFamily();

        public int Revision => 1;

        public Task<DropReading> ReadAsync(DataContract contract, LocalDrop drop, ReadingContext context, IProgress<TrainingProgress> progress, CancellationToken cancel) =>
            Task.FromResult(new DropReading(new NoRows(), null));

        public TrainedModel Train(TrainingRows rows, TrainingCheckpoints checkpoints, IProgress<TrainingProgress> progress, CancellationToken cancel) => new Best
        {
            Served = bundle.Served.ToDictionary(f => f.Key, f => f.Value.ToArray()),
            Metrics = new Dictionary<string, double>(),
            Rows = 1,
            TrainedOn = new RowKeys([]),
        };

        public Task<Outcome<Evaluation>> EvaluateAsync(IServedModel model, LocalDrop file, DateTimeOffset now, IProgress<TrainingProgress> progress, CancellationToken cancel) =>
            throw new NotSupportedException();
    }

    private sealed record NoRows() : TrainingRows(0, 0);

    private sealed class Best : TrainedModel
    {
        public override Comparison CompareWith(IServedModel champion, RowKeys championTrainedOn) => new("auc", 1000, 100, 1, 0.5, 0.01);

        public override ModelProfile Profile() => new() { Rows = 1 };

        public override void Ask(IServedModel served)
        {
        }

        public override IReadOnlyDictionary<string, byte[]> Card(Manifest manifest, ServedFigures? served = null) => new Dictionary<string, byte[]>();
    }
}
