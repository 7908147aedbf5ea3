using Serverless.Serving;
using Serverless.Serving.Text;
using Serverless.Training.Drops;

namespace Serverless.Training.Text;

/// <summary>
/// Trains text classifiers: hashed word and character n-grams with TF-IDF and multinomial logistic regression, beside it a convolutional network
/// over words, and the same regression over the vectors of a registered encoder; what each counts, and the threshold of "none", from texts that the model had
/// not seen.
/// </summary>
public sealed class TextTrainer : ITrainingFamily
{
    private const int GoldenTexts = 20, GoldenTop = 3;

    /// <inheritdoc/>
    public IModelFamily Serving { get; } = new TextFamily();

    /// <inheritdoc/>
    public int Revision => 4;

    /// <inheritdoc/>
    public Task<DropReading> ReadAsync(DataContract contract, LocalDrop drop, ReadingContext context, IProgress<TrainingProgress> progress, CancellationToken cancel) =>
        TextDrop.ReadAsync((TextContract)contract, drop, context, progress, cancel);

    /// <inheritdoc/>
    public TrainedModel Train(TrainingRows rows, TrainingCheckpoints checkpoints, IProgress<TrainingProgress> progress, CancellationToken cancel)
    {
        var drop = (TextRows)rows;
        var rules = drop.Contract.Training;
        var (train, holdout) = Split.Of(drop.InScope, rules.Holdout, rules.Seed);
        TextRow[] names = [.. IntentNames.Rows(drop.Intents)];
        TextRow[] some = [.. train, .. names], all = [.. drop.InScope, .. names];
        progress.Report(new("training"));
        var evaluated = FittedText.Fit(some, drop.Intents, cancel);
        using var encoder = drop.Encoder is { } registered ? EncodedTexts.Open(registered, drop.Contract.Encoder!, cancel) : null;
        if (encoder is not null)
        {
            encoder.Of([.. all.Concat(drop.OutOfScope).Select(r => r.Text)], done => progress.Report(new("encoding", done)));
            evaluated = evaluated with { Encoder = FittedEncoder.Fit(some, drop.Intents.Count, encoder, cancel) };
        }

        var onAll = evaluated;
        if (drop.Contract.Network is { } network)
        {
            // Neither waits for the other: the network for all rows has the holdout's calibration, not its weights.
            Action<double> told = done => progress.Report(new("training the network", done));
            Parallel.Invoke(
                TrainingThread.Loops(cancel),
                () => evaluated = evaluated.With(FittedNetwork.Fit(some, drop.Intents.Count, network, rules.Seed, new(checkpoints, "held-out"), told, cancel)),
                () => onAll = rules.Refit ? onAll.With(FittedNetwork.Fit(all, drop.Intents.Count, network, rules.Seed, new(checkpoints, "all"), _ => { }, cancel)) : onAll);
        }

        progress.Report(new("calibrating"));
        var (answers, calibration, choices, suspects) = TextEvaluation.CrossFit(evaluated, holdout, drop.OutOfScope, drop.Contract.MaxFalseNone);
        cancel.ThrowIfCancellationRequested();
        var invariance = Invariance.Of(
            [.. holdout.Select(row => row.Text)], drop.Contract.Behaviour, rules.Seed, texts => [.. evaluated.Scores(texts).Select(scores => TextEvaluation.Best(scores.Joined(calibration.Weights)))]);

        var fittedOn = rules.Refit ? drop.InScope : train;
        if (rules.Refit) progress.Report(new("training on all rows"));
        var served = rules.Refit ? onAll.On(all, cancel) : evaluated;
        return new TextTrainedModel(drop, holdout, answers, calibration)
        {
            Served = new Dictionary<string, byte[]>([.. KeptQuestions.File(drop, fittedOn), .. drop.Encoder?.Served.Select(f => KeyValuePair.Create(f.Key, f.Value.ToArray())) ?? []])
            {
                ["model.onnx"] = TextGraph.Write(served, calibration),
                ["features.json"] = Json.File(served.Features),
                ["contract.json"] = Json.File(drop.Contract),
                ["thresholds.json"] = Json.File(new TextThresholds(calibration.None, drop.Contract.AmbiguousMargin) { Score = calibration.Score }),
                ["golden.json"] = Json.File(Golden(served, calibration)),
            },
            Metrics = new Dictionary<string, double>([.. TextMetrics.Of(answers), .. calibration.Metrics(drop.Contract), .. invariance.Select(f => KeyValuePair.Create(f.Metric, f.Share)), .. choices.Select(c => KeyValuePair.Create($"outOfScopeRecallBy{c.Score}", c.Recall))])
            {
                ["labelSuspects"] = (double)suspects.Count / holdout.Count,
            },
            Invariance = invariance,
            Suspects = suspects,
            Rows = drop.Count,
            TrainedOn = new RowKeys(fittedOn.Select(r => r.Key)),
        };
    }

    /// <inheritdoc/>
    public async Task<Outcome<Evaluation>> EvaluateAsync(IServedModel model, LocalDrop file, DateTimeOffset now, IProgress<TrainingProgress> progress, CancellationToken cancel)
    {
        var classifier = (TextClassifier)model;
        var read = await TextDrop.LabelledAsync(classifier.Contract, file, progress, cancel);
        return read.Then<Evaluation>(labelled =>
        {
            var answers = TextEvaluation.Ask(classifier, [.. labelled.Rows.Select(r => (r.Text, r.Label == classifier.Contract.OutOfScopeLabel ? null : r.Label))]);
            var metrics = new Dictionary<string, double>(TextMetrics.Of(answers)) { ["unknownIntents"] = answers.Count(a => a.Class == -2) };
            return new Evaluation(answers.Count, labelled.Faults.Rows, metrics);
        });
    }

    // Customers' texts do not belong into a model's files: the names of the intents, read as texts, are asked instead.
    private static List<GoldenText> Golden(FittedText model, Calibration calibration)
    {
        string[] texts = [.. model.Features.Intents.Take(GoldenTexts).Select(intent => intent.Replace('_', ' '))];
        return [.. texts.Zip(model.Scores(texts), (text, scores) => new GoldenText(
            text,
            [.. calibration.Probabilities(scores).Index().OrderByDescending(p => p.Item).Take(GoldenTop).Select(p => new IntentProbability(model.Features.Intents[p.Index], p.Item))]))];
    }
}
