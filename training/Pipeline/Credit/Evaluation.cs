using System.Collections.Concurrent;
using Serverless.Serving.Credit;

namespace Serverless.Training.Credit;

/// <summary>Scores rows that were read for training and measures the answers.</summary>
public static class CreditEvaluation
{
    private const int BlockRows = 4096;

    /// <summary>
    /// Figures of a loaded model on the rows of an export, by their names in the manifest: <c>auc</c> with its 95 % interval <c>aucLow</c> to
    /// <c>aucHigh</c> (DeLong 1988), <c>ks</c>, <c>gini</c>, <c>brier</c>, <c>logLoss</c>, and <c>ece</c> over ten bins of equal count.
    /// </summary>
    public static IReadOnlyDictionary<string, double> Evaluate(CreditScorer model, CreditRows rows) =>
        ScoreMetrics.Of(rows.Bad, Score(model, new RowsUnder(rows, model.Contract), [.. Enumerable.Range(0, rows.Count)]));

    /// <summary>Probabilities that a loaded model gives to some rows, read under its contract. Columns that the rows lack count as missing.</summary>
    internal static double[] Score(CreditScorer model, RowsUnder rows, int[] of)
    {
        var bins = Bins(model.Card, rows, of);
        var (points, probabilities) = (new double[of.Length], new double[of.Length]);
        var width = model.Card.Columns.Count;
        for (var from = 0; from < of.Length; from += BlockRows)
        {
            var rowsOfBlock = Math.Min(BlockRows, of.Length - from);
            model.ScoreRows(bins.AsMemory(from * width, rowsOfBlock * width), points.AsMemory(from, rowsOfBlock), probabilities.AsMemory(from, rowsOfBlock));
        }

        return probabilities;
    }

    /// <summary>Points in hundredths and probabilities that a model gives to some rows, without its graph.</summary>
    internal static (long[] Points, double[] Probabilities) Score(CreditModel model, CreditRows rows, int[] of)
    {
        var bins = Bins(model.Table.Columns, rows, of);
        var (points, probabilities) = (new long[of.Length], new double[of.Length]);
        var width = model.Table.Columns.Count;
        Parallel.ForEach(Partitioner.Create(0, of.Length, BlockRows), TrainingThread.Loops(CancellationToken.None), range =>
        {
            for (var i = range.Item1; i < range.Item2; i++)
            {
                (var exact, probabilities[i]) = model.Score(bins.AsSpan(i * width, width));
                points[i] = (long)Math.Round(exact * 100);
            }
        });
        return (points, probabilities);
    }

    /// <summary>The graph's input for some rows: row after row what the model sees of each column.</summary>
    internal static long[] Bins(Scorecard card, RowsUnder rows, int[] of) => Bins(card.Columns, rows, of);

    /// <summary>The same of columns that were found in the rows' own contract.</summary>
    internal static long[] Bins(IReadOnlyList<ScorecardColumn> columns, CreditRows rows, int[] of) => Bins(columns, new RowsUnder(rows, rows.Contract), of);

    private static long[] Bins(IReadOnlyList<ScorecardColumn> columns, RowsUnder rows, int[] of)
    {
        var width = columns.Count;
        var bins = new long[of.Length * width];
        foreach (var (place, column) in columns.Index())
        {
            var ofColumn = rows.Column(column.Name)?.CodesIn(column, of);
            for (var i = 0; i < of.Length; i++) bins[(i * width) + place] = ofColumn is null ? column.CodeOf(column.MissingBin) : ofColumn[i];
        }

        return bins;
    }
}
