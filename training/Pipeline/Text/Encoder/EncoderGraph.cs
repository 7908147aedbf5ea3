using Serverless.Serving.Text;
using Serverless.Training.Onnx;

namespace Serverless.Training.Text;

/// <summary>The part of a classifier's graph that is fitted on an encoder's vectors; the encoder itself is a graph of its own beside it.</summary>
internal static class EncoderGraph
{
    /// <summary>Adds the input <see cref="TextClassifier.Encoding"/>, float [n, dimensions], and what follows from it.</summary>
    /// <returns>The name of the scores, float [n, intents].</returns>
    public static string Write(GraphBuilder graph, FittedEncoder fitted)
    {
        var (dimensions, intents) = (fitted.Scale.Means.Length, fitted.Head.Biases.Length);
        var vectors = graph.Input(TextClassifier.Encoding, ElementType.Float, "n", dimensions);
        var centred = graph.Node("Sub", "encodingCentred", [vectors, graph.Constant<float>("encodingMeans", fitted.Scale.Means, dimensions)]);
        var standard = graph.Node("Mul", "encodingStandard", [centred, graph.Constant<float>("encodingScales", fitted.Scale.Scales, dimensions)]);
        return graph.Node("Gemm", "encodingScores", [standard, graph.Constant<float>("encodingWeights", fitted.Head.Weights, dimensions, intents), graph.Constant<float>("encodingBiases", fitted.Head.Biases, intents)]);
    }
}
