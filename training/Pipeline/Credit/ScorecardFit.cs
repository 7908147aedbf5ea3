using Serverless.Serving.Credit;

namespace Serverless.Training.Credit;

/// <summary>A scorecard that was fitted on some rows.</summary>
/// <param name="Card">The scorecard.</param>
/// <param name="Inputs">Every input, in the contract's order.</param>
/// <param name="Draw">How strongly the weights of bins were drawn to the regression.</param>
internal sealed record FittedScorecard(Scorecard Card, IReadOnlyList<ColumnUse> Inputs, double Draw) : FittedModel(new AdditiveModel(Card), Inputs)
{
    /// <inheritdoc/>
    public override byte[] Graph() => AdditiveGraph.Write(Model.Table);

    /// <inheritdoc/>
    public override FittedModel Refit(CreditRows rows, int[] on, Action<double> progress, CancellationToken cancel) => ScorecardFit.Fit(rows, on, Draw, progress, cancel);
}

/// <summary>
/// Fits a scorecard on some rows: binning, weights of evidence, choice of columns, regression, weights of bins, points, calibration. The bins
/// come from all the given rows. The regression, the choice between draws and the calibration come from weights that each row got from bins
/// found without its fold: a column that only fits noise earns no points, and probabilities are honest.
/// </summary>
internal sealed class ScorecardFit
{
    private const int Folds = 5;
    private const double Ridge = 0.1;

    // Of so many rows two folds choose between the draws.
    private const int Many = 50_000;

    // How strongly the weights of bins are drawn to the regression on weights of evidence; infinite is the regression itself.
    private static readonly double[] Draws = [double.PositiveInfinity, 30, 3];

    private readonly CreditContract _contract;
    private readonly FoldedRows _rows;
    private readonly Prebins[] _prebins;
    private readonly ColumnBins[] _whole;
    private readonly ColumnUse[] _uses;
    private readonly int[] _chosen;
    private readonly ColumnBins[][] _found = new ColumnBins[Folds][];
    private readonly double[][] _risk;
    private readonly double[][] _logOdds;

    private ScorecardFit(CreditRows rows, int[] train)
    {
        (_contract, _rows) = (rows.Contract, FoldedRows.Of(rows, train, Folds));
        (_prebins, _whole) = Bins(rows, _rows);
        _uses = ColumnUse.Judge(_whole, _prebins, _contract.Scorecard);
        _chosen = [.. Enumerable.Range(0, _uses.Length).Where(c => _uses[c].NotUsed is null)];
        _risk = Array.ConvertAll(_chosen, _ => new double[_rows.Count]);
        _logOdds = Array.ConvertAll(Draws, _ => new double[_rows.Count]);
    }

    /// <summary>Fits.</summary>
    /// <param name="rows">An export.</param>
    /// <param name="train">The rows of it to fit on.</param>
    /// <param name="draw">The draw to use; null to choose.</param>
    /// <param name="progress">Told the share that is done.</param>
    /// <param name="cancel">Stops it.</param>
    public static FittedScorecard Fit(CreditRows rows, int[] train, double? draw, Action<double> progress, CancellationToken cancel)
    {
        var fit = new ScorecardFit(rows, train);
        cancel.ThrowIfCancellationRequested();
        progress(0.2);
        fit.FindWithoutFolds(cancel);
        var regression = SignedLogistic.Fit(fit._risk, fit._rows.Bad, fit._rows.Without(null), Ridge, rows.Contract.Scorecard.Lasso);
        cancel.ThrowIfCancellationRequested();
        progress(0.4);

        var choosing = draw is not null ? 0 : train.Length >= Many ? 2 : Folds;
        Parallel.For(0, choosing, TrainingThread.Loops(cancel), k => fit.WeighWithout(k, Draws));
        cancel.ThrowIfCancellationRequested();
        progress(0.7);
        var chosen = draw ?? fit.Best(choosing);
        var weights = new BinWeights(0, []);
        Parallel.For(choosing, Folds + 1, TrainingThread.Loops(cancel), k =>
        {
            if (k < Folds) fit.WeighWithout(k, [chosen]);
            else weights = fit.Weigh(Array.ConvertAll(fit._chosen, c => fit._whole[c]), regression, null, chosen, null);
        });
        return fit.Write(regression, weights, chosen);
    }

    /// <summary>The bins of every input on some rows, as the scorecard gets them.</summary>
    public static IReadOnlyList<ScorecardColumn> BinsOf(CreditRows rows, int[] on) => [.. Bins(rows, FoldedRows.Of(rows, on, 1)).Found.Select(found => found.Column)];

    /// <summary>What every input tells on some rows, and whether a model with the given columns uses it.</summary>
    public static (IReadOnlyList<ScorecardColumn> Bins, IReadOnlyList<ColumnUse> Uses) Judge(CreditRows rows, int[] on, Scorecard model)
    {
        var (_, found) = Bins(rows, FoldedRows.Of(rows, on, 1));
        var used = model.Columns.Select(c => c.Name).ToHashSet();
        return (
            [.. found.Select(f => f.Column)],
            [.. found.Select(f => new ColumnUse(f.Column.Name, f.InformationValue, f.Column.MissingBin, used.Contains(f.Column.Name) ? null : "boosting found no use for it"))]);
    }

    private static (Prebins[] Prebins, ColumnBins[] Found) Bins(CreditRows rows, FoldedRows folded)
    {
        var (prebins, found) = (new Prebins[rows.Columns.Count], new ColumnBins[rows.Columns.Count]);
        Parallel.For(0, prebins.Length, TrainingThread.Loops(CancellationToken.None), c =>
        {
            prebins[c] = Prebins.Of(rows.Columns[c], folded);
            found[c] = ColumnBins.Find(prebins[c], rows.Contract.Scorecard);
        });
        return (prebins, found);
    }

