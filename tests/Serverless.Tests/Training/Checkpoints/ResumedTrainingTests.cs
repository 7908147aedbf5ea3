using Azure.Storage.Blobs.Models;
using Serverless.Serving;
using Serverless.Serving.Text;
using Serverless.Tests.Cli;
using Serverless.Tests.Training.Text;
using Serverless.Training;
using Serverless.Training.Text;

namespace Serverless.Tests.Training.Checkpoints;

/// <summary>Training that is stopped and goes on ends in what it would have ended in.</summary>
public class ResumedTrainingTests(AzuriteFixture azurite)
{
    private static readonly TextContract Short = TrainedText.Contract with { Training = new(), Network = new() { Epochs = 2, Dimensions = 8, Filters = 8, WeightDecay = 0.01 } };

    // Some seconds, so that a test is in time to stop it.
    private static readonly TextContract Long = Short with { Network = new() { Epochs = 150, Dimensions = 8, Filters = 8 } };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    // Each part has 24 steps, so that it is stopped at least once; what comes before its classifier, where the contract asks for it, has 12.
    [Theory]
    [InlineData(13, 2, 0, 0, "all-1 all-2 held-out-1 held-out-2")]
    [InlineData(23, 1, 1, 0.5, "all-1 all-teacher-1 held-out-1 held-out-teacher-1")]
    public async Task Text_training_that_is_stopped_again_and_again_ends_in_the_same_files(int every, int networks, int contrastive, double distillation, string parts)
    {
        var rows = await RowsAsync(Short with { Network = Short.Network! with { Networks = networks, ContrastiveEpochs = contrastive, Distillation = distillation, CharacterNoise = distillation / 2 } });
        var undisturbed = new TextTrainer().Train(rows, TrainingCheckpoints.None, new Progress<TrainingProgress>(), Cancel);
        var kept = new StoppingCheckpoints(every);
        TrainedModel? resumed = null;
        for (var stops = 0; resumed is null; stops++)
        {
            Assert.True(stops < 20, "It never ends");
            try
            {
                using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
                kept.Begin(stop.Cancel);
                resumed = new TextTrainer().Train(rows, kept, new Progress<TrainingProgress>(), stop.Token);
            }
            catch (OperationCanceledException)
            {
                // As it should: the next goes on.
            }
        }

        Assert.InRange(kept.Stops, 3, 19);
        Assert.Equal(parts.Split(' '), kept.Taken.Where(name => !name.EndsWith("-contrast", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        Assert.Equal(undisturbed.Served.Keys, resumed.Served.Keys);
        foreach (var (name, content) in undisturbed.Served) Assert.True(content.AsSpan().SequenceEqual(resumed.Served[name]), name);
        Assert.Equal(undisturbed.Metrics, resumed.Metrics);
    }

    [Fact]
    public async Task Damaged_and_foreign_checkpoints_change_nothing_and_are_told()
    {
        var rows = await RowsAsync(Short);
        var undisturbed = await TrainAsync(rows, null);
        var files = new RememberedFiles(TimeSpan.FromHours(1)) { Files = { ["all-1"] = [1, 2, 3], ["all-2"] = [], ["held-out-1"] = CheckpointContent.Seal("0123", "held-out-1", [0, 0, 0, 0]) } };
        Assert.Equal(undisturbed.Bundle.Version, (await TrainAsync(rows, files)).Bundle.Version);
        Assert.Equal(
            ["all-1: it is damaged or cut short", "all-2: it is damaged or cut short", "held-out-1: it is of other data, another contract or another version of the program"], files.Told.Order());
    }

    [Fact]
    public async Task Retrain_that_was_stopped_goes_on_when_its_drop_is_delivered_again_and_leaves_no_checkpoint()
    {
        const string Drop = "text/example/texts.csv";
        var account = StorageAccount.Open(await azurite.NewConnectionAsync());
        await account.PrepareAsync(Cancel);
        await using var path = new RetrainPath(account, options: new() { Lease = TimeSpan.FromSeconds(15), CheckpointEvery = TimeSpan.Zero });
        Assert.IsType<Outcome<DataContract>.Done>(await path.Get<ContractStore>().ActivateAsync(Json.File<object>(Long), Cancel));
        await account.Blobs.GetBlobContainerClient("drops").GetBlobClient(Drop).UploadAsync(BinaryData.FromString(TrainedText.Csv()), Cancel);
        using (var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel))
        {
            var stopped = path.RunAsync(Drop, cancel: stop.Token);
            while ((await CheckpointsAsync(account)).Count < 4) await Task.Delay(10, Cancel);
            await stop.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => stopped);
        }

        Assert.Equal(4, (await CheckpointsAsync(account)).Count);
        var outcome = await path.RunAsync(Drop);
        Assert.Equal(4, path.Log.Lines.Count(l => l.Message.StartsWith("Training goes on from checkpoint runs/text/example/checkpoint/", StringComparison.Ordinal)));
        await using var csv = await DropOf.Text(TrainedText.Csv());
        var undisturbed = await ModelTraining.RunAsync(new TextTrainer(), Long, csv, null, null, TimeProvider.System, new Progress<TrainingProgress>(), Cancel);
        Assert.Equal((RetrainResult.Promoted, Assert.IsType<Outcome<NewModel>.Done>(undisturbed).Value.Bundle.Version), (outcome.Result, outcome.Version));
        Assert.Empty(await CheckpointsAsync(account));
    }

    [Fact]
    public async Task Offline_training_that_was_stopped_goes_on_when_it_is_given_again()
    {
        using var cli = new CliRun();
        var (data, contract, model) = (await cli.WriteAsync("texts.csv", TrainedText.Csv()), await cli.WriteAsync("contract.json", System.Text.Encoding.UTF8.GetString(Json.File<object>(Long))), cli.PathOf("model"));
        var folder = $"{model}.checkpoint";
        using (var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel))
        {
            await using var csv = await DropOf.Text(TrainedText.Csv());
            var stopped = ModelTraining.RunAsync(new TextTrainer(), Long, csv, null, new FolderCheckpoints(folder, TimeSpan.Zero, _ => { }), TimeProvider.System, new Progress<TrainingProgress>(), stop.Token);
            while (!Directory.Exists(folder) || Directory.GetFiles(folder, "*.checkpoint").Length < 4) await Task.Delay(10, Cancel);
            await stop.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => stopped);
        }

