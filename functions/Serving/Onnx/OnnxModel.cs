using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using Serverless.Serving.Onnx.Proto;

namespace Serverless.Serving.Onnx;

/// <summary>
/// An ONNX graph that was checked and then loaded from bytes in memory. One intra-op thread, unless more are asked for, and sequential
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
    /// <param name="operators">The operators of the default domain that it may use; null for <see cref="AllowedOperators"/>.</param>
    /// <param name="threads">Threads of one operator.</param>
    /// <param name="sameShapes">Whether inputs have the same shapes again and again, so that a plan of a run's memory is worth keeping.</param>
    /// <exception cref="InvalidModelException">The bytes are no ONNX graph, or use what is not allowed.</exception>
    public static OnnxModel Load(ReadOnlyMemory<byte> graph, IReadOnlySet<string>? operators = null, int threads = 1, bool sameShapes = true)
    {
        Check(graph.Span, operators);
        using var options = new SessionOptions
        {
            IntraOpNumThreads = threads,
            InterOpNumThreads = 1,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            EnableMemoryPattern = sameShapes,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        if (threads > 1) options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0"); // threads that wait leave the processor to others
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
    /// The same graph as this program writes it: what other programs note in a file beside the graph (descriptions, names of source lines,
    /// hints) is left out. What changes the graph's answers stays, and <see cref="Check"/> judges it.
    /// </summary>
    /// <exception cref="InvalidModelException">The bytes are no ONNX file.</exception>
    public static byte[] Rewritten(ReadOnlySpan<byte> graph)
    {
        var model = Parse(graph);
        model.DocString = "";
        model.MetadataProps.Clear();
        if (model.Graph is null) return model.ToByteArray();
        model.Graph.DocString = "";
        foreach (var node in model.Graph.Node) node.DocString = "";
        return model.ToByteArray();
    }

    /// <summary>
    /// Refuses graphs with data outside the file, nested graphs, operators outside the list, functions, training graphs, sparse tensors, or
    /// anything that <c>onnx.proto</c> here does not know: nothing is loaded that was not looked at.
    /// </summary>
    /// <param name="graph">The bytes of an ONNX file.</param>
    /// <param name="operators">As for <see cref="Load"/>.</param>
    /// <exception cref="InvalidModelException">With the first thing that is not allowed.</exception>
    public static void Check(ReadOnlySpan<byte> graph, IReadOnlySet<string>? operators = null)
    {
        var model = Parse(graph);

        // What is written again from the checked fields alone must be the same bytes; then ONNX Runtime has no others to read.
        if (!graph.SequenceEqual(model.ToByteArray()) || model.TrainingInfo.Count > 0 || model.Functions.Count > 0 || model.Graph?.SparseInitializer.Count > 0)
            throw new InvalidModelException("The ONNX file holds parts that are not allowed, or is not written as this program writes it: train it again or restore the file.");
        if (model.Graph is null || model.Graph.Node.Count == 0)
            throw new InvalidModelException("The ONNX file has no graph: train it again or restore the file.");
        foreach (var node in model.Graph.Node)
        {
            if (!(node.Domain is "" or "ai.onnx" && (operators ?? AllowedOperators).Contains(node.OpType)) && (operators is not null || (node.Domain, node.OpType) is not (TreeDomain, TreeOperator)))
                throw new InvalidModelException($"Operator '{node.Domain}:{node.OpType}' is not on the list of allowed operators.");
            if (node.Attribute.Any(a => a.G is not null || a.Graphs.Count > 0))
                throw new InvalidModelException($"Operator '{node.OpType}' holds a nested graph, which is not allowed.");
            if (node.Attribute.Any(a => a.RefAttrName.Length > 0 || a.SparseTensor.Length > 0 || a.SparseTensors.Count > 0))
                throw new InvalidModelException($"Operator '{node.OpType}' holds a sparse tensor or a reference, which is not allowed.");
        }

        var attributes = model.Graph.Node.SelectMany(n => n.Attribute);
        var tensors = model.Graph.Initializer.Concat(attributes.SelectMany(a => a.T is null ? a.Tensors : a.Tensors.Append(a.T)));
        if (tensors.Any(t => t.DataLocation != 0 || t.ExternalData.Count > 0))
            throw new InvalidModelException("The graph keeps data outside its file, which is not allowed.");
    }

    private static ModelProto Parse(ReadOnlySpan<byte> graph)
    {
        try
        {
            return WithoutUnknownFields.ParseFrom(graph);
        }
        catch (InvalidProtocolBufferException error)
        {
            throw new InvalidModelException("The graph is not an ONNX file: train it again or restore the file.", error);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Session.Dispose();
}
