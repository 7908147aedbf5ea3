using System.Runtime.InteropServices;
using Google.Protobuf.Collections;
using Serverless.Serving.Onnx;
using Serverless.Serving.Onnx.Proto;

namespace Serverless.Serving.Credit;

/// <summary>
/// Reads the graph of boosted trees. It must be exactly the one that the trainer writes, up to its constants and trees: then what is read
/// here is what ONNX Runtime computes. <c>bins</c> becomes a number for each feature by a table, the trees give raw log-odds, those become
/// points and a probability. The constant <c>hitRates</c> holds the share of a node's training rows for which its test held.
/// </summary>
internal sealed class TreeGraph
{
    /// <summary>Test <c>x &lt;= split</c>, by the standard's number.</summary>
    private const byte AtMost = 0;

    /// <summary>Test "is in the set", by the standard's number.</summary>
    private const byte Member = 6;

    // Operator, result and inputs of each node, in order.
    private static readonly string[] Wiring =
    [
        "Gather ofFeatures bins featureColumns",
        "Add places ofFeatures offsets",
        "Gather features table places",
        "TreeEnsemble trees features",
        "ReduceSum raw trees targets",
        "Mul negative raw minusFactor",
        "Add points negative offset",
        "Mul scaled points slope",
        "Add logOdds scaled intercept",
        "Sigmoid probability logOdds",
    ];

    private static readonly string[] TreeAttributes =
    [
        "aggregate_function", "leaf_targetids", "leaf_weights", "membership_values", "n_targets", "nodes_falseleafs", "nodes_falsenodeids", "nodes_featureids",
        "nodes_missing_value_tracks_true", "nodes_modes", "nodes_splits", "nodes_trueleafs", "nodes_truenodeids", "post_transform", "tree_roots",
    ];

    private readonly GraphProto _graph;
    private readonly Dictionary<string, AttributeProto> _attributes;
    private readonly IReadOnlyList<ScorecardColumn> _columns;

    private TreeGraph(GraphProto graph, IReadOnlyList<ScorecardColumn> columns)
    {
        (_graph, _columns) = (graph, columns);
        var wiring = graph.Node.Select(n => string.Join(' ', [n.OpType, .. n.Output, .. n.Input]));
        if (!wiring.SequenceEqual(Wiring)) throw Fault("its nodes are not those of boosted trees");
        var axes = graph.Node.Where(n => n.OpType != OnnxModel.TreeOperator).SelectMany(n => n.Attribute.Select(a => $"{n.Name} {a.Name} {a.I}"));
        if (!axes.SequenceEqual(["ofFeatures axis 1", "features axis 0", "raw keepdims 0"])) throw Fault("its nodes have other attributes");
        _attributes = graph.Node[3].Attribute.DistinctBy(a => a.Name).ToDictionary(a => a.Name, StringComparer.Ordinal);
        if (graph.Node[3].Attribute.Count != _attributes.Count || _attributes.Keys.Except(TreeAttributes).Any()) throw Fault("its trees have attributes that are not known");
        if (Integer("aggregate_function") != 1 || Integer("n_targets") != 1 || Integer("post_transform") != 0) throw Fault("its trees are not summed to one number");
    }

    /// <summary>Reads it.</summary>
    /// <exception cref="InvalidModelException">With the first thing that is not as it must be.</exception>
    public static TreeEnsemble Read(ReadOnlyMemory<byte> graph, IReadOnlyList<ScorecardColumn> columns)
    {
        OnnxModel.Check(graph.Span);
        return new TreeGraph(ModelProto.Parser.ParseFrom(graph.Span).Graph, columns).Read();
    }

    private TreeEnsemble Read()
    {
        int[] columnOf = Places("featureColumns", _columns.Count), offsets = Places("offsets", int.MaxValue);
        var table = Constants<double>("table");
        if (offsets.Length != columnOf.Length || columnOf.Length == 0) throw Fault("its features and offsets differ in number");
        for (var f = 0; f < columnOf.Length; f++)
        {
            if (offsets[f] + (long)_columns[columnOf[f]].Bins.Count > table.Length) throw Fault($"feature {f} reaches outside of the table");
        }

        var builder = new TreeSplits(columnOf, offsets, table, _columns);
        var (splits, sets) = Splits(builder);
        var leaves = Doubles("leaf_weights");
        if (leaves.Any(leaf => !double.IsFinite(leaf)) || Integers("leaf_targetids").Any(t => t != 0) || Integers("leaf_targetids").Count != leaves.Length) throw Fault("its leaves are not numbers for one target");
        var scale = new TreeScale(Constant("offset"), -Constant("minusFactor"), Constant("slope"), Constant("intercept"));
        if (!(scale.Factor > 0)) throw Fault("its points do not fall with the risk");
        var trees = TreeShapes.Check(splits, leaves.Length, Integers("tree_roots"), columnOf.Length);
        return new TreeEnsemble(splits, sets, leaves, trees, columnOf, _columns.Count, scale);
    }

