using Serverless.Serving;
using Serverless.Serving.Credit;
using Serverless.Training.Drops;
using Serverless.Training.Quality;

namespace Serverless.Training.Credit;

/// <summary>
/// Trains every kind of credit model that the contract asks for, chooses between them on the holdout, and fits the chosen one on all rows.
/// Every random choice comes from the contract's seed.
/// </summary>
public sealed class CreditTrainer : ITrainingFamily
{
    /// <inheritdoc/>
    public IModelFamily Serving { get; } = new CreditFamily();

    /// <inheritdoc/>
    public int Revision => 4;

    /// <inheritdoc/>
    public Task<DropReading> ReadAsync(DataContract contract, LocalDrop drop, ReadingContext context, IProgress<TrainingProgress> progress, CancellationToken cancel) =>
        RowReader.ReadAsync((CreditContract)contract, drop, context, progress, cancel);

    /// <inheritdoc/>
    public TrainedModel Train(TrainingRows rows, TrainingCheckpoints checkpoints, IProgress<TrainingProgress> progress, CancellationToken cancel) =>
        Train((CreditRows)rows, (train, holdout) => Competition.Run((CreditRows)rows, train, holdout, progress, cancel), progress, cancel);

    /// <summary>The same, however the model comes about.</summary>
    /// <param name="loans">The rows.</param>
    /// <param name="compete">Fits on some rows and chooses by others.</param>
    /// <param name="progress">Told how far it is.</param>
    /// <param name="cancel">Stops it.</param>
    internal static CreditTrainedModel Train(CreditRows loans, Func<int[], int[], Competition> compete, IProgress<TrainingProgress> progress, CancellationToken cancel)
    {
        var rules = loans.Contract.Training;
        var (train, holdout, byDate) = Split.Holdout(loans, rules.Holdout, rules.Seed);
        var competition = compete(train, holdout);

        progress.Report(new TrainingProgress("evaluating"));
        var evaluated = competition.Winner.Fitted;
        int[] fittedOn = rules.Refit ? [.. Enumerable.Range(0, loans.Count)] : train;
        var (measured, served, autoencoder) = (default(Measured)!, evaluated, default(FittedAutoencoder));
        Parallel.Invoke(
            TrainingThread.Loops(cancel),
            () => autoencoder = loans.Contract.Autoencoder is { } asked ? FittedAutoencoder.Fit(loans, asked, f => progress.Report(new TrainingProgress("training the autoencoder", f)), cancel) : null,
            () => measured = Measured.Of(competition.Winner, loans, train, holdout),
            () =>
            {
                if (rules.Refit) served = evaluated.Refit(loans, fittedOn, f => progress.Report(new TrainingProgress("training on all rows", f)), cancel);
            });
        var (drifted, alone) = (measured.Shown.Columns.MaxBy(c => c.Psi), measured.Shown.Columns.MaxBy(c => c.Auc));
        return new CreditTrainedModel(loans, holdout, competition.Winner.Probabilities, measured.Profile)
        {
            Scorecard = served.Model.Table,
            Evaluated = evaluated.Model.Table,
            Competition = competition.Figures,
            Inputs = measured.Inputs ?? served.Inputs,
            SplitByDate = byDate,
            HoldoutBad = measured.Bad,
            HoldoutPoints = Array.ConvertAll(competition.Winner.Points, p => p / 100m),
            HoldoutProbabilities = competition.Winner.Probabilities,
            Autoencoder = autoencoder?.File,
            HoldoutOutliers = autoencoder?.Outliers(loans, holdout) ?? [],
            Served = new Dictionary<string, byte[]>(served.Files().Concat(autoencoder?.Files() ?? []))
            {
                ["model.onnx"] = served.Graph(),
                ["features.json"] = Json.File(served.Model.Table),
                ["contract.json"] = Json.File(loans.Contract),
                ["golden.json"] = Json.File(GoldenApplications.Of(served.Model, loans.Contract)),
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
    public async Task<Outcome<Evaluation>> EvaluateAsync(IServedModel model, LocalDrop file, DateTimeOffset now, IProgress<TrainingProgress> progress, CancellationToken cancel)
    {
        var scorer = (CreditScorer)model;
        var read = await RowReader.ReadAsync(scorer.Contract, file, new ReadingContext(now) { Profiled = false }, progress, cancel);
        return read.Rows.Then<Evaluation>(rows => new Evaluation(rows.Count, rows.RowsInError, CreditEvaluation.Evaluate(scorer, (CreditRows)rows)));
    }

    /// <inheritdoc/>
    public BehaviourDifferences Differences(ModelBundle a, ModelBundle b) => ScorecardDifferences.Of(a.Read<Scorecard>("features.json"), b.Read<Scorecard>("features.json"));

    /// <summary>What does not wait for the served model: the holdout under the evaluated one, and the profile of all rows.</summary>
    private sealed record Measured(bool[] Bad, HoldoutFigures Shown, SortedDictionary<string, double> Metrics, ModelProfile Profile, IReadOnlyList<ColumnUse>? Inputs)
    {
        // A scorecard brings the bins by which columns are judged, and its judgement; for other kinds they are found.
        public static Measured Of(Competitor winner, CreditRows rows, int[] train, int[] holdout)
        {
            var bad = Array.ConvertAll(holdout, row => rows.Bad[row]);
            var model = winner.Fitted.Model;
            var (scored, inputs) = model.Table.Kind == ModelKind.Scorecard ? (model.Table.Columns, null) : ScorecardFit.Judge(rows, train, model.Table);
            return new(
                bad,
                HoldoutFigures.Of(model, scored, rows, train, holdout, winner.Points),
                ScoreMetrics.Of(bad, winner.Probabilities),
                LoanReference.Of(rows, Array.ConvertAll(winner.Points, p => p / 100.0)),
                inputs);
        }
    }
}
