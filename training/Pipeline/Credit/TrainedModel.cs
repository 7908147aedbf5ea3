using Serverless.Serving;
using Serverless.Serving.Credit;
using Serverless.Training.Quality;

namespace Serverless.Training.Credit;

/// <summary>A trained credit model with what was measured of it.</summary>
public sealed class CreditTrainedModel : TrainedModel
{
    private readonly CreditRows _rows;
    private readonly int[] _holdout;
    private readonly double[] _probabilities;
    private readonly ModelProfile _profile;
    private IReadOnlyDictionary<string, System.Text.Json.JsonElement>? _golden;

    internal CreditTrainedModel(CreditRows rows, int[] holdout, double[] probabilities, ModelProfile profile) =>
        (_rows, _holdout, _probabilities, _profile) = (rows, holdout, probabilities, profile);

    /// <summary>The table of the served model: fitted on all rows where the contract asks for it.</summary>
    public required Scorecard Scorecard { get; init; }

    /// <summary>The table of the model that was evaluated: fitted without the holdout.</summary>
    public required Scorecard Evaluated { get; init; }

    /// <summary>How each kind of model did that was trained, in the contract's order.</summary>
    public required IReadOnlyList<KindFigures> Competition { get; init; }

    /// <summary>Every input with its information value, and why it is not used where it is not; of <see cref="Scorecard"/>.</summary>
    public required IReadOnlyList<ColumnUse> Inputs { get; init; }

    /// <summary>Whether the holdout is the last dates rather than a share of each class.</summary>
    public required bool SplitByDate { get; init; }

    /// <summary>Outcomes of the holdout.</summary>
    public required IReadOnlyList<bool> HoldoutBad { get; init; }

    /// <summary>Points that <see cref="Evaluated"/> gives to the holdout, in the order of <see cref="HoldoutBad"/>.</summary>
    public required IReadOnlyList<decimal> HoldoutPoints { get; init; }

    /// <summary>Probabilities of a bad loan that <see cref="Evaluated"/> gives to the holdout, in the order of <see cref="HoldoutBad"/>.</summary>
    public required IReadOnlyList<double> HoldoutProbabilities { get; init; }

    /// <summary>What the holdout shows of stability and of each column.</summary>
    public required HoldoutFigures Holdout { get; init; }

    /// <summary>The served autoencoder; null where the contract asks for none.</summary>
    public AutoencoderFile? Autoencoder { get; init; }

    /// <summary>Whether <see cref="Autoencoder"/> tells each row of the holdout as unlike those trained on; empty where there is none.</summary>
    public IReadOnlyList<bool> HoldoutOutliers { get; init; } = [];

    /// <summary>The contract that it was trained under.</summary>
    public CreditContract Contract => _rows.Contract;

    /// <summary>Numbers of the held-out rows among those that were read, ascending; for comparisons on the same split.</summary>
    internal IReadOnlyList<int> HoldoutRows => _holdout;

    /// <inheritdoc/>
    public override ModelProfile Profile() => _profile;

    /// <inheritdoc/>
    public override Comparison CompareWith(IServedModel champion, RowKeys championTrainedOn)
    {
        var fresh = Enumerable.Range(0, _holdout.Length).Where(i => !championTrainedOn.Contains(_rows.Keys[_holdout[i]])).ToArray();
        var bad = Array.ConvertAll(fresh, i => HoldoutBad[i]);
        var (scorer, byNew, bads) = ((CreditScorer)champion, Array.ConvertAll(fresh, i => _probabilities[i]), bad.Count(b => b));
        var under = new RowsUnder(_rows, scorer.Contract);
        var fault = scorer.Card.Columns.Select(c => under.Fault(c.Name)).FirstOrDefault(f => f is not null);
        var byChampion = fault is null ? CreditEvaluation.Score(scorer, under, Array.ConvertAll(fresh, i => _holdout[i])) : [];
        return new Comparison(
            "auc",
            fresh.Length,
            Math.Min(bads, bad.Length - bads),
            ScoreMetrics.Auc(bad, byNew).Auc,
            fault is null ? ScoreMetrics.Auc(bad, byChampion).Auc : double.NaN,
            fault is null ? ScoreMetrics.AucDifferenceError(bad, byNew, byChampion) : double.NaN)
        { NotComparable = fault };
    }

    /// <inheritdoc/>
    public override void Ask(IServedModel served)
    {
        _golden ??= served.Bundle.Read<IReadOnlyList<GoldenApplication>>("golden.json")[0].Fields;
        if (((CreditScorer)served).Score(_golden) is Outcome<CreditScore>.Rejected refused) throw new InvalidModelException($"A golden application is refused: {string.Join(' ', refused.Reasons)}");
    }

    /// <inheritdoc/>
    public override (int Directed, IReadOnlyList<string> Broken) Sweep(IServedModel served) => DirectionSweep.Run((CreditScorer)served);

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, byte[]> Card(Manifest manifest, ServedFigures? served = null) => CreditCard.Files(new CreditCardInput(
        manifest, Contract, Scorecard, SplitByDate, Period(), HoldoutBad, HoldoutProbabilities, [.. HoldoutPoints.Select(p => (double)p)], Holdout)
    {
        Dates = _rows.Dates.Length == 0 ? [] : Array.ConvertAll(_holdout, row => _rows.Dates[row]),
        Segments = CardSegments.Of(_rows, _holdout),
        Inputs = Inputs,
        Competition = Competition,
        Autoencoder = Autoencoder,
        Outliers = HoldoutOutliers,
        Fired = RuleCounts.Of(_rows, _holdout, Evaluated, HoldoutProbabilities, HoldoutOutliers),
    });

    private (DateOnly First, DateOnly Last)? Period() => _rows.Dates.Length == 0 ? null : (Day(_rows.Dates.Min()), Day(_rows.Dates.Max()));

    private static DateOnly Day(double days) => DateOnly.FromDateTime(DateTime.UnixEpoch.AddDays(Math.Floor(days)));
}
