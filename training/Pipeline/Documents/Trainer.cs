using System.Globalization;
using Serverless.Serving;
using Serverless.Serving.Documents;
using Serverless.Training.Drops;
using Serverless.Training.Quality;
using Serverless.Training.Text;

namespace Serverless.Training.Documents;

/// <summary>
/// Trains picture classifiers: a residual network whose pictures are changed by chance at each step; its temperature, and by which number and threshold
/// none of the labels is told, from pictures that it did not see.
/// </summary>
public sealed class DocumentTrainer : ITrainingFamily
{
    private const int GoldenPictures = 12, GoldenTop = 3;

    // Between the scores of the trained network and of the graph that is served.
    private const double MostApart = 1e-4;

    /// <inheritdoc/>
    public IModelFamily Serving { get; } = new DocumentFamily();

    /// <inheritdoc/>
    public int Revision => 1;

    /// <inheritdoc/>
    public DropForms Forms => DocumentDrop.Forms;

    /// <inheritdoc/>
    public async Task<DropReading> ReadAsync(DataContract contract, LocalDrop drop, ReadingContext context, IProgress<TrainingProgress> progress, CancellationToken cancel)
    {
        var read = await DocumentRows.ReadAsync((DocumentContract)contract, drop, context, progress, cancel);
        return new(read, read is Outcome<TrainingRows>.Done { Value: var rows } ? Quality(contract, drop, context, rows) : null);
    }

    /// <inheritdoc/>
    public TrainedModel Train(TrainingRows rows, TrainingCheckpoints checkpoints, IProgress<TrainingProgress> progress, CancellationToken cancel)
    {
        var drop = (DocumentRows)rows;
        var (contract, rules) = (drop.Contract, drop.Contract.Training);
        var (train, holdout) = Split.Of(drop.InScope, r => r.Class, r => r.Key, rules.Holdout, rules.Seed);
        progress.Report(new("training"));
        var features = FrameSize.Of(contract.Picture, train.ConvertAll(r => r.Picture), drop.Labels);

        // Neither waits for the other: the network for all rows has the holdout's calibration, not its weights.
        FittedPictures? evaluated = null, onAll = null;
        Parallel.Invoke(
            TrainingThread.Loops(cancel),
            () => evaluated = Fit(train, features, contract, new(checkpoints, "held-out"), done => progress.Report(new("training the network", done)), cancel),
            () => onAll = rules.Refit ? Fit(drop.InScope, features, contract, new(checkpoints, "all"), _ => { }, cancel) : null);
        var served = onAll ?? evaluated!;

        progress.Report(new("calibrating"));
        FramedPicture[] held = [.. holdout.Select(r => Framed(r, features))];
        var crossFitted = DocumentEvaluation.CrossFit(
            evaluated!.Scores(held), holdout.ConvertAll(r => r.Class), evaluated.Scores([.. drop.OutOfScope.Select(r => Framed(r, features))]), drop.Labels.Count, contract.MaxFalseNone);
        cancel.ThrowIfCancellationRequested();
        var calibration = crossFitted.Calibration with { Means = onAll is null ? crossFitted.Calibration.Means : MeansOf(onAll, held, holdout, drop.Labels.Count) };
        var graph = PictureGraph.Write(served, calibration);
        var metrics = new Dictionary<string, double>([.. DocumentEvaluation.Metrics(crossFitted.Answers), .. crossFitted.Choices.Select(c => KeyValuePair.Create($"outOfScopeRecallBy{c.Score}", c.Recall))])
        {
            ["temperature"] = 1 / calibration.Sharpness,
            ["noneBelow"] = calibration.None,
            ["labelSuspects"] = (double)crossFitted.Suspects.Count / holdout.Count,
            ["graphApart"] = GraphCheck.Apart(graph, served, calibration, held, MostApart),
        };
        var fittedOn = rules.Refit ? drop.InScope : train;
        return new DocumentTrainedModel(drop, holdout, features, crossFitted)
        {
            Served = new Dictionary<string, byte[]>
            {
                ["model.onnx"] = graph,
                ["features.json"] = Json.File(features),
                ["contract.json"] = Json.File(contract),
                ["thresholds.json"] = Json.File(new DocumentThresholds(calibration.None, calibration.Score)),
                ["golden.json"] = Json.File(Golden(served, calibration, rules.Seed)),
            },
            Metrics = metrics,
            FigureColumns = DocumentEvaluation.Worst(crossFitted.Answers) is { } worst ? new Dictionary<string, string> { ["worstRecall"] = drop.Labels[worst.Class] } : [],
            Rows = drop.Count,
            TrainedOn = new RowKeys(fittedOn.Select(r => r.Key)),
        };
    }

