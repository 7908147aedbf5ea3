using Serverless.Serving;
using Serverless.Training.Drops;
using Serverless.Training.Quality;

namespace Serverless.Training;

/// <summary>Training of one model from one drop, the same online and offline: read, train, bundle, self-test.</summary>
public static class ModelTraining
{
    /// <summary>Trains; rejected with every fault of the drop.</summary>
    /// <param name="family">The contract's family.</param>
    /// <param name="contract">What the drop must keep to.</param>
    /// <param name="drop">The data; read from its start.</param>
    /// <param name="parent">The present champion's version, if there is one.</param>
    /// <param name="checkpoints">Where a long training leaves how far it is, and goes on from; null for nowhere. Whoever keeps the model removes them.</param>
    /// <param name="time">When training ended goes into the manifest.</param>
    /// <param name="progress">Told how far it is.</param>
    /// <param name="cancel">Stops it.</param>
    public static Task<Outcome<NewModel>> RunAsync(
        ITrainingFamily family, DataContract contract, LocalDrop drop, string? parent, CheckpointFiles? checkpoints, TimeProvider time, IProgress<TrainingProgress> progress, CancellationToken cancel) =>
        RunAsync(family, contract, drop, new ReadingContext(time.GetUtcNow()) { Profiled = false }, parent, checkpoints, time, progress, cancel);

    /// <summary>The same, of a drop that is read with more known of it; other arguments as above.</summary>
    /// <param name="family">The contract's family.</param>
    /// <param name="contract">What the drop must keep to.</param>
    /// <param name="drop">The data; read from its start.</param>
    /// <param name="context">What is known besides, such as where the models are that the contract builds on.</param>
    /// <param name="parent">The present champion's version, if there is one.</param>
    /// <param name="checkpoints">As above.</param>
    /// <param name="time">When training ended goes into the manifest.</param>
    /// <param name="progress">Told how far it is.</param>
    /// <param name="cancel">Stops it.</param>
    public static async Task<Outcome<NewModel>> RunAsync(
        ITrainingFamily family, DataContract contract, LocalDrop drop, ReadingContext context, string? parent, CheckpointFiles? checkpoints, TimeProvider time, IProgress<TrainingProgress> progress, CancellationToken cancel)
    {
        var read = (await family.ReadAsync(contract, drop, context, progress, cancel)).Rows;
        if (read is not Outcome<TrainingRows>.Done { Value: var rows }) return read.Pass<NewModel>();
        return await TrainAsync(family, contract, rows, drop.Sha256, parent, checkpoints, time, progress, cancel);
    }

    /// <summary>Trains on rows that were read.</summary>
    /// <param name="family">The contract's family.</param>
    /// <param name="contract">What the rows keep to.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="dataSha256">Identity of the data that they were read from.</param>
    /// <param name="parent">The present champion's version, if there is one.</param>
    /// <param name="checkpoints">Where a long training leaves how far it is, and goes on from; null for nowhere. Whoever keeps the model removes them.</param>
    /// <param name="time">When training ended goes into the manifest.</param>
    /// <param name="progress">Told how far it is.</param>
    /// <param name="cancel">Stops it.</param>
    public static async Task<NewModel> TrainAsync(
        ITrainingFamily family, DataContract contract, TrainingRows rows, string dataSha256, string? parent, CheckpointFiles? checkpoints, TimeProvider time, IProgress<TrainingProgress> progress, CancellationToken cancel)
    {
        var trained = await TrainAsync(family, rows, checkpoints, RunId.Of(dataSha256, contract, family), time, progress, cancel);
        var bundle = ModelBundle.Create(Describe(family, contract, dataSha256, parent, trained, time.GetUtcNow()), trained.Served);
        progress.Report(new("self-test"));
        var (fault, served) = Load(family.Serving, bundle, trained);
        return new NewModel(bundle, trained, rows.RowsInError, fault) { Served = served };
    }

    private static async Task<TrainedModel> TrainAsync(
        ITrainingFamily family, TrainingRows rows, CheckpointFiles? checkpoints, string runId, TimeProvider time, IProgress<TrainingProgress> progress, CancellationToken cancel)
    {
        if (checkpoints is null) return await TrainingThread.RunAsync(told => family.Train(rows, TrainingCheckpoints.None, told, cancel), progress);
        await using var run = await CheckpointedRun.OpenAsync(checkpoints, runId, time, cancel);
        return await TrainingThread.RunAsync(told => family.Train(rows, run, told, cancel), progress);
    }

    private static Manifest Describe(ITrainingFamily family, DataContract contract, string dataSha256, string? parent, TrainedModel trained, DateTimeOffset now) => new()
    {
        Family = family.Serving.Name,
        Portfolio = contract.Portfolio,
        RunId = RunId.Of(dataSha256, contract, family),
        Parent = parent,
        TrainedAt = now,
        DataSha256 = dataSha256,
        Rows = trained.Rows,
        // JSON has no NaN: a figure that could not be computed is not there, and a floor on it fails.
        Metrics = trained.Metrics.Where(m => double.IsFinite(m.Value)).ToDictionary(),
        Packages = Packages.All,
    };

    private static (string? Fault, ServedFigures? Figures) Load(IModelFamily family, ModelBundle bundle, TrainedModel trained)
    {
        try
        {
            using var served = family.Load(bundle);
            served.SelfTest();
            return (null, ServedFigures.Of(trained, served));
        }
        catch (InvalidModelException error)
        {
            return (error.Message, null);
        }
    }
}

/// <summary>A trained model before the gate.</summary>
/// <param name="Bundle">Its served files, without the files beside them.</param>
/// <param name="Trained">What was measured.</param>
/// <param name="RowsInError">Rows that were left out.</param>
/// <param name="SelfTestFault">Why it cannot be served or does not answer its golden inputs; null when it does.</param>
public sealed record NewModel(ModelBundle Bundle, TrainedModel Trained, int RowsInError, string? SelfTestFault)
{
    /// <summary>Name of the file beside the model that lists the rows it was fitted on, as <see cref="RowKeys"/>.</summary>
    public const string TrainedRowsFile = "trained-rows.bin";

    /// <summary>What it shows when it is loaded; absent when it cannot be served.</summary>
    public ServedFigures? Served { get; init; }

    /// <summary>Files beside the model that training knows nothing of, such as who registered it.</summary>
    public IReadOnlyDictionary<string, byte[]> Beside { get; init; } = new Dictionary<string, byte[]>();

    /// <summary>What the gate looks at; a figure that could not be computed is NaN here, so that its check fails instead of not being made.</summary>
    public GateEvidence Evidence => new(Trained.Metrics, SelfTestFault is null) { Columns = Trained.FigureColumns, Served = Served };

    /// <summary>The complete bundle: with the gate's verdict, the card, the list of trained rows and the profile of its data.</summary>
    /// <param name="gate">The verdict; null offline.</param>
    public ModelBundle Seal(GateVerdict? gate)
    {
        var manifest = Bundle.Manifest with { Gate = gate };
        return Bundle.With(manifest, new Dictionary<string, byte[]>(Trained.Card(manifest, Served).Concat(Beside))
        {
            [TrainedRowsFile] = Trained.TrainedOn.ToBytes(),
            [ModelProfile.FileName] = Json.File(Trained.Profile()),
        });
    }
}
