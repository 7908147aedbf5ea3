using Serverless.Serving.Credit;

namespace Serverless.Training.Credit.Trees;

/// <summary>Boosted trees as a model of a competition.</summary>
/// <param name="Trees">The model.</param>
/// <param name="Fitted">What it was made from.</param>
internal sealed record TreesFit(TreesModel Trees, FittedTrees Fitted) : FittedModel(Trees, [])
{
    // The mean over so many rows hardly moves.
    private const int Backgrounds = 100;

    /// <summary>Searches and fits; probabilities are calibrated on rows that the search held out.</summary>
    /// <param name="rows">An export.</param>
    /// <param name="train">The rows of it to fit on.</param>
    /// <param name="progress">Told the share that is done.</param>
    /// <param name="cancel">Stops it.</param>
    public static TreesFit Fit(CreditRows rows, int[] train, Action<double> progress, CancellationToken cancel)
    {
        var fitted = BoostedTrees.Fit(rows, train, rows.Contract.Trees, null, null, progress, cancel);
        var (slope, intercept) = Calibrate(rows, fitted);
        return Of(rows, train, fitted, slope, intercept);
    }

    /// <summary>Slope and intercept of the probability, by the rows that the search held out.</summary>
    public static (double Slope, double Intercept) Calibrate(CreditRows rows, FittedTrees fitted) =>
        Platt.Fit([.. fitted.HeldOutRaw.Select(rows.Contract.Scale.PointsOf)], [.. fitted.HeldOutRows.Select(row => rows.Bad[row])]);

    /// <inheritdoc/>
    public override byte[] Graph() => Fitted.Graph(Trees.Trees.Scale);

    /// <inheritdoc/>
    public override FittedModel Refit(CreditRows rows, int[] on, Action<double> progress, CancellationToken cancel) =>
        Of(rows, on, BoostedTrees.Fit(rows, on, rows.Contract.Trees, null, Fitted.Parameters, Fitted.Rounds, cancel), Trees.Table.Slope, Trees.Table.Intercept);

    private static TreesFit Of(CreditRows rows, int[] on, FittedTrees fitted, double slope, double intercept)
    {
        var scale = TreeScale.Of(rows.Contract.Scale, slope, intercept);
        var trees = TreeEnsemble.Parse(fitted.Graph(scale), fitted.Columns);
        var table = new Scorecard((long)Math.Round(100 * scale.Points(trees.Expected)), Shapes(trees, fitted.Columns, rows, on), slope, intercept) { Kind = ModelKind.BoostedTrees };
        return new TreesFit(new TreesModel(table, trees), fitted);
    }

    // What each bin does on average: its partial dependence (Friedman 2001), 0 for the average of the training rows.
    private static ScorecardColumn[] Shapes(TreeEnsemble trees, IReadOnlyList<ScorecardColumn> columns, CreditRows rows, int[] on)
    {
        var stride = Math.Max(1, on.Length / Backgrounds);
        int[] some = [.. on.Where((_, i) => i % stride == 0).Take(Backgrounds)];
        var width = columns.Count;
        var bins = CreditEvaluation.Bins(columns, rows, some);
        var shaped = new ScorecardColumn[width];
        Parallel.For(0, width, TrainingThread.Loops(CancellationToken.None), c =>
        {
            var (column, of, row) = (columns[c], new double[columns[c].Bins.Count], new long[width]);
            for (var i = 0; i < some.Length; i++)
            {
                bins.AsSpan(i * width, width).CopyTo(row);
                for (row[c] = 0; row[c] < of.Length; row[c]++) of[row[c]] += trees.Raw(row) / some.Length;
            }

            var average = column.Bins.Index().Sum(b => b.Item.Rows * of[b.Index]) / Math.Max(1, column.Bins.Sum(b => b.Rows));
            shaped[c] = column with { Bins = [.. column.Bins.Select((bin, b) => bin with { Points = (long)Math.Round(-100 * trees.Scale.Factor * (of[b] - average)) })] };
        });
        return shaped;
    }
}