    private (TreeEnsemble.Split[] Splits, ulong[] Sets) Splits(TreeSplits builder)
    {
        var features = Integers("nodes_featureids");
        var modes = Tensor("nodes_modes", 2).RawData.Span;
        var (thresholds, shares) = (Doubles("nodes_splits"), Constants<double>("hitRates"));
        var (left, leftLeaf, right, rightLeaf) = (Integers("nodes_truenodeids"), Integers("nodes_trueleafs"), Integers("nodes_falsenodeids"), Integers("nodes_falseleafs"));
        var missing = Integers("nodes_missing_value_tracks_true");
        var count = features.Count;
        if (new[] { modes.Length, thresholds.Length, shares.Length, left.Count, leftLeaf.Count, right.Count, rightLeaf.Count, missing.Count }.Any(n => n != count)) throw Fault("the lists of its nodes differ in length");
        var members = _attributes.ContainsKey("membership_values") ? new Queue<double>(Doubles("membership_values")) : new Queue<double>();
        var splits = new TreeEnsemble.Split[count];
        for (var i = 0; i < count; i++)
        {
            if (features[i] < 0 || features[i] >= builder.Features) throw Fault($"node {i} looks at a feature that is not there");
            if (!(shares[i] >= 0 && shares[i] <= 1)) throw Fault($"node {i} has a share of rows outside 0 to 1");
            var set = modes[i] switch
            {
                AtMost when double.IsFinite(thresholds[i]) => builder.AtMost((int)features[i], thresholds[i], missing[i] != 0),
                Member when missing[i] == 0 => builder.Member((int)features[i], Next(members)),
                _ => throw Fault($"node {i} has a test that is not known"),
            };
            splits[i] = new TreeEnsemble.Split(builder.ColumnOf((int)features[i]), (int)features[i], set, Child(left[i], leftLeaf[i]), Child(right[i], rightLeaf[i]), shares[i]);
        }

        if (members.Count > 0) throw Fault("it has more sets than nodes that look into one");
        return (splits, builder.Sets());
    }

    private static HashSet<double> Next(Queue<double> members)
    {
        var set = new HashSet<double>();
        while (members.TryDequeue(out var member) && !double.IsNaN(member)) set.Add(member);
        return set.Count > 0 ? set : throw Fault("it has an empty set");
    }

    private static int Child(long place, long leaf) =>
        place is >= 0 and < int.MaxValue && leaf is 0 or 1 ? leaf == 1 ? ~(int)place : (int)place : throw Fault("a node has a child that is not there");

    private long Integer(string name) => _attributes.TryGetValue(name, out var found) ? found.I : throw Fault($"its trees lack '{name}'");

    private RepeatedField<long> Integers(string name) => _attributes.TryGetValue(name, out var found) ? found.Ints : throw Fault($"its trees lack '{name}'");

    private double[] Doubles(string name) => Numbers<double>(Tensor(name, 11));

    private TensorProto Tensor(string name, int type) =>
        _attributes.TryGetValue(name, out var found) && found.T?.DataType == type ? found.T : throw Fault($"its trees lack '{name}' of the type that it must have");

    private double Constant(string name) => Constants<double>(name) is [var value] && double.IsFinite(value) ? value : throw Fault($"'{name}' is not one number");

    private int[] Places(string name, int below) =>
        Array.ConvertAll(Constants<long>(name), place => place >= 0 && place < below ? (int)place : throw Fault($"'{name}' has an entry outside its range"));

    private T[] Constants<T>(string name)
        where T : unmanaged
    {
        var type = typeof(T) == typeof(double) ? 11 : 7;
        return _graph.Initializer.Where(t => t.Name == name).ToList() is [var tensor] && tensor.DataType == type ? Numbers<T>(tensor) : throw Fault($"it lacks the constant '{name}'");
    }

    private static T[] Numbers<T>(TensorProto tensor)
        where T : unmanaged => MemoryMarshal.Cast<byte, T>(tensor.RawData.Span).ToArray();

    internal static InvalidModelException Fault(string what) => new($"'model.onnx' is no graph of boosted trees, {what}: train it again or restore the file.");
}
