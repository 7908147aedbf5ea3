using Serverless.Serving;
using Serverless.Serving.Text;
using Serverless.Training.Quality;

namespace Serverless.Training.Text;

/// <summary>A trained text classifier with what was measured of it.</summary>
public sealed class TextTrainedModel : TrainedModel
{
    private readonly TextRows _drop;
    private readonly IReadOnlyList<TextRow> _holdout;
    private readonly IReadOnlyList<AnsweredText> _answers;
    private readonly Calibration _calibration;

    internal TextTrainedModel(TextRows drop, IReadOnlyList<TextRow> holdout, IReadOnlyList<AnsweredText> answers, Calibration calibration) =>
        (_drop, _holdout, _answers, _calibration) = (drop, holdout, answers, calibration);

    /// <summary>Of held-out texts written otherwise, how many kept their best intent.</summary>
    internal IReadOnlyList<InvarianceFigure> Invariance { get; init; } = [];

    /// <summary>Held-out texts whose labels may be wrong.</summary>
    internal IReadOnlyList<LabelSuspect> Suspects { get; init; } = [];

    /// <inheritdoc/>
    public override ModelProfile Profile() => TextTally.Reference(_drop);

    /// <summary>
    /// Compares in accuracy of the best intent. <see cref="Comparison.Rare"/> is the number of fresh rows of the intent that has fewest, 0 when one has none.
    /// </summary>
    public override Comparison CompareWith(IServedModel champion, RowKeys championTrainedOn)
    {
        int[] fresh = [.. Enumerable.Range(0, _holdout.Count).Where(i => !championTrainedOn.Contains(_holdout[i].Key))];
        var byChampion = TextEvaluation.Ask((TextClassifier)champion, Array.ConvertAll(fresh, i => (_holdout[i].Text, (string?)_drop.Intents[_holdout[i].Class])));
        var byNew = Array.ConvertAll(fresh, i => _answers[i]);
        return new Comparison(
            "accuracy",
            fresh.Length,
            Rarest(fresh),
            TextMetrics.Share(byNew, a => a.Predicted == a.Class),
            TextMetrics.Share(byChampion, a => a.Predicted == a.Class),
            TextMetrics.DifferenceError([.. byNew.Select(a => a.Predicted == a.Class)], [.. byChampion.Select(a => a.Predicted == a.Class)]))
        {
            Classes =
            [
                .. byNew.Zip(byChampion, (now, before) => (now.Class, Now: now.Predicted == now.Class, Before: before.Predicted == before.Class)).GroupBy(a => a.Class).OrderBy(g => g.Key).Select(g =>
                    new ClassComparison(_drop.Intents[g.Key], g.Count(), g.Count(a => a.Before), g.Count(a => a.Before && !a.Now), g.Count(a => a.Now && !a.Before))),
            ],
        };
    }

    /// <inheritdoc/>
    public override void Ask(IServedModel served)
    {
        if (((TextClassifier)served).Classify([_drop.Intents[0].Replace('_', ' ')], 1) is Outcome<IReadOnlyList<Classification>>.Rejected refused)
            throw new InvalidModelException($"A golden text is refused: {string.Join(' ', refused.Reasons)}");
    }

    /// <inheritdoc/>
    public override IReadOnlyList<CaseAnswer> AskCases(IServedModel served) => BehaviourCases.Ask((TextClassifier)served, _drop.Contract.Behaviour);

    private int Rarest(int[] rows)
    {
        var counts = rows.CountBy(i => _holdout[i].Class).ToDictionary();
        return counts.Count < _drop.Intents.Count ? 0 : counts.Values.Min();
    }

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, byte[]> Card(Manifest manifest, ServedFigures? served = null) => TextCard.Files(new(
        manifest,
        _drop.Contract,
        _drop.Intents,
        [.. _answers.Select(a => a.Class)],
        [.. _answers.Select(a => a.Predicted)],
        [.. _answers.Select(a => a.Confidence)],
        [.. _answers.Select(a => a.Evidence)],
        _calibration.Weights,
        _calibration.Score,
        _calibration.None)
    {
        Invariance = Invariance,
        Cases = served?.Cases ?? [],
        Suspects = [.. Suspects.Select(s => new SuspectedLabel(_drop.Place(_holdout[s.Text].Row), _drop.Intents[s.Label], _drop.Intents[s.Suggested], s.Probability, s.OfLabel))],
    });
}
