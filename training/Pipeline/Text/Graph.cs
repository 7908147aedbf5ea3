using Serverless.Training.Onnx;

namespace Serverless.Training.Text;

/// <summary>The graph of a linear classifier: the weights of a text's features, gathered, weighed and summed; then temperature and softmax.</summary>
internal static class TextGraph
{
    /// <summary>Writes the ONNX file: <c>ids</c> int64 [n, length] and <c>weights</c> float [n, length] to <c>probability</c> float [n, intents].</summary>
    public static byte[] Write(LinearModel model, double temperature)
    {
        var intents = model.Biases.Length;
        var graph = new GraphBuilder("text");
        var ids = graph.Input("ids", ElementType.Int64, "n", "length");
        var weights = graph.Input("weights", ElementType.Float, "n", "length");
        var rows = graph.Node("Gather", "rows", [graph.Constant<float>("table", model.Weights, model.Weights.Length / intents, intents), ids], ("axis", 0));
        var column = graph.Node("Unsqueeze", "column", [weights, graph.Constant<long>("last", [2], 1)]);
        var weighed = graph.Node("Mul", "weighed", [rows, column]);
        var sum = graph.Node("ReduceSum", "sum", [weighed, graph.Constant<long>("over", [1], 1)], ("keepdims", 0));
        var logits = graph.Node("Add", "logits", [sum, graph.Constant<float>("biases", model.Biases, intents)]);
        var tempered = graph.Node("Div", "tempered", [logits, graph.Constant<float>("temperature", [(float)temperature])]);
        graph.Node("Softmax", "probability", [tempered], ("axis", 1));
        graph.Output("probability", ElementType.Float, "n", intents);
        return graph.ToBytes();
    }
}
