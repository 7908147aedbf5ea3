using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Serverless.Serving.Onnx;

namespace Serverless.Serving.Credit;

/// <summary>A graph of another program that was checked and loaded: float [n, width] in, log-odds of a bad loan out. Safe for parallel calls.</summary>
public sealed class ImportedGraph : IDisposable
{
    /// <summary>Most bytes of a graph: 4 MB, a million weights. A larger one could not be explained, by thousands of answers, in the time that a decision has.</summary>
    public const int MostBytes = 4 << 20;

    // What a float32 can still tell from certainty.
    private const double Certain = 1e-7;
    private const double Furthest = 100;

    private readonly OnnxModel _model;
    private readonly RunOptions _run = new();
    private readonly string[] _inputs;
    private readonly string[] _outputs;
    private readonly GraphGives _gives;

    private ImportedGraph(OnnxModel model, string input, string output, GraphGives gives, int width) =>
        (_model, _inputs, _outputs, _gives, Width) = (model, [input], [output], gives, width);

    /// <summary>
    /// The operators that exports of networks from PyTorch, Keras and TensorFlow need and that compute each row from constants and the row: none
    /// that draws by chance, loops, branches or reads files.
    /// </summary>
    public static IReadOnlySet<string> Operators { get; } = new HashSet<string>(StringComparer.Ordinal)
    {
        "Abs", "Add", "BatchNormalization", "Cast", "Clip", "Concat", "Constant", "Div", "Elu", "Erf", "Exp", "Flatten", "Gather", "Gelu", "Gemm", "HardSigmoid", "HardSwish",
        "Identity", "LayerNormalization", "LeakyRelu", "Log", "LogSoftmax", "MatMul", "Max", "Min", "Mul", "Neg", "PRelu", "Pow", "ReduceMean", "ReduceSum", "Relu", "Reshape",
        "Selu", "Sigmoid", "Slice", "Softmax", "Softplus", "Sqrt", "Squeeze", "Sub", "Tanh", "Transpose", "Unsqueeze", "Where", "IsNaN",
    };

    /// <summary>Numbers that it takes of each row.</summary>
    public int Width { get; }

    /// <summary>Whether an input of a graph can be asked: float, any number of rows, that many columns.</summary>
    public static bool IsInput(NodeMetadata input, int width) =>
        input is { IsTensor: true, ElementDataType: TensorElementType.Float, Dimensions: [-1, var columns] } && columns == width;

    /// <summary>Whether an output of a graph can be read: float, a row for each of the input, of one or two columns.</summary>
    public static bool IsOutput(NodeMetadata output) =>
        output is { IsTensor: true, ElementDataType: TensorElementType.Float, Dimensions: [-1] or [-1, 1] or [-1, 2] };

    /// <summary>Checks and loads it.</summary>
    /// <param name="graph">The bytes of the ONNX file.</param>
    /// <param name="file">How it is asked.</param>
    /// <param name="width">Numbers of each row.</param>
    /// <exception cref="InvalidModelException">It is refused by the guard, or has another input or output.</exception>
    public static ImportedGraph Load(ReadOnlyMemory<byte> graph, ImportedModelFile file, int width)
    {
        if (graph.Length > MostBytes) throw new InvalidModelException($"The graph has more than {MostBytes >> 20} MB.");
        var model = OnnxModel.Load(graph, Operators);
        var (inputs, outputs) = (model.Session.InputMetadata, model.Session.OutputMetadata);
        if (inputs.Count == 1 && inputs.TryGetValue(file.Input, out var input) && IsInput(input, width) && outputs.TryGetValue(file.Output, out var output) && IsOutput(output))
            return new ImportedGraph(model, file.Input, file.Output, file.Gives, width);
        model.Dispose();
        throw new InvalidModelException($"'model.onnx' must have the one input '{file.Input}', float [n, {width}], and the output '{file.Output}', float [n], [n, 1] or [n, 2]: register it again.");
    }

    /// <summary>The log-odds of a bad loan that the graph gives to some rows; NaN where it gives no number. They are not calibrated.</summary>
    /// <param name="values">Row after row.</param>
    /// <param name="logOdds">Gets them; as long as there are rows.</param>
    /// <exception cref="InvalidModelException">The output has another number of rows, or is no probability where it should be one.</exception>
    public void LogOdds(Memory<float> values, Span<double> logOdds)
    {
        using var input = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, values, [logOdds.Length, Width]);
        using var outputs = _model.Session.Run(_run, _inputs, [input], _outputs);
        var given = outputs[0].GetTensorDataAsSpan<float>();
        var columns = logOdds.Length == 0 ? 1 : given.Length / logOdds.Length;
        if (columns is not (1 or 2) || given.Length != columns * logOdds.Length)
            throw new InvalidModelException($"The graph answers {logOdds.Length} rows with {given.Length} numbers: export it with a free number of rows.");
        for (var row = 0; row < logOdds.Length; row++)
        {
            double last = given[(row * columns) + columns - 1];
            logOdds[row] = _gives == GraphGives.Probability ? OfProbability(last) : Math.Clamp(columns == 2 ? last - given[row * columns] : last, -Furthest, Furthest);
        }
    }

    private static double OfProbability(double p)
    {
        if (p is < -Certain or > 1 + Certain) throw new InvalidModelException("The graph is said to give probabilities and gives a number outside 0 to 1: register it with '--gives logit'.");
        p = Math.Clamp(p, Certain, 1 - Certain);
        return Math.Log(p / (1 - p));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _run.Dispose();
        _model.Dispose();
    }
}
