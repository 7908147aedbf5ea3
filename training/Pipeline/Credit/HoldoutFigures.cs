using Serverless.Serving.Credit;
using Serverless.Training.Quality;

namespace Serverless.Training.Credit;

/// <summary>What the holdout shows of one column of a model that was fitted without it.</summary>
/// <param name="Name">The column.</param>
/// <param name="Psi">Stability index of its bins, holdout against training.</param>
/// <param name="Auc">Area under the ROC curve of the column alone, by its weights of evidence.</param>
/// <param name="AucWithout">Area of the model when everyone gets what the column gives on average.</param>
/// <param name="Spread">Points between its worst and its best bin.</param>
/// <param name="Importance">Mean distance of what it gives from its average, in points.</param>
public sealed record ColumnFigures(string Name, double Psi, double Auc, double AucWithout, decimal Spread, double Importance);

/// <summary>What the holdout shows of a model besides how well it tells good from bad: how stable it is, and what hangs on each column.</summary>
/// <param name="ScorePsi">Stability index of the score in tenths of the training rows.</param>
/// <param name="Columns">In the model's order.</param>
public sealed record HoldoutFigures(double ScorePsi, IReadOnlyList<ColumnFigures> Columns)
{
    private const int Tenths = 10;

    /// <summary>Of boosted trees, the pairs of columns that do most together, the strongest first.</summary>
    public IReadOnlyList<PairFigures> Pairs { get; init; } = [];

    // What trees give a column takes a moment to compute; the mean over so many rows hardly moves.
    private const int MostExplained = 2000;

    // Each asks the graph for up to 16,384 rows.
    private const int MostExplainedOfImported = 200;

    /// <summary>Measures.</summary>
    /// <param name="model">Fitted on <paramref name="train"/>.</param>
    /// <param name="scored">Bins of a scorecard for every column of the model, found on the same rows: what a column tells alone, and how it drifts.</param>
    /// <param name="rows">All rows.</param>
    /// <param name="train">The rows that it was fitted on.</param>
    /// <param name="holdout">The others.</param>
    /// <param name="points">Its points on the holdout, in hundredths.</param>
    internal static HoldoutFigures Of(CreditModel model, IReadOnlyList<ScorecardColumn> scored, CreditRows rows, int[] train, int[] holdout, long[] points)
    {
        var (before, _) = CreditEvaluation.Score(model, rows, train);
        var bad = Array.ConvertAll(holdout, row => rows.Bad[row]);
        var most = model is ImportedModel ? MostExplainedOfImported : MostExplained;
        var stride = model is AdditiveModel ? 1 : Math.Max(1, (holdout.Length + most - 1) / most);
        int[] places = [.. Enumerable.Range(0, holdout.Length).Where(i => i % stride == 0)];
        var given = Explained(model, rows, Array.ConvertAll(places, i => holdout[i]));
        var (some, outcomes) = (Array.ConvertAll(places, i => points[i]), Array.ConvertAll(places, i => bad[i]));
        var (all, ofSome) = (Area(bad, Risk(points)), Area(outcomes, Risk(some)));
        var columns = new ColumnFigures[model.Table.Columns.Count];
        Parallel.For(0, columns.Length, TrainingThread.Loops(CancellationToken.None), c =>
        {
            var (column, alone) = (model.Table.Columns[c], scored.Single(s => s.Name == model.Table.Columns[c].Name));
            var bins = rows.Columns.Single(i => i.Column.Name == alone.Name).BinsIn(alone, holdout);
            var after = new double[alone.Bins.Count];
            foreach (var bin in bins) after[bin]++;
            columns[c] = new(
                column.Name,
                PopulationStability.Index([.. alone.Bins.Select(b => (double)b.Rows)], after),
                Area(bad, RankedBins(alone, bins)),
                all - ofSome + Area(outcomes, [.. some.Select((p, i) => (long)Math.Round(given[c][i]) - p)]),
                (column.Bins.Max(b => b.Points) - column.Bins.Min(b => b.Points)) / 100m,
                given[c].Average(Math.Abs) / 100);
        });
        return new(ScoreStability(before, points), columns) { Pairs = model is TreesModel trees ? PairFigures.Of(trees, rows, holdout) : [] };
    }

    private static long[] Risk(long[] points) => Array.ConvertAll(points, p => -p);

    // Column by column what it gives each row, in hundredths.
    private static double[][] Explained(CreditModel model, CreditRows rows, int[] of)
    {
        var width = model.Table.Columns.Count;
        var bins = CreditEvaluation.Bins(model.Table, new RowsUnder(rows, rows.Contract), of);
        double[][] given = [.. Enumerable.Range(0, width).Select(_ => new double[of.Length])];
        Parallel.For(0, of.Length, TrainingThread.Loops(CancellationToken.None), () => new double[width], (i, _, ofRow) =>
        {
            model.Contributions(bins.AsSpan(i * width, width), ofRow);
            for (var c = 0; c < width; c++) given[c][i] = ofRow[c];
            return ofRow;
        }, _ => { });
        return given;
    }

    // Bins of the same weight share their rank.
    private static long[] RankedBins(ScorecardColumn column, int[] bins)
    {
        double[] risks = [.. column.Bins.Select(b => -b.Woe).Distinct().Order()];
        var rank = column.Bins.Select(b => (long)Array.BinarySearch(risks, -b.Woe)).ToArray();
        return Array.ConvertAll(bins, bin => rank[bin]);
    }

    /// <summary>Area under the ROC curve of whole-numbered scores, by sorting whole numbers only; ties count half. NaN when a class is absent.</summary>
    internal static double Area(bool[] bad, long[] risk)
    {
        var (scores, outcomes) = ((long[])risk.Clone(), (bool[])bad.Clone());
        Array.Sort(scores, outcomes);
        double area = 0;
        long bads = 0, goods = 0;
        for (var from = 0; from < scores.Length;)
        {
            long badHere = 0, at = from;
            for (; at < scores.Length && scores[at] == scores[from]; at++) badHere += outcomes[at] ? 1 : 0;
            var goodHere = at - from - badHere;
            area += badHere * (goods + (goodHere / 2.0));
            (bads, goods, from) = (bads + badHere, goods + goodHere, (int)at);
        }

        return bads == 0 || goods == 0 ? double.NaN : area / ((double)bads * goods);
    }

    // Equal scores stay together, so the tenths are of about equal size.
    private static double ScoreStability(long[] before, long[] after)
    {
        var sorted = (long[])before.Clone();
        Array.Sort(sorted);
        long[] cuts = [.. Enumerable.Range(1, Tenths - 1).Select(i => sorted[(int)((long)i * sorted.Length / Tenths)]).Distinct()];
        return PopulationStability.Index(Count(before), Count(after));

        double[] Count(long[] scores)
        {
            var counts = new double[cuts.Length + 1];
            foreach (var score in scores)
            {
                var place = Array.BinarySearch(cuts, score);
                counts[place < 0 ? ~place : place]++;
            }

            return counts;
        }
    }
}
