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
    public int Revision => 3;

    /// <inheritdoc/>
    public Task<DropReading> ReadAsync(DataContract contract, LocalDrop drop, ReadingContext context, IProgress<TrainingProgress> progress, CancellationToken cancel) =>
        RowReader.ReadAsync((CreditContract)contract, drop, context, progress, cancel);

    /// <inheritdoc/>
    public TrainedModel Train(TrainingRows rows, IProgress<TrainingProgress> progress, CancellationToken cancel)
    {
        var loans = (CreditRows)rows;
        var rules = loans.Contract.Training;
        var (train, holdout, byDate) = Split.Holdout(loans, rules.Holdout, rules.Seed);
        var evaluated = ScorecardFit.Fit(loans, train, draw: null, f => progress.Report(new TrainingProgress("training", f)), cancel);

        progress.Report(new TrainingProgress("evaluating"));
        var (points, probabilities) = CreditEvaluation.Score(evaluated.Card, loans, holdout);
        var bad = Array.ConvertAll(holdout, row => loans.Bad[row]);
        var shown = HoldoutFigures.Of(evaluated.Card, loans, train, holdout, points);
        var (drifted, alone) = (shown.Columns.MaxBy(c => c.Psi), shown.Columns.MaxBy(c => c.Auc));

        int[] fittedOn = rules.Refit ? [.. Enumerable.Range(0, loans.Count)] : train;
        var served = rules.Refit
            ? ScorecardFit.Fit(loans, fittedOn, evaluated.Draw, f => progress.Report(new TrainingProgress("training on all rows", f)), cancel)
            : evaluated;
        return new CreditTrainedModel(loans, holdout, probabilities)
        {
            Scorecard = served.Card,
            Evaluated = evaluated.Card,
            Inputs = served.Columns,
            SplitByDate = byDate,
            HoldoutBad = bad,
            HoldoutPoints = Array.ConvertAll(points, p => p / 100m),
            HoldoutProbabilities = probabilities,
            Served = new Dictionary<string, byte[]>
            {
                ["model.onnx"] = ScorecardGraph.Write(served.Card),
                ["features.json"] = Json.File(served.Card),
                ["contract.json"] = Json.File(loans.Contract),
                ["golden.json"] = Json.File(GoldenApplications.Of(served.Card, loans.Contract)),
            },
            Metrics = new SortedDictionary<string, double>(ScoreMetrics.Of(bad, probabilities), StringComparer.Ordinal)
            {
                ["scorePsi"] = shown.ScorePsi,
                ["columnPsi"] = drifted?.Psi ?? double.NaN,
                ["columnAuc"] = alone?.Auc ?? double.NaN,
            },
            FigureColumns = new Dictionary<string, string> { ["columnPsi"] = drifted?.Name ?? "", ["columnAuc"] = alone?.Name ?? "" },
            Holdout = shown,
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

    /// <inheritdoc/>
    public BehaviourDifferences Differences(ModelBundle a, ModelBundle b) => ScorecardDifferences.Of(a.Read<Scorecard>("features.json"), b.Read<Scorecard>("features.json"));
}
