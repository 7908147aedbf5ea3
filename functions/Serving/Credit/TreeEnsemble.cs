using Serverless.Serving.Onnx.Proto;

namespace Serverless.Serving.Credit;

/// <summary>
/// Boosted trees over the bins of an application, read from the ONNX graph that serves them. A node knows for every bin of its column which way it
/// goes, so numbers, categories, missing values and codes are routed by one look-up, exactly as the graph routes them.
/// </summary>
public sealed class TreeEnsemble
{
    private readonly TreeNodes _nodes;

    internal TreeEnsemble(TreeNodes nodes)
    {
        _nodes = nodes;
        Expected = nodes.Constant + nodes.Roots.Sum(MeanBelow);
    }

    /// <summary>The trees as arrays.</summary>
    internal TreeNodes Nodes => _nodes;

    /// <summary>Number of trees.</summary>
    public int Trees => _nodes.Roots.Length;

    /// <summary>Number of leaves of all trees.</summary>
    public int Leaves => _nodes.Leaves.Length;

    /// <summary>Log-odds of a bad loan before anything is known: the mean over the rows that the trees were grown on.</summary>
    public double Expected { get; }

    /// <summary>Reads the trees of a graph.</summary>
    /// <param name="graph">A graph that training wrote.</param>
    /// <param name="columns">The columns whose bins are its input.</param>
    /// <exception cref="InvalidModelException">The graph holds no trees, or they do not fit the columns.</exception>
    public static TreeEnsemble Parse(ReadOnlyMemory<byte> graph, IReadOnlyList<ScorecardColumn> columns) =>
        new(TreeGraphReader.Read(ModelProto.Parser.ParseFrom(graph.Span).Graph, columns));

    /// <summary>Log-odds of a bad loan.</summary>
    /// <param name="bins">The bin of each column.</param>
    public double LogOdds(ReadOnlySpan<long> bins)
    {
        var sum = _nodes.Constant;
        foreach (var root in _nodes.Roots)
        {
            var at = root;
            while (at >= 0) at = _nodes.Next(at, bins);
            sum += _nodes.Leaves[~at];
        }

        return sum;
    }

    /// <summary>What each column adds to <see cref="Expected"/>; sums to the log-odds less it (path-dependent Shapley values, Lundberg et al. 2020).</summary>
    /// <param name="bins">The bin of each column.</param>
    /// <param name="ofColumns">Gets the log-odds of each column.</param>
    public void Contributions(ReadOnlySpan<long> bins, Span<double> ofColumns) => TreeShapley.Add(_nodes, bins, ofColumns);

    private double MeanBelow(int at) =>
        at < 0 ? _nodes.Leaves[~at] : (_nodes.TrueShare[at] * MeanBelow(_nodes.True[at])) + ((1 - _nodes.TrueShare[at]) * MeanBelow(_nodes.False[at]));
}

/// <summary>Trees as arrays. A child from 0 on is a node, below 0 the complement of a leaf's place.</summary>
/// <param name="Roots">The first node of each tree.</param>
/// <param name="Feature">The feature that each node looks at.</param>
/// <param name="ColumnOfFeature">The column that each feature is made from.</param>
/// <param name="GoesTrue">For each node and bin of its column whether the row goes to <paramref name="True"/>.</param>
/// <param name="True">Child for rows that fulfil the node's condition.</param>
/// <param name="False">Child for the others.</param>
/// <param name="TrueShare">Share of the training rows at the node that went to <paramref name="True"/>.</param>
/// <param name="Leaves">Log-odds of each leaf.</param>
/// <param name="Constant">Log-odds that every row gets.</param>
internal sealed record TreeNodes(
    int[] Roots, int[] Feature, int[] ColumnOfFeature, bool[][] GoesTrue, int[] True, int[] False, double[] TrueShare, double[] Leaves, double Constant)
{
    /// <summary>Most nodes on a path, and most different features on one.</summary>
    public int Depth { get; } = Roots.Select(r => Height(r, True, False)).DefaultIfEmpty().Max();

    /// <summary>Points of a log-odds: <c>Offset - PerLogOdds · log-odds</c>.</summary>
    public required double Offset { get; init; }

    /// <summary>Points that one unit of log-odds costs.</summary>
    public required double PerLogOdds { get; init; }

    /// <summary>Where a row goes from a node.</summary>
    public int Next(int at, ReadOnlySpan<long> bins) => GoesTrue[at][(int)bins[ColumnOfFeature[Feature[at]]]] ? True[at] : False[at];

    private static int Height(int at, int[] yes, int[] no) => at < 0 ? 0 : 1 + Math.Max(Height(yes[at], yes, no), Height(no[at], yes, no));
}
