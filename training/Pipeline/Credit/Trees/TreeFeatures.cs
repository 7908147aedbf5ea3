using Serverless.Serving.Credit;

namespace Serverless.Training.Credit.Trees;

/// <summary>
/// The numbers that LightGBM learns from, made of bins by a table. A number's bin is its place, NaN where the value is missing or a special code; a column
/// with special codes has a second, categorical feature, which code it is, so that codes do not break a monotone direction. A category's bin is its
/// own value, missing among them; one that training never saw is in no set. A number that is missing where
/// training saw none counts as the middle of the training rows.
/// </summary>
internal sealed class TreeFeatures
{
    private TreeFeatures(List<(int Column, bool Category, double[] Table)> features) =>
        (ColumnOf, Categories, Tables) = ([.. features.Select(f => f.Column)], [.. Enumerable.Range(0, features.Count).Where(f => features[f].Category)], [.. features.Select(f => f.Table)]);

    /// <summary>The column of each feature.</summary>
    public int[] ColumnOf { get; }

    /// <summary>The features whose values have no order.</summary>
    public int[] Categories { get; }

    /// <summary>For each feature the number of each bin.</summary>
    public double[][] Tables { get; }

    /// <summary>Number of features.</summary>
    public int Count => ColumnOf.Length;

    /// <summary>The features of some columns.</summary>
    public static TreeFeatures Of(IReadOnlyList<ScorecardColumn> columns)
    {
        List<(int Column, bool Category, double[] Table)> features = [];
        foreach (var (c, column) in columns.Index())
        {
            var (ordinary, all) = (column.MissingBin, column.Bins.Count);
            if (column.Type == ColumnType.Category)
            {
                features.Add((c, true, [.. Enumerable.Range(0, all).Select(bin => (double)bin)]));
                continue;
            }

            var without = column.Bins.Skip(ordinary).Sum(bin => bin.Rows) > 0 ? double.NaN : Middle(column);
            features.Add((c, false, [.. Enumerable.Range(0, all).Select(bin => bin < ordinary ? bin : without)]));
            if (all > ordinary + 1) features.Add((c, true, [.. Enumerable.Range(0, all).Select(bin => (double)Math.Max(0, bin - ordinary))]));
        }

        return new TreeFeatures(features);
    }

    /// <summary>The features of some rows, column after column.</summary>
    /// <param name="rows">An export.</param>
    /// <param name="of">Rows of it.</param>
    /// <param name="columns">The columns that the features are of.</param>
    public float[] Values(CreditRows rows, int[] of, IReadOnlyList<ScorecardColumn> columns)
    {
        var values = new float[Count * of.Length];
        Parallel.For(0, Count, TrainingThread.Loops(CancellationToken.None), f =>
        {
            var bins = rows.Columns[ColumnOf[f]].BinsIn(columns[ColumnOf[f]], of);
            var into = values.AsSpan(f * of.Length, of.Length);
            for (var i = 0; i < into.Length; i++) into[i] = (float)Tables[f][bins[i]];
        });
        return values;
    }

    private static double Middle(ScorecardColumn column)
    {
        var (seen, half) = (0, column.Bins.Sum(bin => bin.Rows) / 2);
        for (var bin = 0; bin < column.MissingBin; bin++)
        {
            if ((seen += column.Bins[bin].Rows) > half) return bin;
        }

        return 0;
    }
}
