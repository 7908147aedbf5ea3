using System.Globalization;
using Microsoft.ML.OnnxRuntime;
using Serverless.Serving.Documents;
using Serverless.Serving.Onnx;

namespace Serverless.Training.Documents;

/// <summary>Whether a graph says what the network says that it was written from.</summary>
internal static class GraphCheck
{
    private const int Batch = 64;

    /// <summary>How far the scores of both are apart at most.</summary>
    /// <param name="graph">The ONNX file.</param>
    /// <param name="fitted">The network.</param>
    /// <param name="calibration">What the graph multiplies scores with.</param>
    /// <param name="pictures">What both are asked.</param>
    /// <param name="most">How far they may be apart.</param>
    /// <exception cref="InvalidOperationException">They are further apart.</exception>
    public static double Apart(byte[] graph, FittedPictures fitted, PictureCalibration calibration, IReadOnlyList<FramedPicture> pictures, double most)
    {
        using var model = OnnxModel.Load(graph);
        using var options = new RunOptions();
        var (features, expected, apart, place) = (fitted.Features, fitted.Scores(pictures), 0.0, 0);
        foreach (var some in pictures.Chunk(Batch))
        {
            var input = new float[some.Length * features.Length];
            for (var i = 0; i < some.Length; i++) some[i].WriteTo(input.AsSpan(i * features.Length, features.Length), features);
            using var value = OrtValue.CreateTensorValueFromMemory(input, [some.Length, features.Channels, features.Height, features.Width]);
            using var results = model.Session.Run(options, [DocumentClassifier.Input], [value], [DocumentClassifier.Scores]);
            foreach (var score in results[0].GetTensorDataAsSpan<float>())
            {
                var (picture, label) = Math.DivRem(place++, features.Labels.Count);
                apart = Math.Max(apart, Math.Abs((score / calibration.Sharpness) - expected[picture].Scores[label]));
            }
        }

        return apart <= most
            ? apart
            : throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"The graph's scores are {apart:0.######} from those of the trained network, more than {most}: it is not served."));
    }
}
