using Serverless.Serving;
using Serverless.Serving.Credit;
using Serverless.Training.Drops;

namespace Serverless.Training.Credit;

/// <summary>
/// Trains scorecards: optimal binning (Navas-Palencia 2020), weights of evidence, logistic regression with signs kept, points by PDO
/// and Platt's calibration. Every random choice comes from the contract's seed.
/// </summary>
public sealed class CreditTrainer : ITrainingFamily
{
    /// <inheritdoc/>
    public IModelFamily Serving { get; } = new CreditFamily();

    /// <inheritdoc/>
    public int Revision => 2;

    /// <inheritdoc/>
    public async Task<DropReading> ReadAsync(DataContract contract, LocalDrop drop, ReadingContext context, IProgress<TrainingProgress> progress, CancellationToken cancel) =>
        new((await RowReader.ReadAsync((CreditContract)contract, drop, progress, cancel)).Then<TrainingRows>(rows => rows), null);

    /// <inheritdoc/>
    public TrainedModel Train(TrainingRows rows, IProgress<TrainingProgress> progress, CancellationToken cancel)
    {
        var loans = (CreditRows)rows;
        var rules = loans.Contract.Training;
        var (train, holdout, byDate) = Split.Holdout(loans, rules.Holdout, rules.Seed);
        var evaluated = ScorecardFit.Fit(loans, train, f => progress.Report(new TrainingProgress("training", f)), cancel);

        progress.Report(new TrainingProgress("evaluating"));
        var (points, probabilities) = CreditEvaluation.Score(evaluated, loans, holdout);
        var bad = Array.ConvertAll(holdout, row => loans.Bad[row]);

        int[] fittedOn = rules.Refit ? [.. Enumerable.Range(0, loans.Count)] : train;
        var served = rules.Refit
            ? ScorecardFit.Fit(loans, fittedOn, f => progress.Report(new TrainingProgress("training on all rows", f)), cancel)
            : evaluated;
        return new CreditTrainedModel(loans, holdout, probabilities)
        {
            Scorecard = served,
            Evaluated = evaluated,
            SplitByDate = byDate,
            HoldoutBad = bad,
            HoldoutPoints = Array.ConvertAll(points, p => p / 100m),
            HoldoutProbabilities = probabilities,
            Served = new Dictionary<string, byte[]>
            {
                ["model.onnx"] = ScorecardGraph.Write(served),
                ["features.json"] = Json.File(served),
                ["contract.json"] = Json.File(loans.Contract),
                ["golden.json"] = Json.File(GoldenApplications.Of(served, loans.Contract)),
            },
            Metrics = ScoreMetrics.Of(bad, probabilities),
            Rows = loans.Count,
            TrainedOn = new RowKeys(fittedOn.Select(row => loans.Keys[row])),
        };
    }

    /// <inheritdoc/>
    public async Task<Outcome<Evaluation>> EvaluateAsync(IServedModel model, LocalDrop file, IProgress<TrainingProgress> progress, CancellationToken cancel)
    {
        var scorer = (CreditScorer)model;
        return (await RowReader.ReadAsync(scorer.Contract, file, progress, cancel))
            .Then<Evaluation>(rows => new Evaluation(rows.Count, rows.RowsInError, CreditEvaluation.Evaluate(scorer, rows)));
    }
}
