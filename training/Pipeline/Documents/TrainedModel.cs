using Serverless.Serving;
using Serverless.Serving.Documents;
using Serverless.Training.Quality;
using Serverless.Training.Text;

namespace Serverless.Training.Documents;

/// <summary>A trained picture classifier with what was measured of it.</summary>
public sealed class DocumentTrainedModel : TrainedModel
{
    private readonly DocumentRows _drop;
    private readonly IReadOnlyList<DocumentRow> _holdout;
    private readonly PictureFeatures _features;
    private readonly CrossFitted _fitted;

    internal DocumentTrainedModel(DocumentRows drop, IReadOnlyList<DocumentRow> holdout, PictureFeatures features, CrossFitted fitted) =>
        (_drop, _holdout, _features, _fitted) = (drop, holdout, features, fitted);

    /// <inheritdoc/>
    public override ModelProfile Profile()
    {
        var counts = _drop.InScope.CountBy(r => r.Class).ToDictionary();
        var shares = counts.ToDictionary(c => _drop.Labels[c.Key], c => (double)c.Value / _drop.InScope.Count);
        return new() { Rows = _drop.Count, Columns = [new() { Name = _drop.Contract.LabelColumn, Rows = _drop.InScope.Count, Values = new SortedDictionary<string, double>(shares, StringComparer.Ordinal) }] };
    }

    /// <summary>
    /// Compares in accuracy of the best label. <see cref="Comparison.Rare"/> is the number of fresh pictures of the label that has fewest, 0 when one has none.
    /// </summary>
    public override Comparison CompareWith(IServedModel champion, RowKeys championTrainedOn)
    {
        int[] fresh = [.. Enumerable.Range(0, _holdout.Count).Where(i => !championTrainedOn.Contains(_holdout[i].Key))];
        var byChampion = DocumentEvaluation.Ask((DocumentClassifier)champion, Array.ConvertAll(fresh, i => (_holdout[i].Picture, (string?)_drop.Labels[_holdout[i].Class])));
        var byNew = Array.ConvertAll(fresh, i => _fitted.Answers[i]);
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
                    new ClassComparison(_drop.Labels[g.Key], g.Count(), g.Count(a => a.Before), g.Count(a => a.Before && !a.Now), g.Count(a => a.Now && !a.Before))),
            ],
        };
    }

    /// <inheritdoc/>
    public override void Ask(IServedModel served) => ((DocumentClassifier)served).Classify(GoldenPicture.Draw(_drop.Contract.Training.Seed, _features), 1);

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, byte[]> Card(Manifest manifest, ServedFigures? served = null) => DocumentCard.Files(new(
        manifest, _drop.Contract, _features, _fitted, [.. _fitted.Suspects.Select(s => new SuspectedLabel(_drop.Place(_holdout[s.Text].Row), _drop.Labels[s.Label], _drop.Labels[s.Suggested], s.Probability, s.OfLabel))]));

    private int Rarest(int[] rows)
    {
        var counts = rows.CountBy(i => _holdout[i].Class).ToDictionary();
        return counts.Count < _drop.Labels.Count ? 0 : counts.Values.Min();
    }
}