    // Risk is the negative weight of evidence: the greater, the riskier.
    private void FindWithoutFolds(CancellationToken cancel)
    {
        for (var k = 0; k < Folds; k++) _found[k] = new ColumnBins[_chosen.Length];
        Parallel.For(0, _chosen.Length, TrainingThread.Loops(cancel), c =>
        {
            var prebins = _prebins[_chosen[c]];
            for (var k = 0; k < Folds; k++)
            {
                var found = _found[k][c] = ColumnBins.Find(prebins, _contract.Scorecard, without: k);
                var risk = Array.ConvertAll(found.BinOfCode, bin => -found.Woe[bin]);
                for (var place = _rows.Starts[k]; place < _rows.Starts[k + 1]; place++) _risk[c][place] = risk[prebins.Codes[place]];
            }
        });
    }

    private void WeighWithout(int fold, double[] draws)
    {
        var regression = SignedLogistic.Fit(_risk, _rows.Bad, _rows.Without(fold), Ridge, _contract.Scorecard.Lasso);
        BinWeights? last = null;
        foreach (var draw in draws)
        {
            last = Weigh(_found[fold], regression, fold, draw, last);
            var logOdds = _logOdds[Array.IndexOf(Draws, draw)];
            logOdds.AsSpan(_rows.Of(fold)).Fill(last.Intercept);
            foreach (var (c, found) in _found[fold].Index())
            {
                var (ofCode, codes) = (Array.ConvertAll(found.BinOfCode, bin => last.OfBins[c][bin]), _prebins[_chosen[c]].Codes);
                for (var place = _rows.Starts[fold]; place < _rows.Starts[fold + 1]; place++) logOdds[place] += ofCode[codes[place]];
            }
        }
    }

    private double Best(int folds) => Draws[Enumerable.Range(0, Draws.Length).MinBy(d =>
        Enumerable.Range(0, _rows.Starts[folds]).Sum(place => SignedNewton.Logistic(_logOdds[d][place], _rows.Bad[place]).Loss))];

    // Columns that the regression left out stay out.
    private BinWeights Weigh(ColumnBins[] found, SignedLogistic regression, int? without, double draw, BinWeights? start)
    {
        var prior = new BinWeights(regression.Intercept, [.. found.Select((f, c) => Array.ConvertAll(f.Woe, w => -w * regression.Coefficients[c]))]);
        var used = Enumerable.Range(0, found.Length).Where(c => regression.Coefficients[c] > 0).ToArray();
        if (double.IsInfinity(draw) || used.Length == 0) return prior;
        var fit = BinWeights.Fit(
            Of(start ?? prior), Of(prior), Array.ConvertAll(used, c => found[c].Directions), Binned(found, used, _rows.Without(without)), draw);
        foreach (var (place, c) in used.Index()) prior.OfBins[c] = fit.OfBins[place];
        return prior with { Intercept = fit.Intercept };

        BinWeights Of(BinWeights all) => all with { OfBins = Array.ConvertAll(used, c => all.OfBins[c]) };
    }

    private BinnedRows Binned(ColumnBins[] found, int[] used, Range[] ranges)
    {
        var count = ranges.Sum(range => range.GetOffsetAndLength(_rows.Count).Length);
        var (bins, bad) = (new int[count * used.Length], new bool[count]);
        var first = 1;
        foreach (var (column, c) in used.Index())
        {
            var (codes, place) = (_prebins[_chosen[c]].Codes, Array.ConvertAll(found[c].BinOfCode, bin => first + bin));
            first += found[c].Woe.Length;
            var at = column;
            foreach (var range in ranges)
            {
                foreach (var code in codes.AsSpan(range))
                {
                    bins[at] = place[code];
                    at += used.Length;
                }
            }
        }

        var row = 0;
        foreach (var range in ranges)
        {
            _rows.Bad.AsSpan(range).CopyTo(bad.AsSpan(row));
            row += range.GetOffsetAndLength(_rows.Count).Length;
        }

        return new BinnedRows(bins, bad, used.Length);
    }

    private FittedScorecard Write(SignedLogistic regression, BinWeights weights, double draw)
    {
        var scale = _contract.Scale;
        var columns = _whole.Select((found, c) => found.WithPoints(Array.IndexOf(_chosen, c) is var at and >= 0
            ? Array.ConvertAll(weights.OfBins[at], w => Hundredths(-scale.PerLogOdds * w))
            : new long[found.Woe.Length])).ToList();
        var used = columns.Where(Gives).ToList();
        var logOdds = _logOdds[Array.IndexOf(Draws, draw)];
        var (slope, intercept) = Platt.Fit(Array.ConvertAll(logOdds, scale.PointsOf), _rows.Bad);
        var card = new Scorecard(
            Hundredths(scale.PointsOf(weights.Intercept)),
            used.Count > 0 ? used : columns, // A model that found nothing still answers, with the same points for everyone.
            slope,
            intercept);
        return new FittedScorecard(card, [.. _uses.Select((use, c) => use.After(Coefficient(c), Gives(columns[c]), _contract.Scorecard, _prebins[c].Input.Column.Monotone))], draw);

        double Coefficient(int column) => Array.IndexOf(_chosen, column) is var at and >= 0 ? regression.Coefficients[at] : 0;
    }

    private static bool Gives(ScorecardColumn column) => column.Bins.Any(b => b.Points != 0);

    private static long Hundredths(double points) => (long)Math.Round(points * 100);
}
