namespace Serverless.Serving.Credit;

/// <summary>
/// Boosted trees over the bins of a contract's columns, as read from the served ONNX graph: what explains is what scores. Each split is
/// a set of bins of one column, so that missing, special and unknown values need no rules of their own. Safe for parallel calls.
/// </summary>
public sealed class TreeEnsemble
{
    /// <summary>Splits on a path at most; more are refused.</summary>
    internal const int MaxDepth = 128;

    private readonly Split[] _splits;
    private readonly ulong[] _sets;
    private readonly double[] _leaves;
    private readonly Tree[] _trees;
    private readonly int[] _columnOfPlayer;

    internal TreeEnsemble(Split[] splits, ulong[] sets, double[] leaves, Tree[] trees, int[] columnOfPlayer, int columns, TreeScale scale)
    {
        (_splits, _sets, _leaves, _trees, _columnOfPlayer) = (splits, sets, leaves, trees, columnOfPlayer);
        (Columns, Scale) = (columns, scale);
        Expected = trees.Sum(tree => Mean(tree.Root));
    }

    /// <summary>Number of columns whose bins are needed.</summary>
    public int Columns { get; }

    /// <summary>Number of trees.</summary>
    public int Trees => _trees.Length;

    /// <summary>Number of leaves of all trees.</summary>
    public int Leaves => _leaves.Length;

    /// <summary>Mean raw log-odds of the training rows, by the rows that went each way: what contributions are measured from.</summary>
    public double Expected { get; }

    /// <summary>How raw log-odds become points and a probability.</summary>
    public TreeScale Scale { get; }

    /// <summary>Reads the trees of a graph that the trainer wrote.</summary>
    /// <param name="graph">The bytes of the ONNX file.</param>
    /// <param name="columns">The columns in the order of its input <c>bins</c>.</param>
    /// <exception cref="InvalidModelException">The graph is another one, or its trees are no trees: with the first fault.</exception>
    public static TreeEnsemble Parse(ReadOnlyMemory<byte> graph, IReadOnlyList<ScorecardColumn> columns) => TreeGraph.Read(graph, columns);

    /// <summary>Raw log-odds of a bad loan: the sum of the leaves that the row reaches.</summary>
    /// <param name="bins">The bin of each column.</param>
    public double Raw(ReadOnlySpan<long> bins)
    {
        double sum = 0;
        foreach (var tree in _trees)
        {
            var at = tree.Root;
            while (at >= 0)
            {
                ref readonly var split = ref _splits[at];
                at = GoesLeft(split, bins[split.Column]) ? split.Left : split.Right;
            }

            sum += _leaves[~at];
        }

        return sum;
    }

    /// <summary>
    /// What each column adds to <see cref="Expected"/> to give <see cref="Raw"/>: path-dependent TreeSHAP (Lundberg, Erion and Lee 2018), the
    /// Shapley values of the game in which an unknown feature follows both ways of a split by their training rows.
    /// </summary>
    /// <param name="bins">The bin of each column.</param>
    /// <param name="ofColumns">Filled with the log-odds of each column.</param>
    public void Contributions(ReadOnlySpan<long> bins, Span<double> ofColumns)
    {
        Span<double> ofPlayers = stackalloc double[_columnOfPlayer.Length];
        ofPlayers.Clear();
        foreach (var tree in _trees) TreeShapley.Add(this, tree, bins, ofPlayers);
        ofColumns.Clear();
        for (var p = 0; p < ofPlayers.Length; p++) ofColumns[_columnOfPlayer[p]] += ofPlayers[p];
    }

    /// <summary>The pairs of columns that some path splits on together, each once and ascending: where trees can interact.</summary>
    public IReadOnlyList<(int First, int Second)> Pairs()
    {
        var pairs = new SortedSet<(int, int)>();
        foreach (var tree in _trees) Collect(tree.Root, [], pairs);
        return [.. pairs];
    }

    internal ref readonly Split SplitAt(int place) => ref _splits[place];

    internal double LeafAt(int place) => _leaves[place];

    internal bool GoesLeft(in Split split, long bin) => (_sets[split.Set + (int)(bin >> 6)] >> (int)(bin & 63) & 1) == 1;

    private double Mean(int at) => at < 0 ? _leaves[~at] : (_splits[at].LeftShare * Mean(_splits[at].Left)) + ((1 - _splits[at].LeftShare) * Mean(_splits[at].Right));

    private void Collect(int at, List<int> path, SortedSet<(int First, int Second)> pairs)
    {
        if (at < 0) return;
        var split = _splits[at];
        foreach (var above in path)
        {
            if (above != split.Column) pairs.Add((Math.Min(above, split.Column), Math.Max(above, split.Column)));
        }

        path.Add(split.Column);
        Collect(split.Left, path, pairs);
        Collect(split.Right, path, pairs);
        path.RemoveAt(path.Count - 1);
    }

    /// <summary>A split.</summary>
    /// <param name="Column">The column that it looks at.</param>
    /// <param name="Player">The graph's feature, of which a column with special codes has two.</param>
    /// <param name="Set">Where the bits of the column's bins begin: 1 where a bin goes left.</param>
    /// <param name="Left">The split on the left; below 0 the complement of a leaf.</param>
    /// <param name="Right">The split on the right, likewise.</param>
    /// <param name="LeftShare">Share of its training rows that went left.</param>
    internal readonly record struct Split(int Column, int Player, int Set, int Left, int Right, double LeftShare);

    /// <summary>A tree.</summary>
    /// <param name="Root">Its first split.</param>
    /// <param name="Depth">Most splits on a path.</param>
    /// <param name="Distinct">Most features on a path.</param>
    internal readonly record struct Tree(int Root, int Depth, int Distinct);
}

/// <summary>How raw log-odds of a bad loan become points, <c>Offset - Factor · raw</c>, and points the calibrated probability, <c>sigmoid(Slope · points + Intercept)</c>.</summary>
/// <param name="Offset">Points at even odds.</param>
/// <param name="Factor">Points that multiply the odds by e; above 0.</param>
/// <param name="Slope">Below 0.</param>
/// <param name="Intercept">See <paramref name="Slope"/>.</param>
public sealed record TreeScale(double Offset, double Factor, double Slope, double Intercept)
{
    /// <summary>The scale of a contract with a calibration.</summary>
    public static TreeScale Of(PointScale scale, double slope, double intercept) => new(scale.PointsOf(0), scale.PerLogOdds, slope, intercept);

    /// <summary>Points (not hundredths) of raw log-odds.</summary>
    public double Points(double raw) => Offset - (Factor * raw);
}
