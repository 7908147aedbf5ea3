using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using Serverless.Serving.Onnx.Proto;

namespace Serverless.Serving.Onnx;

/// <summary>
/// An ONNX graph that was checked and then loaded from bytes in memory. One intra-op thread and sequential
/// execution, so that an answer does not depend on the machine's number of cores.
/// </summary>
public sealed class OnnxModel : IDisposable
{
    /// <summary>The domain of the standard's operators for trees.</summary>
    public const string TreeDomain = "ai.onnx.ml";

    /// <summary>The one operator of <see cref="TreeDomain"/> that a served graph may use.</summary>
    public const string TreeOperator = "TreeEnsemble";

    /// <summary>The operators of the default domain that a served graph may use; everything else is refused.</summary>
    public static IReadOnlySet<string> AllowedOperators { get; } = new HashSet<string>(StringComparer.Ordinal)
    {
        "Add", "Cast", "Concat", "Div", "Exp", "GRU", "Gather", "Gemm", "LSTM", "MatMul", "Mul", "ReduceL2", "ReduceLogSumExp", "ReduceMax", "ReduceSum", "Relu",
        "Sigmoid", "Slice", "Softmax", "Softplus", "Sub", "Unsqueeze",
    };

    private static readonly MessageParser<ModelProto> WithoutUnknownFields = ModelProto.Parser.WithDiscardUnknownFields(true);

    private OnnxModel(InferenceSession session) => Session = session;

    /// <summary>The session of ONNX Runtime; safe for parallel calls of <c>Run</c>.</summary>
    public InferenceSession Session { get; }

    /// <summary>Checks the graph and loads it.</summary>
    /// <param name="graph">The bytes of an ONNX file.</param>
    /// <exception cref="InvalidModelException">The bytes are no ONNX graph, or use what is not allowed.</exception>
    public static OnnxModel Load(ReadOnlyMemory<byte> graph)
    {
        Check(graph.Span);
        using var options = new SessionOptions
        {
            IntraOpNumThreads = 1,
            InterOpNumThreads = 1,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        try
        {
            return new OnnxModel(new InferenceSession(graph.ToArray(), options));
        }
        catch (OnnxRuntimeException error)
        {
            throw new InvalidModelException($"ONNX Runtime refuses the graph: {error.Message}", error);
        }
    }

    /// <summary>
    /// Refuses graphs with data outside the file, nested graphs, operators outside the list, or anything that <c>onnx.proto</c> here does
    /// not know, such as functions, training graphs and sparse tensors: nothing is loaded that was not looked at.
    /// </summary>
    /// <exception cref="InvalidModelException">With the first thing that is not allowed.</exception>
    public static void Check(ReadOnlySpan<byte> graph)
    {
        ModelProto model;
        try
        {
            model = WithoutUnknownFields.ParseFrom(graph);
        }
        catch (InvalidProtocolBufferException error)
        {
            throw new InvalidModelException("The graph is not an ONNX file: train it again or restore the file.", error);
        }

        // What is written again from the checked fields alone must be the same bytes; then ONNX Runtime has no others to read.
        if (!graph.SequenceEqual(model.ToByteArray()))
            throw new InvalidModelException("The ONNX file holds parts that are not allowed, or is not written as this program writes it: train it again or restore the file.");
        if (model.Graph is null || model.Graph.Node.Count == 0)
            throw new InvalidModelException("The ONNX file has no graph: train it again or restore the file.");
        foreach (var node in model.Graph.Node)
        {
            if (!(node.Domain is "" or "ai.onnx" && AllowedOperators.Contains(node.OpType)) && (node.Domain, node.OpType) is not (TreeDomain, TreeOperator))
                throw new InvalidModelException($"Operator '{node.Domain}:{node.OpType}' is not on the list of allowed operators.");
            if (node.Attribute.Any(a => a.G is not null || a.Graphs.Count > 0))
                throw new InvalidModelException($"Operator '{node.OpType}' holds a nested graph, which is not allowed.");
        }

        var attributes = model.Graph.Node.SelectMany(n => n.Attribute);
        var tensors = model.Graph.Initializer.Concat(attributes.SelectMany(a => a.T is null ? a.Tensors : a.Tensors.Append(a.T)));
        if (tensors.Any(t => t.DataLocation != 0 || t.ExternalData.Count > 0))
            throw new InvalidModelException("The graph keeps data outside its file, which is not allowed.");
    }

    /// <inheritdoc/>
    public void Dispose() => Session.Dispose();
}
