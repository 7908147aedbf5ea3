using Serverless.Serving.Credit;

namespace Serverless.Training.Credit;

/// <summary>Fits a scorecard on some rows: binning, weights of evidence, regression, weights of bins, points, calibration.</summary>
internal static class ScorecardFit
{
    private const int Folds = 5;
    private const double Ridge = 0.1;

    // How strongly the weights of bins are drawn to the regression on weights of evidence; infinite is the regression itself.
    private static readonly double[] Draws = [double.PositiveInfinity, 30, 3];

    /// <summary>
    /// Fits. The bins come from all the given rows. The regression, the choice between draws and the calibration come from weights
    /// that each row got from bins found without its fold: a column that only fits noise earns no points, and probabilities are honest.
    /// </summary>
    public static Scorecard Fit(CreditRows rows, int[] train, Action<double> progress, CancellationToken cancel)
    {
        var fold = Split.Folds(rows, train, Folds, rows.Contract.Training.Seed);
        var (inside, outside) = (Enumerable.Range(0, Folds).Select(k => Pick(train, fold, f => f != k)).ToArray(), Enumerable.Range(0, Folds).Select(k => Pick(train, fold, f => f == k)).ToArray());
        var found = new ColumnBins[Folds][];
        var woe = rows.Columns.Select(_ => new double[rows.Count]).ToArray();
        for (var k = 0; k < Folds; k++)
        {
            cancel.ThrowIfCancellationRequested();
            progress(k / (3.0 * Folds));
            found[k] = Find(rows, inside[k]);
            foreach (var (c, bins) in found[k].Index()) bins.WriteRisk(rows.Columns[c], outside[k], woe[c]);
        }

        var regression = SignedLogistic.Fit(woe, rows.Bad, train, Ridge);
        var logOdds = Draws.Select(_ => new double[rows.Count]).ToArray();
        cancel.ThrowIfCancellationRequested();
        progress(1.0 / 3);
        Parallel.For(0, Folds, TrainingThread.Loops(cancel), k =>
        {
            var fit = SignedLogistic.Fit(woe, rows.Bad, inside[k], Ridge);
            var bins = Bins(rows, found[k]);
            BinWeights? last = null;
            foreach (var (d, draw) in Draws.Index())
            {
                last = Weigh(rows, found[k], fit, bins, inside[k], draw, last);
                foreach (var row in outside[k]) logOdds[d][row] = last.LogOdds(bins, row);
            }
        });

        cancel.ThrowIfCancellationRequested();
        progress(0.9);
        var best = Enumerable.Range(0, Draws.Length).MinBy(d => train.Sum(row => SignedNewton.Logistic(logOdds[d][row], rows.Bad[row]).Loss));
        var columns = Find(rows, train);
        return Write(rows, train, columns, Weigh(rows, columns, regression, Bins(rows, columns), train, Draws[best], null), logOdds[best]);
    }

    private static ColumnBins[] Find(CreditRows rows, int[] on)
    {
        var found = new ColumnBins[rows.Columns.Count];
        Parallel.For(0, found.Length, TrainingThread.Loops(CancellationToken.None), c => found[c] = ColumnBins.Find(rows.Columns[c], rows.Bad, on));
        return found;
    }

    private static int[][] Bins(CreditRows rows, ColumnBins[] found) =>
        [.. found.Select((bins, c) => rows.Columns[c].BinsIn(bins.Column, rows.Columns[c].Column))];

    // Columns that the regression left out stay out.
    private static BinWeights Weigh(CreditRows rows, ColumnBins[] found, SignedLogistic regression, int[][] bins, int[] on, double draw, BinWeights? start)
    {
        var prior = new BinWeights(regression.Intercept, [.. found.Select((f, c) => Array.ConvertAll(f.Woe, w => -w * regression.Coefficients[c]))]);
        if (double.IsInfinity(draw)) return prior;
        var used = Enumerable.Range(0, found.Length).Where(c => regression.Coefficients[c] > 0).ToArray();
        var fit = BinWeights.Fit(
            Of(start ?? prior),
            Of(prior),
            Array.ConvertAll(used, c => found[c].Directions),
            Array.ConvertAll(used, c => bins[c]),
            rows.Bad,
            on,
            draw);
        foreach (var (place, c) in used.Index()) prior.OfBins[c] = fit.OfBins[place];
        return prior with { Intercept = fit.Intercept };

        BinWeights Of(BinWeights all) => all with { OfBins = Array.ConvertAll(used, c => all.OfBins[c]) };
    }

    private static Scorecard Write(CreditRows rows, int[] train, ColumnBins[] found, BinWeights weights, double[] logOdds)
    {
        var scale = rows.Contract.Scale;
        var perLogOdds = scale.PointsToDoubleOdds / Math.Log(2);
        var columns = found.Select((f, c) => f.WithPoints(Array.ConvertAll(weights.OfBins[c], w => Hundredths(-perLogOdds * w)))).ToList();
        var used = columns.Where(c => c.Bins.Any(b => b.Points != 0)).ToList();
        var (slope, intercept) = Platt.Fit(Array.ConvertAll(train, row => PointsOf(logOdds[row])), Array.ConvertAll(train, row => rows.Bad[row]));
        return new Scorecard(
            Hundredths(PointsOf(weights.Intercept)),
            used.Count > 0 ? used : columns, // A model that found nothing still answers, with the same points for everyone.
            slope,
            intercept);

        double PointsOf(double ofBad) => scale.Base + (perLogOdds * (-ofBad - Math.Log(scale.BaseOdds)));
    }

    private static long Hundredths(double points) => (long)Math.Round(points * 100);

    private static int[] Pick(int[] train, int[] fold, Func<int, bool> holds) => [.. train.Where((_, i) => holds(fold[i]))];
}
