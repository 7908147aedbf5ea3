using System.Runtime.InteropServices;
using Google.Protobuf;
using Serverless.Serving;
using Serverless.Serving.Credit;
using Serverless.Serving.Onnx.Proto;
using Serverless.Training.Credit.LightGbm;
using Serverless.Training.Credit.Trees;

namespace Serverless.Tests.Serving.Credit;

/// <summary>A tree worked out by hand: at most the second bin and missing go left; on the right the category decides.</summary>
public class TreeEnsembleTests
{
    private static readonly IReadOnlyList<ScorecardColumn> Columns =
    [
        new("income", ColumnType.Number, [10, 20], [], CreditExample.Bins(0, 0, 0, 0), 0),
        new("purpose", ColumnType.Category, [], [["car"], ["travel"]], CreditExample.Bins(0, 0, 0, 0), 0),
    ];

    private static readonly byte[] Graph = TreeGraphWriter.Write(
        [new BoostedTree([new TreeSplit(0, 1.2, null, true, ~0, 1, 0.75), new TreeSplit(1, 0, [0, 2], false, ~1, ~2, 0.5)], [-1, 2, 3])],
        TreeFeatures.Of(Columns), 2, TreeScale.Of(new PointScale(), -0.03, 16));

    [Theory]
    [InlineData(0, 0, -1)]
    [InlineData(1, 0, -1)]
    [InlineData(2, 0, 2)]
    [InlineData(2, 1, 3)]
    [InlineData(2, 2, 2)] // missing is a category
    [InlineData(2, 3, 3)] // unknown that training never saw is in no set
    public void Row_reaches_its_leaf(long income, long purpose, double leaf) => Assert.Equal(leaf, TreeEnsemble.Parse(Graph, Columns).Raw([income, purpose]));

    [Fact]
    public void Contributions_are_those_worked_out_by_hand()
    {
        // Game of (high income, travel): nothing known 0.75 · -1 + 0.25 · 2.5 = -0.125; income 2.5; purpose 0.75 · -1 + 0.25 · 3 = 0; both 3.
        var trees = TreeEnsemble.Parse(Graph, Columns);
        var found = new double[2];
        trees.Contributions([2, 1], found);
        Assert.Equal(-0.125, trees.Expected, 1e-12);
        Assert.Equal((2.625 + 3) / 2, found[0], 1e-12);
        Assert.Equal((0.125 + 0.5) / 2, found[1], 1e-12);
        Assert.Equal([(0, 1)], trees.Pairs());
    }

    public static TheoryData<string> Faults() => [.. Damages.Keys];

    [Theory]
    [MemberData(nameof(Faults))]
    public void Graph_that_is_no_tree_is_refused(string fault)
    {
        var model = ModelProto.Parser.ParseFrom(Graph);
        Damages[fault](model.Graph);
        var error = Assert.Throws<InvalidModelException>(() => TreeEnsemble.Parse(model.ToByteArray(), Columns));
        Assert.Contains(fault, error.Message, StringComparison.Ordinal);
    }

    private static readonly Dictionary<string, Action<GraphProto>> Damages = new()
    {
        ["reached twice"] = graph => Attribute(graph, "nodes_falsenodeids").Ints[0] = 0, // a cycle
        ["a child that is not there"] = graph => Attribute(graph, "nodes_truenodeids").Ints[0] = 7,
        ["no tree reaches"] = graph => (Attribute(graph, "nodes_falseleafs").Ints[0], Attribute(graph, "nodes_falsenodeids").Ints[0]) = (1, 1),
        ["the root of tree 0 is not there"] = graph => Attribute(graph, "tree_roots").Ints[0] = 5,
        ["a feature that is not there"] = graph => Attribute(graph, "nodes_featureids").Ints[1] = 2,
        ["the lists of its nodes differ"] = graph => Attribute(graph, "nodes_featureids").Ints.Add(0),
        ["an empty set"] = graph => Set(graph, "membership_values", double.NaN),
        ["more sets than nodes"] = graph => Set(graph, "membership_values", 1, double.NaN, 2, double.NaN),
        ["a share of rows outside 0 to 1"] = graph => Constant(graph, "hitRates").RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes<double>([1.5, 0.5])),
        ["its leaves are not numbers"] = graph => Set(graph, "leaf_weights", 1, double.NaN, 2),
        ["a test that is not known"] = graph => Attribute(graph, "nodes_modes").T.RawData = ByteString.CopyFrom(2, 6),
        ["not summed to one number"] = graph => Attribute(graph, "aggregate_function").I = 0,
        ["attributes that are not known"] = graph => Attribute(graph, "n_targets").Name = "targets",
        ["its nodes are not those of boosted trees"] = graph => graph.Node.RemoveAt(9),
        ["'featureColumns' has an entry outside its range"] = graph => Constant(graph, "featureColumns").RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes<long>([0, 2])),
        ["reaches outside of the table"] = graph => Constant(graph, "table").RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes<double>([0, 1])),
        ["lacks the constant 'slope'"] = graph => Constant(graph, "slope").Name = "steepness",
    };

    private static AttributeProto Attribute(GraphProto graph, string name) => graph.Node[3].Attribute.Single(a => a.Name == name);

    private static TensorProto Constant(GraphProto graph, string name) => graph.Initializer.Single(t => t.Name == name);

    private static void Set(GraphProto graph, string name, params double[] values) => Attribute(graph, name).T.RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes<double>(values));
}
