using Serverless.Serving;
using Serverless.Serving.Credit;
using Serverless.Training.Drops;
using Serverless.Training.Quality;

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
        int[] fittedOn = rules.Refit ? [.. Enumerable.Range(0, loans.Count)] : train;
        var (measured, served) = (default(Measured)!, evaluated);
        Parallel.Invoke(
            TrainingThread.Loops(cancel),
            () => measured = Measure(evaluated.Card, loans, train, holdout),
            () =>
            {
                if (rules.Refit) served = ScorecardFit.Fit(loans, fittedOn, evaluated.Draw, f => progress.Report(new TrainingProgress("training on all rows", f)), cancel);
            });
        var (drifted, alone) = (measured.Shown.Columns.MaxBy(c => c.Psi), measured.Shown.Columns.MaxBy(c => c.Auc));
        return new CreditTrainedModel(loans, holdout, measured.Probabilities, measured.Profile)
        {
            Scorecard = served.Card,
            Evaluated = evaluated.Card,
            Inputs = served.Columns,
            SplitByDate = byDate,
            HoldoutBad = measured.Bad,
            HoldoutPoints = Array.ConvertAll(measured.Points, p => p / 100m),
            HoldoutProbabilities = measured.Probabilities,
            Served = new Dictionary<string, byte[]>
            {
                ["model.onnx"] = ScorecardGraph.Write(served.Card),
                ["features.json"] = Json.File(served.Card),
                ["contract.json"] = Json.File(loans.Contract),
                ["golden.json"] = Json.File(GoldenApplications.Of(served.Card, loans.Contract)),
            },
            Metrics = new SortedDictionary<string, double>(measured.Metrics, StringComparer.Ordinal)
            {
                ["scorePsi"] = measured.Shown.ScorePsi,
                ["columnPsi"] = drifted?.Psi ?? double.NaN,
                ["columnAuc"] = alone?.Auc ?? double.NaN,
            },
            FigureColumns = new Dictionary<string, string> { ["columnPsi"] = drifted?.Name ?? "", ["columnAuc"] = alone?.Name ?? "" },
            Holdout = measured.Shown,
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

    private static Measured Measure(Scorecard card, CreditRows rows, int[] train, int[] holdout)
    {
        var (points, probabilities) = CreditEvaluation.Score(card, rows, holdout);
        var bad = Array.ConvertAll(holdout, row => rows.Bad[row]);
        return new Measured(
            bad,
            points,
            probabilities,
            HoldoutFigures.Of(card, rows, train, holdout, points),
            ScoreMetrics.Of(bad, probabilities),
            LoanReference.Of(rows, Array.ConvertAll(points, p => p / 100.0)));
    }

    /// <summary>What does not wait for the served scorecard: the holdout under the evaluated one, and the profile of all rows.</summary>
    private sealed record Measured(
        bool[] Bad, long[] Points, double[] Probabilities, HoldoutFigures Shown, SortedDictionary<string, double> Metrics, ModelProfile Profile);
}
