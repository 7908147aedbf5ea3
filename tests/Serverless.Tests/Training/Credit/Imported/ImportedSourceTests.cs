using Google.Protobuf;
using Serverless.Serving;
using Serverless.Serving.Credit;
using Serverless.Serving.Onnx.Proto;
using Serverless.Training.Credit;
using Serverless.Training.Onnx;

namespace Serverless.Tests.Training.Credit.Imported;

public class ImportedSourceTests
{
    [Fact]
    public void Notes_of_the_exporter_are_left_out_and_names_are_found()
    {
        var read = Assert.IsType<Outcome<ImportedSource>.Done>(SmallNetwork.Read(Changed(m => m.DocString = "trained on a laptop"))).Value;
        Assert.Equal(("features", "logit", GraphGives.Logit), (read.Input, read.Output, read.Gives));
        Assert.Equal(SmallNetwork.Graph(), read.Graph);
    }

    [Fact]
    public void Second_of_two_columns_is_read() =>
        Assert.Equal(GraphGives.Probability, Assert.IsType<Outcome<ImportedSource>.Done>(SmallNetwork.Read(Two())).Value.Gives);

    [Fact]
    public void Foreign_operator_data_outside_a_loop_and_no_graph_are_refused()
    {
        Refused(Changed(m => m.Graph.Node[1].OpType = "RandomNormalLike"), "The graph is refused: Operator ':RandomNormalLike' is not on the list of allowed operators. To mend it, export it as ONNX in evaluation mode");
        Refused(Changed(m => m.Graph.Initializer[0].DataLocation = 1), "The graph is refused: The graph keeps data outside its file, which is not allowed. To mend it,");
        Refused(Changed(m => m.Graph.Node[1].Attribute.Add(new AttributeProto { Name = "body", G = new GraphProto() })), "The graph is refused: Operator 'Tanh' holds a nested graph, which is not allowed.");
        Refused(Changed(m => m.Graph.Node[1].Domain = "com.microsoft"), "The graph is refused: Operator 'com.microsoft:Tanh' is not on the list");
        Refused([1, 2, 3], "The graph is refused: The graph is not an ONNX file.");
        Refused(new byte[ImportedGraph.MostBytes + 1], "The graph has more than 4 MB: take a smaller one.");
    }

    [Fact]
    public void Other_number_of_inputs_is_told_with_what_is_wanted() => Refused(
        SmallNetwork.Graph(width: 5),
        "The graph must have one input, float [n, 6], for the contract's inputs in their order (income, debts, since, purpose: 3); it has 'features', Float [n, 5]: export it as ONNX in evaluation mode, in one file, with a free number of rows, or correct the contract's inputs.");

    [Fact]
    public void Fixed_number_of_rows_is_refused() => Refused(SmallNetwork.Graph(rows: 1), "The graph must have one input, float [n, 6], for the contract's inputs in their order (income, debts, since, purpose: 3); it has 'features', Float [1, 6]:");

    [Fact]
    public void Output_of_another_shape_is_refused() => Refused(
        SmallNetwork.Graph(g => g.Output("bent", ElementType.Float, "batch", 8)),
        "The graph must give float [n], [n, 1] or [n, 2]; it gives 'bent', Float [n, 8]:");

    [Fact]
    public void Several_outputs_must_be_chosen_from()
    {
        var graph = SmallNetwork.Graph(g =>
        {
            g.Node("Sigmoid", "probability", ["logit"]);
            g.Output("logit", ElementType.Float, "batch", 1);
            g.Output("probability", ElementType.Float, "batch", 1);
        });
        Refused(graph, "The graph gives 'logit', 'probability': say with --output which of them tells of a bad loan.");
        Assert.Equal(GraphGives.Probability, Assert.IsType<Outcome<ImportedSource>.Done>(SmallNetwork.Read(graph, output: "probability")).Value.Gives);
    }

    [Fact]
    public void Meaning_that_the_last_operator_does_not_tell_must_be_said()
    {
        var graph = SmallNetwork.Graph(g =>
        {
            g.Node("Softplus", "given", ["logit"]);
            g.Output("given", ElementType.Float, "batch", 1);
        });
        Refused(graph, "What 'given' means cannot be told from its last operator: say '--gives probability' or '--gives logit'.");
        Assert.IsType<Outcome<ImportedSource>.Done>(SmallNetwork.Read(graph, gives: GraphGives.Logit));
    }

    [Fact]
    public void Category_without_allowed_values_is_refused()
    {
        var contract = SmallNetwork.Contract with { Columns = [.. SmallNetwork.Contract.Columns.Select(c => c.Name == "purpose" ? c with { Allowed = null } : c)] };
        var refused = Assert.IsType<Outcome<ImportedSource>.Rejected>(SmallNetwork.Read(SmallNetwork.Graph(), contract));
        Assert.Equal("'purpose' is a category without 'allowed': list its values in the order in which the graph takes them, one input each, or make it no input.", Assert.Single(refused.Reasons));
    }

    private static void Refused(byte[] graph, string start) =>
        Assert.StartsWith(start, Assert.IsType<Outcome<ImportedSource>.Rejected>(SmallNetwork.Read(graph)).Reasons[0], StringComparison.Ordinal);

    private static byte[] Two() => SmallNetwork.Graph(g =>
    {
        g.Node("Concat", "both", [g.Node("Neg", "good", ["logit"]), "logit"], ("axis", 1));
        g.Node("Softmax", "probabilities", ["both"], ("axis", 1));
        g.Output("probabilities", ElementType.Float, "batch", 2);
    });

    private static byte[] Changed(Action<ModelProto> change)
    {
        var model = ModelProto.Parser.ParseFrom(SmallNetwork.Graph());
        change(model);
        return model.ToByteArray();
    }
}
