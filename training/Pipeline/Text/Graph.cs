using Serverless.Serving.Text;
using Serverless.Training.Onnx;

namespace Serverless.Training.Text;

/// <summary>
/// The graph of a classifier: the weights of a text's n-grams, gathered, weighed and summed; beside it the network and what is fitted on an encoder's
/// vectors, where there are any; then the weighed sum of all and the softmax.
/// </summary>
internal static class TextGraph
{
    /// <summary>
    /// Writes the ONNX file: <c>ids</c> int64 [n, length] and <c>weights</c> float [n, length], and those of <see cref="NetworkGraph"/> and <see cref="EncoderGraph"/>, to
    /// <c>probability</c> float [n, intents], and, where none of the intents is told by another number than the best of these, that number as
    /// <c>evidence</c> float [n].
    /// </summary>
    public static byte[] Write(FittedText fitted, Calibration calibration)
    {
        var scoreWeights = calibration.Weights;
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
            var other = graph.Node("Mul", "networkPart", [NetworkGraph.Write(graph, network.Members), graph.Constant<float>("ofNetwork", [(float)(scoreWeights.OfNetwork / network.Members.Count)])]);
            scores = graph.Node("Add", "scores", [scores, other]);
        }

        if (fitted.Encoder is { } encoder)
        {
            var other = graph.Node("Mul", "encoderPart", [EncoderGraph.Write(graph, encoder), graph.Constant<float>("ofEncoder", [(float)scoreWeights.OfEncoder])]);
            scores = graph.Node("Add", "scoresWithEncoder", [scores, other]);
        }

        graph.Node("Softmax", "probability", [scores], ("axis", 1));
        graph.Output("probability", ElementType.Float, "n", intents);
        if (calibration.Score == NoneScore.Probability) return graph.ToBytes();
        if (calibration.Score == NoneScore.ClassMeans) Nearest(graph, scores, calibration.Numbers.Means);
        else graph.Node("ReduceLogSumExp", "evidence", [calibration.Score == NoneScore.Energy ? scores : linear, graph.Constant<long>("ofText", [1], 1)], ("keepdims", 0));
        graph.Output("evidence", ElementType.Float, "n");
        return graph.ToBytes();
    }

    // The greatest cosine between the scores and a row of means, which have length 1.
    private static void Nearest(GraphBuilder graph, string scores, double[][] means)
    {
        var ofText = graph.Constant<long>("ofText", [1], 1);
        var columns = new float[means.Length * means.Length];
        for (var c = 0; c < means.Length; c++)
            for (var i = 0; i < means.Length; i++) columns[(i * means.Length) + c] = (float)means[c][i];
        var products = graph.Node("MatMul", "products", [scores, graph.Constant<float>("means", columns, means.Length, means.Length)]);
        var length = graph.Node("ReduceL2", "scoresLength", [scores, ofText], ("keepdims", 0));
        graph.Node("Div", "evidence", [graph.Node("ReduceMax", "product", [products, ofText], ("keepdims", 0)), length]);
    }
}
