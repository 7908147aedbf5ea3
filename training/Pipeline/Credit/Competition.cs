using Serverless.Serving.Credit;
using Serverless.Training.Credit.Trees;

namespace Serverless.Training.Credit;

/// <summary>One model of a competition, with its answers on the holdout.</summary>
/// <param name="Fitted">Fitted without the holdout.</param>
/// <param name="Points">Points of the holdout, in hundredths.</param>
/// <param name="Probabilities">Probabilities of a bad loan of the holdout.</param>
internal sealed record Competitor(FittedModel Fitted, long[] Points, double[] Probabilities)
{
    /// <summary>Its kind.</summary>
    public ModelKind Kind => Fitted.Model.Table.Kind;
}

/// <summary>How one kind did.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Auc">Area under the ROC curve on the holdout.</param>
/// <param name="LogLoss">Log loss on the holdout.</param>
/// <param name="Against">The kind that was preferred to it so far; null for the first one.</param>
/// <param name="Confidence">How sure it is, by the paired test, that it is better than that one.</param>
/// <param name="Wins">Whether it is better by margin and confidence, or is the first one.</param>
public sealed record KindFigures(ModelKind Kind, double Auc, double LogLoss, ModelKind? Against, double? Confidence, bool Wins);

/// <summary>
/// Fits every kind that the contract asks for on the same rows and chooses by the same holdout: the preferred kind, unless another beats it by a
/// stated margin with a paired test (DeLong, DeLong and Clarke-Pearson 1988). The winner then stands before the gate like any new model.
/// </summary>
/// <param name="Winner">The chosen one.</param>
/// <param name="Figures">Every kind, in the contract's order.</param>
internal sealed record Competition(Competitor Winner, IReadOnlyList<KindFigures> Figures)
{
    /// <summary>Runs it.</summary>
    /// <param name="rows">An export.</param>
    /// <param name="train">The rows to fit on.</param>
    /// <param name="holdout">The rows to choose by.</param>
    /// <param name="progress">Told how far it is.</param>
    /// <param name="cancel">Stops it.</param>
    public static Competition Run(CreditRows rows, int[] train, int[] holdout, IProgress<TrainingProgress> progress, CancellationToken cancel)
    {
        List<Competitor> competitors = [];
        foreach (var kind in Kinds(rows.Contract))
        {
            var fitted = Fit(kind, rows, train, f => progress.Report(new TrainingProgress($"training {Name(kind)}", f)), cancel);
            var (points, probabilities) = CreditEvaluation.Score(fitted.Model, rows, holdout);
            competitors.Add(new(fitted, points, probabilities));
        }

        return Choose(rows.Contract.Models, Array.ConvertAll(holdout, row => rows.Bad[row]), competitors);
    }

    /// <summary>Chooses; a pure function of the answers.</summary>
    /// <param name="rules">Margin and confidence.</param>
    /// <param name="bad">Outcomes of the holdout.</param>
    /// <param name="competitors">The preferred one first.</param>
    public static Competition Choose(ModelChoice rules, bool[] bad, IReadOnlyList<Competitor> competitors)
    {
        var winner = competitors[0];
        List<KindFigures> figures = [Measure(winner, bad, null, null, true)];
        foreach (var next in competitors.Skip(1))
        {
            var gain = ScoreMetrics.Auc(bad, next.Probabilities).Auc - ScoreMetrics.Auc(bad, winner.Probabilities).Auc;
            var confidence = new Comparison("auc", bad.Length, 0, gain, 0, ScoreMetrics.AucDifferenceError(bad, next.Probabilities, winner.Probabilities)).ConfidenceWithin(0);
            var wins = gain >= rules.Margin && confidence >= rules.Confidence;
            figures.Add(Measure(next, bad, winner.Kind, confidence, wins));
            if (wins) winner = next;
        }

        return new(winner, figures);
    }

    /// <summary>A kind in words.</summary>
    public static string Name(ModelKind kind) => kind switch
    {
        ModelKind.GlassBox => "glass box",
        ModelKind.BoostedTrees => "boosted trees",
        ModelKind.Imported => "imported model",
        _ => "scorecard",
    };

    // Where a column may turn once, boosting could not keep it: the scorecard can.
    private static IEnumerable<ModelKind> Kinds(CreditContract contract) => BoostedTrees.Supports(contract) ? contract.Models.Kinds : [ModelKind.Scorecard];

    private static FittedModel Fit(ModelKind kind, CreditRows rows, int[] train, Action<double> progress, CancellationToken cancel) => kind switch
    {
        ModelKind.GlassBox => GlassBoxFit.Fit(rows, train, progress, cancel),
        ModelKind.BoostedTrees => TreesFit.Fit(rows, train, progress, cancel),
        _ => ScorecardFit.Fit(rows, train, draw: null, progress, cancel),
    };

    private static KindFigures Measure(Competitor one, bool[] bad, ModelKind? against, double? confidence, bool wins) =>
        new(one.Kind, ScoreMetrics.Auc(bad, one.Probabilities).Auc, ScoreMetrics.LogLoss(bad, one.Probabilities), against, confidence, wins);
}