    /// <inheritdoc/>
    public async Task<Outcome<Evaluation>> EvaluateAsync(IServedModel model, LocalDrop file, DateTimeOffset now, IProgress<TrainingProgress> progress, CancellationToken cancel)
    {
        var classifier = (DocumentClassifier)model;
        var read = await new PictureReader(classifier.Contract, keep: true, progress).ReadAsync(file, cancel);
        return read.Then<Evaluation>(labelled =>
        {
            var answers = DocumentEvaluation.Ask(classifier, labelled.Rows.ConvertAll(r => (r.Picture!, r.Label == classifier.Contract.OutOfScopeLabel ? null : (string?)r.Label)));
            return new Evaluation(answers.Count, labelled.Faults.Rows, new Dictionary<string, double>(DocumentEvaluation.Metrics(answers)) { ["unknownLabels"] = answers.Count(a => a.Class == -2) });
        });
    }

    private static FittedPictures Fit(IReadOnlyList<DocumentRow> rows, PictureFeatures features, DocumentContract contract, CheckpointSlot slot, Action<double> progress, CancellationToken cancel) =>
        new(features, PictureFit.Train([.. rows.Select(r => new PictureSample(Framed(r, features), r.Class))], features, contract.Network, contract.Augmentation, contract.Training.Seed, slot, progress, cancel));

    private static FramedPicture Framed(DocumentRow row, PictureFeatures features) => FramedPicture.Of(row.Picture, features.Height, features.Width, features.Channels);

    private static NearestMeans MeansOf(FittedPictures fitted, FramedPicture[] held, List<DocumentRow> holdout, int labels) =>
        NearestMeans.Of(fitted.Scores(held), holdout.ConvertAll(r => r.Class), labels);

    private static List<GoldenPicture> Golden(FittedPictures fitted, PictureCalibration calibration, int seed)
    {
        int[] seeds = [.. Enumerable.Range(0, GoldenPictures).Select(i => unchecked(seed + i))];
        var scores = fitted.Scores([.. seeds.Select(s => FramedPicture.Of(GoldenPicture.Draw(s, fitted.Features), fitted.Features.Height, fitted.Features.Width, fitted.Features.Channels))]);
        return [.. seeds.Zip(scores, (s, of) => new GoldenPicture(
            s,
            [.. calibration.Probabilities(of).Index().OrderByDescending(p => p.Item).Take(GoldenTop).Select(p => new LabelProbability(fitted.Features.Labels[p.Index], p.Item))]))];
    }

    private static DropQuality Quality(DataContract contract, LocalDrop drop, ReadingContext context, TrainingRows rows) => new()
    {
        Family = contract.Family,
        Portfolio = contract.Portfolio,
        ContractVersion = contract.Version,
        DataSha256 = drop.Sha256,
        ReadAt = context.Now,
        Rows = rows.Count + rows.RowsInError,
        RowsInError = rows.RowsInError,
        Findings = rows.RowsInError == 0 ? [] : [new(Gravity.Mend, string.Create(CultureInfo.InvariantCulture, $"{rows.RowsInError} of {rows.Count + rows.RowsInError} pictures are in error and cannot be used."))],
    };
}
