using System.Runtime.InteropServices;
using Serverless.Serving.Onnx.Proto;

namespace Serverless.Serving.Credit;

/// <summary>Reads the trees of a graph that training wrote: the tables that turn bins into features, and one node of operator TreeEnsemble (ai.onnx.ml 5).</summary>
internal static class TreeGraphReader
{
    private const long LessOrEqual = 0, Member = 6;

    /// <summary>Reads.</summary>
    /// <exception cref="InvalidModelException">A part is missing, or its numbers do not fit.</exception>
    public static TreeNodes Read(GraphProto graph, IReadOnlyList<ScorecardColumn> columns)
    {
        var trees = graph.Node.SingleOrDefault(n => n.OpType == "TreeEnsemble") ?? throw Unfit("it must hold one node TreeEnsemble");
        int[] columnOfFeature = [.. Longs("featureColumns").Select(c => c >= 0 && c < columns.Count ? (int)c : throw Unfit("a feature is of no column"))];
        var (offsets, table) = (Longs("featureOffsets"), Floats("featureTable"));
        if (offsets.Length != columnOfFeature.Length) throw Unfit("features and offsets differ in number");
        float[][] valuesOfFeature = [.. offsets.Select((offset, f) =>
            offset >= 0 && offset + columns[columnOfFeature[f]].Bins.Count <= table.Length
                ? table.AsSpan((int)offset, columns[columnOfFeature[f]].Bins.Count).ToArray()
                : throw Unfit("the table of a feature ends too early"))];

        int[] feature = [.. Ints("nodes_featureids").Select(f => f >= 0 && f < columnOfFeature.Length ? (int)f : throw Unfit("a node looks at no feature"))];
        var nodes = feature.Length;
        var (splits, shares, leaves) = (Doubles(Tensor("nodes_splits")), Doubles(Tensor("nodes_hitrates")), Doubles(Tensor("leaf_weights")));
        var (modes, missing) = (Tensor("nodes_modes").RawData.ToByteArray(), Ints("nodes_missing_value_tracks_true"));
        if (new[] { splits.Length, shares.Length, modes.Length, missing.Length }.Any(n => n != nodes)) throw Unfit("the lists of its nodes differ in length");
        var (yes, no) = (Children("true"), Children("false"));
        int[] roots = [.. Ints("tree_roots").Select(r => r >= 0 && r < nodes ? (int)r : throw Unfit("a root is no node"))];
        CheckTrees();
        var members = new Queue<double>(trees.Attribute.Any(a => a.Name == "membership_values") ? Doubles(Tensor("membership_values")) : []);
        bool[][] goes = [.. Enumerable.Range(0, nodes).Select(GoesTrue)];
        if (shares.Any(s => s is not (>= 0 and <= 1)) || leaves.Any(l => !double.IsFinite(l))) throw Unfit("a share or leaf is no number in range");
        return new TreeNodes(roots, feature, columnOfFeature, goes, yes, no, shares, leaves, Double("constant"))
        {
            Offset = Double("pointsOffset"),
            PerLogOdds = -Double("pointsPerLogOdds"),
        };

        int[] Children(string side)
        {
            var (ids, leaf) = (Ints($"nodes_{side}nodeids"), Ints($"nodes_{side}leafs"));
            if (ids.Length != nodes || leaf.Length != nodes) throw Unfit("the lists of its nodes differ in length");
            return [.. ids.Select((id, n) => id >= 0 && id < (leaf[n] == 0 ? nodes : leaves.Length) ? (leaf[n] == 0 ? (int)id : ~(int)id) : throw Unfit("a child is out of range"))];
        }

        // Every node has one parent at most and every tree ends: no node is met twice.
        void CheckTrees()
        {
            var met = new bool[nodes];
            var open = new Stack<int>(roots);
            while (open.TryPop(out var at))
            {
                if (at < 0) continue;
                if (met[at]) throw Unfit("a node has two parents");
                met[at] = true;
                open.Push(yes[at]);
                open.Push(no[at]);
            }
        }

        bool[] GoesTrue(int node)
        {
            var values = valuesOfFeature[feature[node]];
            if (modes[node] == LessOrEqual) return Array.ConvertAll(values, v => float.IsNaN(v) ? missing[node] == 1 : v <= splits[node]);
            if (modes[node] != Member) throw Unfit("a node has a mode that is not used");
            HashSet<double> own = [];
            while (members.TryDequeue(out var member) && !double.IsNaN(member)) own.Add(member);
            return Array.ConvertAll(values, v => float.IsNaN(v) ? missing[node] == 1 : own.Contains(v));
        }

        TensorProto Initializer(string name) => graph.Initializer.SingleOrDefault(i => i.Name == name) ?? throw Unfit($"it lacks '{name}'");
        long[] Longs(string name) => [.. MemoryMarshal.Cast<byte, long>(Initializer(name).RawData.Span)];
        float[] Floats(string name) => [.. MemoryMarshal.Cast<byte, float>(Initializer(name).RawData.Span)];
        double Double(string name) => Doubles(Initializer(name)) is [var one] && double.IsFinite(one) ? one : throw Unfit($"'{name}' is no number");
        AttributeProto Attribute(string name) => trees.Attribute.SingleOrDefault(a => a.Name == name) ?? throw Unfit($"its trees lack '{name}'");
        long[] Ints(string name) => [.. Attribute(name).Ints];
        TensorProto Tensor(string name) => Attribute(name).T ?? throw Unfit($"its trees lack '{name}'");
    }

    private static double[] Doubles(TensorProto tensor) => [.. MemoryMarshal.Cast<byte, double>(tensor.RawData.Span)];

    private static InvalidModelException Unfit(string what) => new($"'model.onnx' holds no boosted trees that fit 'features.json', {what}: train the model again.");
}
