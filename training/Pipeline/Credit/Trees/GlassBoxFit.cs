using Serverless.Serving.Credit;
using Serverless.Training.Credit.LightGbm;

namespace Serverless.Training.Credit.Trees;

/// <summary>
/// A glass box (generalised additive model with pairs, Lou et al. 2013), grown by the engine of the boosted trees with two constraints: a path may hold
/// only one column, or the two of a pair. So the trees add up to curves and tables, which are all that is served; directions hold in their sum.
/// </summary>
/// <param name="Box">The model.</param>
/// <param name="Fitted">What it was made from.</param>
/// <param name="Pairs">The pairs of columns, by place.</param>
internal sealed record GlassBoxFit(AdditiveModel Box, FittedTrees Fitted, IReadOnlyList<(int First, int Second)> Pairs) : FittedModel(Box, [])
{
    // Small trees on what the columns alone leave over: what they gain, pairs tell.
    private static readonly TreeParameters Searching = new() { LearningRate = 0.1, Leaves = 4, MaxDepth = 2, ColumnShare = 1 };
    private const int SearchRounds = 80;

    /// <summary>Fits columns alone, finds pairs in what they leave over, and fits again with these; pairs stay only where held-out rows are told better.</summary>
    /// <param name="rows">An export.</param>
    /// <param name="train">The rows of it to fit on.</param>
    /// <param name="progress">Told the share that is done.</param>
    /// <param name="cancel">Stops it.</param>
    public static GlassBoxFit Fit(CreditRows rows, int[] train, Action<double> progress, CancellationToken cancel)
    {
        var rules = rows.Contract.Trees;
        var fitted = BoostedTrees.Fit(rows, train, rules, Shape(rows, []), null, f => progress(f / 2), cancel);
        var pairs = FindPairs(rows, train, fitted, cancel);
        if (pairs.Count > 0)
        {
            var paired = BoostedTrees.Fit(rows, train, rules, Shape(rows, pairs), fitted.Parameters, f => progress((1 + f) / 2), cancel);
            if (paired.HeldOutLoss < fitted.HeldOutLoss) fitted = paired;
            else pairs = [];
        }

        var (slope, intercept) = TreesFit.Calibrate(rows, fitted);
        return Of(rows, train, fitted, pairs, slope, intercept);
    }

    /// <inheritdoc/>
    public override byte[] Graph() => AdditiveGraph.Write(Model.Table);

    /// <inheritdoc/>
    public override FittedModel Refit(CreditRows rows, int[] on, Action<double> progress, CancellationToken cancel) => Of(
        rows, on, BoostedTrees.Fit(rows, on, rows.Contract.Trees, Shape(rows, Pairs), Fitted.Parameters, Fitted.Rounds, cancel), Pairs, Model.Table.Slope, Model.Table.Intercept);

    private static GlassBoxFit Of(CreditRows rows, int[] on, FittedTrees fitted, IReadOnlyList<(int First, int Second)> pairs, double slope, double intercept)
    {
        var terms = TermTables.Of(fitted.Grown, fitted.Features, fitted.Columns);
        var table = GlassBoxTable.Of(terms, fitted.Columns, CreditEvaluation.Bins(fitted.Columns, rows, on), rows.Contract) with { Slope = slope, Intercept = intercept };
        return new GlassBoxFit(new AdditiveModel(Used(table)), fitted, pairs);
    }

    // Columns that say nothing, alone or in a pair, are left out of what is served.
    private static Scorecard Used(Scorecard table)
    {
        int[] used = [.. Enumerable.Range(0, table.Columns.Count).Where(c => table.Columns[c].Bins.Any(b => b.Points != 0) || table.Pairs.Any(p => p.First == c || p.Second == c))];
        return used.Length == 0 ? table : table with
        {
            Columns = [.. used.Select(c => table.Columns[c])],
            Pairs = [.. table.Pairs.Select(p => p with { First = Array.IndexOf(used, p.First), Second = Array.IndexOf(used, p.Second) })],
        };
    }

    private static TreeShape Shape(CreditRows rows, IReadOnlyList<(int First, int Second)> pairs)
    {
        var removed = rows.Contract.GlassBox.Remove;
        var singles = Enumerable.Range(0, rows.Columns.Count).Where(c => !removed.Contains(rows.Columns[c].Column.Name)).Select(c => (IReadOnlyList<int>)[c]);
        return new TreeShape { Together = [.. singles, .. pairs.Select(p => (IReadOnlyList<int>)[p.First, p.Second])] };
    }

    private static List<(int First, int Second)> FindPairs(CreditRows rows, int[] train, FittedTrees alone, CancellationToken cancel)
    {
        if (rows.Contract.GlassBox.MaxPairs == 0 || rows.Columns.Count < 2) return [];
        using var problem = TreeProblem.Of(rows, train, rows.Contract.Trees, new TreeShape { MaxDepth = 2 });
        problem.Data.StartFrom(alone.Raw(rows, train));
        using var booster = new Booster(problem.Data, problem.Parameters(Searching with { MinRows = Math.Max(20, train.Length / 100) }, threads: 2));
        while (booster.Rounds < SearchRounds && booster.Grow()) cancel.ThrowIfCancellationRequested();
        Dictionary<(int First, int Second), double> gains = [];
        foreach (var tree in booster.Trees(booster.Rounds))
            foreach (var split in tree.Splits)
                foreach (var child in new[] { split.Left, split.Right }.Where(c => c >= 0))
                {
                    var (a, b) = (problem.Features.ColumnOf[split.Feature], problem.Features.ColumnOf[tree.Splits[child].Feature]);
                    var pair = (Math.Min(a, b), Math.Max(a, b));
                    if (a != b && !Removed(rows, pair)) gains[pair] = gains.GetValueOrDefault(pair) + tree.Splits[child].Gain;
                }

        return [.. gains.OrderByDescending(g => g.Value).ThenBy(g => g.Key).Take(rows.Contract.GlassBox.MaxPairs).Select(g => g.Key).Order()];
    }

    private static bool Removed(CreditRows rows, (int First, int Second) pair)
    {
        var (removed, first, second) = (rows.Contract.GlassBox.Remove, rows.Columns[pair.First].Column.Name, rows.Columns[pair.Second].Column.Name);
        return removed.Contains(first) || removed.Contains(second) || removed.Contains($"{first} & {second}") || removed.Contains($"{second} & {first}");
    }
}
