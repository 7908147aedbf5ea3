using Serverless.Serving.Credit;

namespace Serverless.Training.Credit;

/// <summary>Fits a scorecard on some rows: binning, weights of evidence, regression, points, calibration.</summary>
internal static class ScorecardFit
{
    private const int Folds = 5;
    private const double Ridge = 1;

    /// <summary>
    /// Fits. The bins come from all the given rows; the coefficients and the calibration from weights of evidence that each row
    /// got from bins found without its fold, so that a column that only fits noise earns no points, and probabilities are honest.
    /// </summary>
    public static Scorecard Fit(CreditRows rows, int[] train, Action<double> progress, CancellationToken cancel)
    {
        var fold = Split.Folds(rows, train, Folds, rows.Contract.Training.Seed);
        var woe = rows.Columns.Select(_ => new double[rows.Count]).ToArray();
        for (var k = 0; k < Folds; k++)
        {
            cancel.ThrowIfCancellationRequested();
            progress(k / (Folds + 1.0));
            var inside = Pick(train, fold, f => f != k);
            var outside = Pick(train, fold, f => f == k);
            Parallel.For(0, woe.Length, c => Weigh(rows, c, inside, outside, woe[c]));
        }

        cancel.ThrowIfCancellationRequested();
        progress(Folds / (Folds + 1.0));
        var regression = SignedLogistic.Fit(woe, rows.Bad, train, Ridge);
        var scale = rows.Contract.Scale;
        var perLogOdds = scale.PointsToDoubleOdds / Math.Log(2);
        var points = new double[rows.Count];
        for (var k = 0; k < Folds; k++)
        {
            var without = SignedLogistic.Fit(woe, rows.Bad, Pick(train, fold, f => f != k), Ridge);
            foreach (var row in Pick(train, fold, f => f == k)) points[row] = Points(scale, without, woe, row);
        }

        var (slope, intercept) = Platt.Fit(Array.ConvertAll(train, r => points[r]), Array.ConvertAll(train, r => rows.Bad[r]));
        var bins = new ColumnBins[woe.Length];
        Parallel.For(0, bins.Length, c => bins[c] = ColumnBins.Find(rows.Columns[c], rows.Bad, train));
        var columns = bins.Select((b, c) => WithPoints(b, perLogOdds * regression.Coefficients[c])).ToList();
        var used = columns.Where(c => c.Bins.Any(b => b.Points != 0)).ToList();
        return new Scorecard(
            Hundredths(scale.Base + (perLogOdds * (-regression.Intercept - Math.Log(scale.BaseOdds)))),
            used.Count > 0 ? used : columns, // A model that found nothing still answers, with the same points for everyone.
            slope,
            intercept);
    }

    private static void Weigh(CreditRows rows, int column, int[] inside, int[] outside, double[] woe)
    {
        var bins = ColumnBins.Find(rows.Columns[column], rows.Bad, inside);
        var of = rows.Columns[column].BinsIn(bins.Column, rows.Columns[column].Column);
        foreach (var row in outside) woe[row] = -bins.Woe[of[row]];
    }

    private static double Points(PointScale scale, SignedLogistic fit, double[][] woe, int row)
    {
        var logOdds = fit.Intercept;
        for (var c = 0; c < woe.Length; c++) logOdds += fit.Coefficients[c] * woe[c][row];
        return scale.Base + (scale.PointsToDoubleOdds / Math.Log(2) * (-logOdds - Math.Log(scale.BaseOdds)));
    }

    private static ScorecardColumn WithPoints(ColumnBins found, double factor)
    {
        var bins = found.Column.Bins.Select(b => b with { Points = Hundredths(factor * b.Woe) }).ToArray();
        var average = bins.Sum(b => (double)b.Points * b.Rows) / bins.Sum(b => b.Rows);
        return found.Column with { Bins = bins, AveragePoints = (long)Math.Round(average) };
    }

    private static long Hundredths(double points) => (long)Math.Round(points * 100);

    private static int[] Pick(int[] train, int[] fold, Func<int, bool> holds) => [.. train.Where((_, i) => holds(fold[i]))];
}
