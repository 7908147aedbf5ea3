using Serverless.Serving.Credit;
using Serverless.Training.Quality;

namespace Serverless.Training.Credit;

/// <summary>What the holdout shows of one column of a scorecard that was fitted without it.</summary>
/// <param name="Name">The column.</param>
/// <param name="Psi">Stability index of its bins, holdout against training.</param>
/// <param name="Auc">Area under the ROC curve of the column alone, by its weights of evidence.</param>
/// <param name="AucWithout">Area of the scorecard when everyone gets the column's average points.</param>
/// <param name="Spread">Points between its worst and its best bin.</param>
public sealed record ColumnFigures(string Name, double Psi, double Auc, double AucWithout, decimal Spread);

/// <summary>What the holdout shows of a scorecard besides how well it tells good from bad: how stable it is, and what hangs on each column.</summary>
/// <param name="ScorePsi">Stability index of the score in tenths of the training rows.</param>
/// <param name="Columns">In the scorecard's order.</param>
public sealed record HoldoutFigures(double ScorePsi, IReadOnlyList<ColumnFigures> Columns)
{
    private const int Tenths = 10;

    /// <summary>Measures.</summary>
    /// <param name="card">Fitted on <paramref name="train"/>.</param>
    /// <param name="rows">All rows.</param>
    /// <param name="train">The rows that it was fitted on.</param>
    /// <param name="holdout">The others.</param>
    /// <param name="points">Its points on the holdout, in hundredths.</param>
    internal static HoldoutFigures Of(Scorecard card, CreditRows rows, int[] train, int[] holdout, long[] points)
    {
        var (before, _) = CreditEvaluation.Score(card, rows, train);
        var bins = CreditEvaluation.Bins(card, rows.Contract, rows, holdout);
        var bad = Array.ConvertAll(holdout, row => rows.Bad[row]);
        return new(ScoreStability(before, points), [.. card.Columns.Select((column, place) => OfColumn(column, Array.ConvertAll(Of(bins, place, card.Columns.Count), b => (int)b), bad, points))]);
    }

    private static ColumnFigures OfColumn(ScorecardColumn column, int[] bins, bool[] bad, long[] points)
    {
        var after = new double[column.Bins.Count];
        foreach (var bin in bins) after[bin]++;
        return new(
            column.Name,
            PopulationStability.Index([.. column.Bins.Select(b => (double)b.Rows)], after),
            Area(bad, RankedBins(column, bins)),
            Area(bad, [.. points.Select((p, i) => column.Bins[bins[i]].Points - column.AveragePoints - p)]),
            (column.Bins.Max(b => b.Points) - column.Bins.Min(b => b.Points)) / 100m);
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

    private static long[] Of(long[] bins, int place, int width)
    {
        var column = new long[bins.Length / width];
        for (var i = 0; i < column.Length; i++) column[i] = bins[(i * width) + place];
        return column;
    }
}
