using Serverless.Serving.Credit;

namespace Serverless.Training.Credit;

/// <summary>What two columns of boosted trees do together.</summary>
/// <param name="First">One column.</param>
/// <param name="Second">The other one.</param>
/// <param name="Points">Mean points that both make of an application beyond what each makes alone, against the columns' most frequent values.</param>
public sealed record PairFigures(string First, string Second, double Points)
{
    private const int Most = 10, Applications = 50;

    /// <summary>
    /// The strongest pairs on some of the holdout. Of each application the mixed difference <c>F(a, b) − F(a', b) − F(a, b') + F(a', b')</c>, where a' and b' are
    /// the most frequent bins: 0 for columns that add up (Friedman and Popescu 2008). Columns that no path of a tree joins do.
    /// </summary>
    internal static IReadOnlyList<PairFigures> Of(TreesModel model, CreditRows rows, int[] holdout)
    {
        var columns = model.Table.Columns;
        var stride = Math.Max(1, holdout.Length / Applications);
        int[] some = [.. holdout.Where((_, i) => i % stride == 0).Take(Applications)];
        var bins = CreditEvaluation.Bins(columns, rows, some);
        int[] usual = [.. columns.Select(c => Enumerable.Range(0, c.Bins.Count).MaxBy(b => c.Bins[b].Rows))];
        var alone = new double[some.Length, columns.Count];
        var pairs = model.Trees.Pairs();
        var sums = new double[pairs.Count];
        Parallel.For(0, some.Length, TrainingThread.Loops(CancellationToken.None), i =>
        {
            for (var c = 0; c < columns.Count; c++) alone[i, c] = Raw(i, c, c);
        });
        Parallel.For(0, pairs.Count, TrainingThread.Loops(CancellationToken.None), p =>
        {
            var (a, b) = pairs[p];
            for (var i = 0; i < some.Length; i++) sums[p] += Math.Abs(model.Trees.Raw(bins.AsSpan(i * columns.Count, columns.Count)) - alone[i, a] - alone[i, b] + Raw(i, a, b));
        });
        return [.. pairs.Select((p, i) => new PairFigures(columns[p.First].Name, columns[p.Second].Name, model.Trees.Scale.Factor * sums[i] / some.Length)).OrderByDescending(p => p.Points).Take(Most)];

        double Raw(int row, int a, int b)
        {
            var changed = bins.AsSpan(row * columns.Count, columns.Count).ToArray();
            (changed[a], changed[b]) = (usual[a], usual[b]);
            return model.Trees.Raw(changed);
        }
    }
}
