using Serverless.Serving.Credit;
using Serverless.Training.Onnx;

namespace Serverless.Training.Credit;

/// <summary>Writes a trained autoencoder as an ONNX graph.</summary>
internal static class AutoencoderGraph
{
    /// <summary>
    /// Input <c>values</c> (float [n, 768]), outputs <c>error</c> (float [n]) and <c>code</c> (float [n, 8]). <c>softplus(logit) − value · logit</c> is
    /// the binary cross-entropy behind a sigmoid, without its rounding.
    /// </summary>
    /// <param name="layers">The layers.</param>
    /// <param name="halfLogOdds">See <see cref="Network.HalfLogOdds"/>.</param>
    public static byte[] Write(IReadOnlyList<Layer> layers, float[] halfLogOdds)
    {
        var graph = new GraphBuilder("autoencoder");
        var values = graph.Input("values", ElementType.Float, "n", ApplicationEncoding.Width);
        var (state, code) = (values, values);
        foreach (var (l, layer) in layers.Index())
        {
            var weights = graph.Constant<float>($"weights{l}", layer.Weights, layer.Biases.Length, layer.Inputs);
            var biases = graph.Constant<float>($"biases{l}", layer.Biases, layer.Biases.Length);
            state = graph.Node("Gemm", l == 2 ? "code" : $"layer{l}", [state, weights, biases], ("transB", 1));
            if (l == 2) code = state;
            else if (l < layers.Count - 1) state = graph.Node("Relu", $"rectified{l}", [state]);
        }

        var byShares = Array.ConvertAll(halfLogOdds, h => (float)(Math.Log(1 + Math.Exp(2 * h)) / 2));
        var above = graph.Node("Sub", "logitsAboveShares", [state, graph.Constant<float>("halfLogOdds", halfLogOdds, halfLogOdds.Length)]);
        var lost = graph.Node("Sub", "lost", [graph.Node("Softplus", "softplus", [state]), graph.Constant<float>("lostByShares", byShares, byShares.Length)]);
        var each = graph.Node("Sub", "errors", [lost, graph.Node("Mul", "agreement", [values, above])]);
        var sum = graph.Node("ReduceSum", "sum", [each, graph.Constant<long>("ofRow", [1], 1)], ("keepdims", 0));
        graph.Output(graph.Node("Div", "error", [sum, graph.Constant<float>("width", [ApplicationEncoding.Width], 1)]), ElementType.Float, "n");
        graph.Output(code, ElementType.Float, "n", Autoencoder.CodeLength);
        return graph.ToBytes();
    }
}
