using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using Serverless.Serving;
using Serverless.Serving.Onnx;
using Serverless.Serving.Onnx.Proto;
using Serverless.Training.Onnx;

namespace Serverless.Tests.Serving.Onnx;

public class OnnxModelTests
{
    [Fact]
    public void Written_graph_answers_in_onnx_runtime()
    {
        using var model = OnnxModel.Load(Doubling());
        using var input = OrtValue.CreateTensorValueFromMemory(new[] { 1.5, -2.0 }, [2]);
        using var run = new RunOptions();
        using var outputs = model.Session.Run(run, ["x"], [input], ["y"]);
        Assert.Equal([3.0, -4.0], outputs[0].GetTensorDataAsSpan<double>().ToArray());
    }

    [Fact]
    public void Same_calls_give_the_same_bytes() => Assert.Equal(Doubling(), Doubling());

    [Fact]
    public void Operator_outside_the_list_is_refused()
    {
        var error = Assert.Throws<InvalidModelException>(() => OnnxModel.Load(Changed(m => m.Graph.Node[0].OpType = "Loop")));
        Assert.Equal("Operator ':Loop' is not on the list of allowed operators.", error.Message);
    }

    [Fact]
    public void Data_outside_the_file_is_refused() => Assert.Throws<InvalidModelException>(() => OnnxModel.Load(Changed(m => m.Graph.Initializer[0].DataLocation = 1)));

    [Fact]
    public void Nested_graph_is_refused() => Assert.Throws<InvalidModelException>(() =>
        OnnxModel.Load(Changed(m => m.Graph.Node[0].Attribute.Add(new AttributeProto { Name = "body", G = new GraphProto() }))));

    [Fact]
    public void Bytes_that_are_no_graph_are_refused()
    {
        Assert.Throws<InvalidModelException>(() => OnnxModel.Load(new byte[] { 1, 2, 3 }));
        Assert.Throws<InvalidModelException>(() => OnnxModel.Load(ReadOnlyMemory<byte>.Empty));
    }

    [Fact]
    public void Graph_that_does_not_fit_together_is_refused() =>
        Assert.Throws<InvalidModelException>(() => OnnxModel.Load(Changed(m => m.Graph.Node[0].Input[0] = "nowhere")));

    [Fact]
    public void Constant_of_another_size_is_refused() =>
        Assert.Throws<ArgumentException>(() => new GraphBuilder("g").Constant<double>("c", [1, 2], 3));

    private static byte[] Changed(Action<ModelProto> change)
    {
        var model = ModelProto.Parser.ParseFrom(Doubling());
        change(model);
        return model.ToByteArray();
    }

    private static byte[] Doubling()
    {
        var graph = new GraphBuilder("doubling");
        var x = graph.Input("x", ElementType.Double, "n");
        graph.Node("Mul", "y", [x, graph.Constant<double>("two", [2])]);
        graph.Output("y", ElementType.Double, "n");
        return graph.ToBytes();
    }
}
