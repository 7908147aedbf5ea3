using Microsoft.ML.OnnxRuntime;
using Serverless.Serving.Onnx;

namespace Serverless.Serving.Documents;

/// <summary>A graph that takes pictures: one input float [n, 3, height, width], one output of floats. Safe for parallel calls until disposed.</summary>
internal sealed class PictureGraph : IDisposable
{
    /// <summary>
    /// The operators that the exports of convolutional networks and their small transformers are made of, in the default domain. None that draws by chance,
    /// branches or loops.
    /// </summary>
    public static IReadOnlySet<string> Operators { get; } = new HashSet<string>(OnnxModel.AllowedOperators, StringComparer.Ordinal)
    {
        "AveragePool", "BatchNormalization", "Clip", "Constant", "Conv", "ConvTranspose", "GlobalAveragePool", "HardSigmoid", "HardSwish", "MaxPool", "Pow", "ReduceMean", "Reshape", "Resize",
        "Shape", "Sqrt", "Squeeze", "Transpose",
    };

    private readonly OnnxModel _model;
    private readonly RunOptions _options = new();
    private readonly string[] _inputs;
    private readonly string[] _outputs;

    private PictureGraph(OnnxModel model, bool shrinks)
    {
        (_model, _inputs, _outputs) = (model, [.. model.Session.InputMetadata.Keys], [.. model.Session.OutputMetadata.Keys]);
        if (shrinks) _options.AddRunConfigEntry("memory.enable_memory_arena_shrinkage", "cpu:0");
    }

    /// <summary>Loads it.</summary>
    /// <param name="file">Bytes of an ONNX file.</param>
    /// <param name="name">Its name, for messages.</param>
    /// <param name="rank">Dimensions of its output.</param>
    /// <param name="shrinks">Whether the memory of a run is given back behind it: of one that takes much, and rarely.</param>
    /// <exception cref="InvalidModelException">It is refused, or takes or gives something else.</exception>
    public static PictureGraph Load(ReadOnlyMemory<byte> file, string name, int rank, bool shrinks = false)
    {
        var model = OnnxModel.Load(file, Operators, threads: Math.Min(2, Environment.ProcessorCount), sameShapes: false);
        var (takes, gives) = (model.Session.InputMetadata.Values.ToList(), model.Session.OutputMetadata.Values.ToList());
        if (takes is [{ Dimensions: [_, 3 or < 0, _, _] } input] && input.ElementType == typeof(float) && gives is [var output] && output.ElementType == typeof(float) && output.Dimensions.Length == rank)
            return new PictureGraph(model, shrinks);
        model.Dispose();
        throw new InvalidModelException($"'{name}' must take one input, float [n, 3, height, width], and give one output of {rank} dimensions: take the graphs of one PP-OCR release.");
    }

    /// <summary>Puts a picture into the values of a batch, each colour less its mean and divided by its deviation, in the order blue, green, red.</summary>
    /// <param name="values">[n, 3, height of the picture, width].</param>
    /// <param name="place">Which of the batch.</param>
    /// <param name="width">Width of the batch; what lies right of the picture stays as it is.</param>
    /// <param name="picture">The picture.</param>
    /// <param name="channels">What the network was trained with.</param>
    public static void Fill(float[] values, int place, int width, Picture picture, Channels channels)
    {
        var (pixels, plane) = (picture.Pixels.ToArray().AsMemory(), width * picture.Height);
        for (var c = 0; c < 3; c++)
        {
            var (scale, shift) = (1 / (255 * channels.Deviations[c]), channels.Means[c] / channels.Deviations[c]);
            var source = pixels.Span[(2 - c)..];
            for (var y = 0; y < picture.Height; y++)
            {
                var row = values.AsSpan((((place * 3) + c) * plane) + (y * width), picture.Width);
                for (int x = 0, at = 4 * y * picture.Width; x < row.Length; x++, at += 4) row[x] = (source[at] * scale) - shift;
            }
        }
    }

    /// <summary>Runs it.</summary>
    /// <exception cref="InvalidModelException">It cannot be run.</exception>
    public (float[] Values, long[] Shape) Run(float[] values, long[] shape)
    {
        try
        {
            using var input = OrtValue.CreateTensorValueFromMemory(values, shape);
            using var results = _model.Session.Run(_options, _inputs, [input], _outputs);
            return (results[0].GetTensorDataAsSpan<float>().ToArray(), results[0].GetTensorTypeAndShape().Shape);
        }
        catch (OnnxRuntimeException error)
        {
            throw new InvalidModelException($"ONNX Runtime cannot run the graph: {error.Message}", error);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _options.Dispose();
        _model.Dispose();
    }

    /// <summary>Mean and deviation of blue, green and red, of colours from 0 to 1.</summary>
    internal sealed record Channels(float[] Means, float[] Deviations)
    {
        /// <summary>From -1 to 1.</summary>
        public static Channels Symmetric { get; } = new([0.5f, 0.5f, 0.5f], [0.5f, 0.5f, 0.5f]);
    }
}
