using Serverless.Serving.Credit;
using Serverless.Training.Credit.LightGbm;
using Serverless.Training.Onnx;

namespace Serverless.Training.Credit.Trees;

/// <summary>Writes boosted trees as the ONNX graph that <see cref="TreeEnsemble.Parse"/> reads.</summary>
internal static class TreeGraphWriter
{
    // By the standard's numbers.
    private const long Sum = 1, None = 0;
    private const double AboveAll = 1e6; // no column has so many bins
    private const byte AtMost = 0, Member = 6;

    /// <summary>Input <c>bins</c> (int64 [n, columns]), outputs <c>points</c> and <c>probability</c> (double [n]).</summary>
    public static byte[] Write(IReadOnlyList<BoostedTree> trees, TreeFeatures features, int columns, TreeScale scale)
    {
        var offsets = new long[features.Count];
        for (var f = 1; f < features.Count; f++) offsets[f] = offsets[f - 1] + features.Tables[f - 1].Length;
        double[] table = [.. features.Tables.SelectMany(t => t)];
        var graph = new GraphBuilder("trees");
        var bins = graph.Input("bins", ElementType.Int64, "n", columns);
        var each = graph.Node("Gather", "ofFeatures", [bins, graph.Constant("featureColumns", Array.ConvertAll(features.ColumnOf, c => (long)c), features.Count)], ("axis", 1));
        var places = graph.Node("Add", "places", [each, graph.Constant("offsets", offsets, offsets.Length)]);
        var values = graph.Node("Gather", "features", [graph.Constant("table", table, table.Length), places], ("axis", 0));
        var raw = graph.Node("ReduceSum", "raw", [Trees(graph, values, trees), graph.Constant<long>("targets", [1], 1)], ("keepdims", 0));
        var negative = graph.Node("Mul", "negative", [raw, graph.Constant<double>("minusFactor", [-scale.Factor], 1)]);
        var points = graph.Node("Add", "points", [negative, graph.Constant<double>("offset", [scale.Offset], 1)]);
        var scaled = graph.Node("Mul", "scaled", [points, graph.Constant<double>("slope", [scale.Slope], 1)]);
        var logOdds = graph.Node("Add", "logOdds", [scaled, graph.Constant<double>("intercept", [scale.Intercept], 1)]);
        graph.Output(points, ElementType.Double, "n");
        graph.Output(graph.Node("Sigmoid", "probability", [logOdds]), ElementType.Double, "n");
        return graph.ToBytes();
    }

    private static string Trees(GraphBuilder graph, string values, IReadOnlyList<BoostedTree> trees)
    {
        List<long> roots = [], features = [], left = [], leftLeaf = [], right = [], rightLeaf = [], missing = [];
        List<double> thresholds = [], shares = [], members = [], leaves = [];
        List<byte> modes = [];
        foreach (var tree in trees.Select(WithSplit))
        {
            var (firstSplit, firstLeaf) = (features.Count, leaves.Count);
            roots.Add(firstSplit);
            leaves.AddRange(tree.Leaves);
            foreach (var split in tree.Splits)
            {
                features.Add(split.Feature);
                shares.Add(split.LeftShare);
                missing.Add(split.MissingLeft ? 1 : 0);
                modes.Add(split.Members is null ? AtMost : Member);
                // Values are whole numbers: any threshold between two of them routes alike, and halves are exact in every type.
                thresholds.Add(split.Members is null ? Math.Floor(Math.Min(split.Threshold, AboveAll)) + 0.5 : 0);
                if (split.Members is { } set) members.AddRange([.. set.Select(m => (double)m), double.NaN]);
                Add(left, leftLeaf, split.Left, firstSplit, firstLeaf);
                Add(right, rightLeaf, split.Right, firstSplit, firstLeaf);
            }
        }

        // The standard wants nodes_hitrates in single precision and ONNX Runtime in that of the splits: no file pleases both, so they are a constant.
        graph.Constant<double>("hitRates", [.. shares], shares.Count);
        List<(string Name, double[] Values)> reals = [("leaf_weights", [.. leaves]), ("nodes_splits", [.. thresholds])];
        if (members.Count > 0) reals.Add(("membership_values", [.. members]));
        return graph.Trees(
            "trees", values,
            [("aggregate_function", Sum), ("n_targets", 1), ("post_transform", None)],
            [
                ("leaf_targetids", new long[leaves.Count]), ("nodes_falseleafs", rightLeaf), ("nodes_falsenodeids", right), ("nodes_featureids", features),
                ("nodes_missing_value_tracks_true", missing), ("nodes_trueleafs", leftLeaf), ("nodes_truenodeids", left), ("tree_roots", roots),
            ],
            reals, [.. modes]);
    }

    private static void Add(List<long> places, List<long> areLeaves, int child, int firstSplit, int firstLeaf)
    {
        places.Add(child < 0 ? firstLeaf + ~child : firstSplit + child);
        areLeaves.Add(child < 0 ? 1 : 0);
    }

    // The operator has no tree of one leaf: it becomes a split whose sides are the same.
    private static BoostedTree WithSplit(BoostedTree tree) =>
        tree.Splits.Count > 0 ? tree : new BoostedTree([new TreeSplit(0, 0, null, true, ~0, ~1, 0.5)], [tree.Leaves[0], tree.Leaves[0]]);
}
