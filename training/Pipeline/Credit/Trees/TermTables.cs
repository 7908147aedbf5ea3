using Serverless.Serving.Credit;
using Serverless.Training.Credit.LightGbm;

namespace Serverless.Training.Credit.Trees;

/// <summary>
/// Trees whose paths hold one or two columns, taken apart into a number for each bin of a column and each two bins of a pair. Every leaf is a
/// constant on a rectangle of bins, so the parts add up to exactly what the trees say.
/// </summary>
internal sealed class TermTables
{
    private readonly TreeFeatures _features;

    private TermTables(TreeFeatures features, IReadOnlyList<ScorecardColumn> columns)
    {
        _features = features;
        Singles = [.. columns.Select(c => new double[c.Bins.Count])];
    }

    /// <summary>Log-odds that every row gets.</summary>
    public double Constant { get; private set; }

    /// <summary>Log-odds of each bin of each column.</summary>
    public double[][] Singles { get; }

    /// <summary>Log-odds of each two bins, by the pair's columns in ascending order.</summary>
    public SortedDictionary<(int First, int Second), double[,]> Pairs { get; } = [];

    /// <summary>Takes trees apart.</summary>
    /// <exception cref="InvalidOperationException">A path holds three columns: the trees were grown without the constraint.</exception>
    public static TermTables Of(IReadOnlyList<BoostedTree> trees, TreeFeatures features, IReadOnlyList<ScorecardColumn> columns)
    {
        var tables = new TermTables(features, columns);
        foreach (var tree in trees)
        {
            if (tree.Splits.Count == 0) tables.Constant += tree.Leaves[0];
            else tables.Visit(tree, 0, []);
        }

        return tables;
    }

    private void Visit(BoostedTree tree, int at, Dictionary<int, bool[]> within)
    {
        if (at < 0)
        {
            Add(tree.Leaves[~at], within);
            return;
        }

        var split = tree.Splits[at];
        var (column, table) = (_features.ColumnOf[split.Feature], _features.Tables[split.Feature]);
        var left = Array.ConvertAll(table, v => double.IsNaN(v) ? split.MissingLeft : split.Members is { } set ? set.Contains((int)v) : v <= split.Threshold);
        var before = within.GetValueOrDefault(column);
        foreach (var (child, side) in new[] { (split.Left, true), (split.Right, false) })
        {
            within[column] = [.. left.Select((goesLeft, bin) => goesLeft == side && before?[bin] != false)];
            Visit(tree, child, within);
        }

        if (before is null) within.Remove(column);
        else within[column] = before;
    }

    private void Add(double leaf, Dictionary<int, bool[]> within)
    {
        int[] columns = [.. within.Keys.Order()];
        if (columns.Length > 2) throw new InvalidOperationException("A path of a glass box holds three columns.");
        var rows = within[columns[0]];
        if (columns.Length == 1)
        {
            for (var bin = 0; bin < rows.Length; bin++)
                if (rows[bin]) Singles[columns[0]][bin] += leaf;
            return;
        }

        var across = within[columns[1]];
        if (!Pairs.TryGetValue((columns[0], columns[1]), out var pair)) Pairs[(columns[0], columns[1])] = pair = new double[rows.Length, across.Length];
        for (var r = 0; r < rows.Length; r++)
        {
            if (!rows[r]) continue;
            for (var c = 0; c < across.Length; c++)
                if (across[c]) pair[r, c] += leaf;
        }
    }
}
