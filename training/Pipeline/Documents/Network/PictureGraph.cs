using Serverless.Serving.Documents;
using Serverless.Training.Onnx;

namespace Serverless.Training.Documents;

/// <summary>The graph of a picture classifier: its convolutions and blocks, the weighed sums, the temperature, the softmax, and what tells none of the labels.</summary>
internal static class PictureGraph
{
    /// <summary>Writes the ONNX file, with the input and outputs that <see cref="DocumentClassifier"/> names.</summary>
    public static byte[] Write(FittedPictures fitted, PictureCalibration calibration)
    {
        var (features, weights, plan) = (fitted.Features, fitted.Weights, fitted.Weights.Plan);
        var graph = new GraphBuilder("pictures");
        var found = Rectified(0, graph.Input(DocumentClassifier.Input, ElementType.Float, "n", features.Channels, features.Height, features.Width), "stem");
        foreach (var (place, (first, second, skip)) in plan.Blocks.Index())
        {
            var added = Convolved(second, Rectified(first, found, $"block{place + 1}.first"), $"block{place + 1}.second");
            var came = skip is { } through ? Convolved(through, found, $"block{place + 1}.skip") : found;
            found = graph.Node("Relu", $"block{place + 1}", [graph.Node("Add", $"block{place + 1}.sum", [added, came])]);
        }

        var area = graph.Constant<long>("area", [2, 3], 2);
        var (high, wide) = plan.Sides(features.Height, features.Width);
        var mean = graph.Node("Div", "mean", [graph.Node("ReduceSum", "total", [found, area], ("keepdims", 0)), graph.Constant<float>("pixels", [high * wide])]);
        var pooled = graph.Node("Concat", "pooled", [mean, graph.Node("ReduceMax", "strongest", [found, area], ("keepdims", 0))], ("axis", 1));
        var labels = features.Labels.Count;
        var raw = graph.Node("Gemm", "raw", [pooled, graph.Constant<float>("output", weights.Output, labels, plan.Pooled), graph.Constant<float>("outputBiases", weights.OutputBiases, labels)], ("transB", 1));
        var scores = graph.Node("Mul", DocumentClassifier.Scores, [raw, graph.Constant<float>("sharpness", [(float)calibration.Sharpness])]);
        graph.Node("Softmax", DocumentClassifier.Probability, [scores], ("axis", 1));
        Evidence(graph, pooled, scores, calibration);
        graph.Output(DocumentClassifier.Probability, ElementType.Float, "n", labels);
        graph.Output(DocumentClassifier.Scores, ElementType.Float, "n", labels);
        graph.Output(DocumentClassifier.Evidence, ElementType.Float, "n");
        return graph.ToBytes();

        string Convolved(int at, string input, string name)
        {
            var c = plan.Convolutions[at];
            var kernel = graph.Constant<float>($"{name}.kernel", weights.Kernels[at], c.Outputs, c.Inputs, c.Kernel, c.Kernel);
            return graph.Convolution($"{name}.convolved", [input, kernel, graph.Constant<float>($"{name}.biases", weights.Biases[at], c.Outputs)], c.Stride, c.Padding);
        }

        string Rectified(int at, string input, string name) => graph.Node("Relu", $"{name}.rectified", [Convolved(at, input, name)]);
    }

    private static void Evidence(GraphBuilder graph, string pooled, string scores, PictureCalibration calibration)
    {
        var ofPicture = graph.Constant<long>("ofPicture", [1], 1);
        switch (calibration.Score)
        {
            case PictureNoneScore.Probability:
                graph.Node("ReduceMax", DocumentClassifier.Evidence, [DocumentClassifier.Probability, ofPicture], ("keepdims", 0));
                break;
            case PictureNoneScore.Energy:
                graph.Node("ReduceLogSumExp", DocumentClassifier.Evidence, [scores, ofPicture], ("keepdims", 0));
                break;
            default:
                Nearest(graph, pooled, ofPicture, calibration.Means);
                break;
        }
    }

    // The greatest cosine to a row of means, which have length 1, both seen from the middle of all.
    private static void Nearest(GraphBuilder graph, string pooled, string ofPicture, NearestMeans means)
    {
        var (rows, length) = (means.Rows.Count, means.Middle.Length);
        var columns = new float[rows * length];
        for (var c = 0; c < rows; c++)
            for (var i = 0; i < length; i++) columns[(i * rows) + c] = (float)means.Rows[c][i];
        var from = graph.Node("Sub", "fromMiddle", [pooled, graph.Constant<float>("middle", Array.ConvertAll(means.Middle, m => (float)m), length)]);
        var products = graph.Node("MatMul", "products", [from, graph.Constant<float>("means", columns, length, rows)]);
        var size = graph.Node("Add", "size", [graph.Node("ReduceL2", "distance", [from, ofPicture], ("keepdims", 0)), graph.Constant<float>("tiny", [(float)NearestMeans.Tiny])]);
        graph.Node("Div", DocumentClassifier.Evidence, [graph.Node("ReduceMax", "product", [products, ofPicture], ("keepdims", 0)), size]);
    }
}
