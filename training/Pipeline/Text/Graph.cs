using Serverless.Training.Onnx;

namespace Serverless.Training.Text;

/// <summary>
/// The graph of a classifier: the weights of a text's n-grams, gathered, weighed and summed; beside it the network, where there is one; then the
/// weighed sum of both and the softmax.
/// </summary>
internal static class TextGraph
{
    /// <summary>
    /// Writes the ONNX file: <c>ids</c> int64 [n, length] and <c>weights</c> float [n, length], and those of <see cref="NetworkGraph"/>, to
    /// <c>probability</c> float [n, intents].
    /// </summary>
    public static byte[] Write(FittedText fitted, ScoreWeights scoreWeights)
    {
        var model = fitted.Model;
        var intents = model.Biases.Length;
        var graph = new GraphBuilder("text");
        var ids = graph.Input("ids", ElementType.Int64, "n", "length");
        var weights = graph.Input("weights", ElementType.Float, "n", "length");
        var rows = graph.Node("Gather", "rows", [graph.Constant<float>("table", model.Weights, model.Weights.Length / intents, intents), ids], ("axis", 0));
        var column = graph.Node("Unsqueeze", "column", [weights, graph.Constant<long>("last", [2], 1)]);
        var weighed = graph.Node("Mul", "weighed", [rows, column]);
        var sum = graph.Node("ReduceSum", "sum", [weighed, graph.Constant<long>("over", [1], 1)], ("keepdims", 0));
        var linear = graph.Node("Add", "linearScores", [sum, graph.Constant<float>("biases", model.Biases, intents)]);
        var scores = graph.Node("Mul", "linearPart", [linear, graph.Constant<float>("ofLinear", [(float)scoreWeights.OfLinear])]);
        if (fitted.Network is { } network)
        {
            var other = graph.Node("Mul", "networkPart", [NetworkGraph.Write(graph, network.Weights), graph.Constant<float>("ofNetwork", [(float)scoreWeights.OfNetwork])]);
            scores = graph.Node("Add", "scores", [scores, other]);
        }

        graph.Node("Softmax", "probability", [scores], ("axis", 1));
        graph.Output("probability", ElementType.Float, "n", intents);
        return graph.ToBytes();
    }
}