        await File.WriteAllTextAsync(Path.Combine(folder, "all-2.checkpoint"), "damaged", Cancel);
        var (exit, output, error) = await cli.RunAsync("train", "text", "--contract", contract, "--data", data, "--out", model, "--json");
        Assert.Equal(0, exit);
        Assert.Equal(3, error.Split("goes on from its checkpoint").Length - 1);
        Assert.Contains($"warning: the checkpoint 'all-2' in {folder} is not used, since it is damaged or cut short: training begins anew.", error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder));
        await cli.DoneAsync("train", "text", "--contract", contract, "--data", data, "--out", cli.PathOf("again"));
        Assert.Equal(await File.ReadAllBytesAsync(Path.Combine(model, "model.onnx"), Cancel), await File.ReadAllBytesAsync(Path.Combine(cli.PathOf("again"), "model.onnx"), Cancel));
        Assert.Contains("\"version\"", output, StringComparison.Ordinal);
    }

    private static async Task<TextRows> RowsAsync(TextContract contract) => (TextRows)((Outcome<TrainingRows>.Done)await TrainedText.ReadAsync(TrainedText.Csv(), contract)).Value;

    private static Task<NewModel> TrainAsync(TextRows rows, CheckpointFiles? files) =>
        ModelTraining.TrainAsync(new TextTrainer(), rows.Contract, rows, "", null, files, TimeProvider.System, new Progress<TrainingProgress>(), Cancel);

    private static async Task<List<string>> CheckpointsAsync(StorageAccount account) =>
        await account.Blobs.GetBlobContainerClient("runs").GetBlobsAsync(new GetBlobsOptions { Prefix = "text/example/checkpoint/" }, Cancel).Select(b => b.Name).ToListAsync(Cancel);

    /// <summary>Keeps every state, and stops the training after so many.</summary>
    private sealed class StoppingCheckpoints(int every) : TrainingCheckpoints
    {
        private readonly Lock _gate = new();
        private readonly Dictionary<string, byte[]> _states = [];
        private Action _stop = () => { };
        private int _keptNow;

        public int Stops { get; private set; }

        public HashSet<string> Taken { get; } = [];

        public void Begin(Action stop) => (_keptNow, _stop) = (0, stop);

        public override byte[]? Take(string name, long bytes)
        {
            lock (_gate)
            {
                if (!_states.TryGetValue(name, out var state)) return null;
                Taken.Add(name);
                Assert.Equal(bytes, state.Length);
                return state;
            }
        }

        public override void Keep(string name, Func<byte[]> state)
        {
            lock (_gate)
            {
                _states[name] = state();
                if (++_keptNow != every) return;
                Stops++;
                _stop();
            }
        }
    }
}
