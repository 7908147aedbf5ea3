using Serverless.Serving;
using Serverless.Serving.Credit;
using Serverless.Serving.Onnx;
using Serverless.Serving.Onnx.Proto;

namespace Serverless.Training.Credit;

/// <summary>What an imported graph gets for a missing value.</summary>
public enum MissingValue
{
    /// <summary>The median of the labelled rows that calibrate it.</summary>
    Median,

    /// <summary>NaN: the graph handles it.</summary>
    Nan,
}

/// <summary>A graph that was trained elsewhere, checked, and how it is asked.</summary>
/// <param name="Graph">The ONNX file as this program writes it.</param>
/// <param name="Input">Name of its input.</param>
/// <param name="Output">Name of the output that is read.</param>
/// <param name="Gives">What that means.</param>
/// <param name="Missing">What it gets for a missing value.</param>
public sealed record ImportedSource(byte[] Graph, string Input, string Output, GraphGives Gives, MissingValue Missing)
{
    private const string HowToExport = "export it as ONNX in evaluation mode, in one file, with a free number of rows";

    // Operators that change no number: what comes before them says what the output is.
    private static readonly HashSet<string> Passing = ["Identity", "Reshape", "Squeeze", "Unsqueeze", "Flatten", "Slice", "Gather", "Cast", "Transpose", "Concat"];

    /// <summary>Reads and checks a graph; rejected with every fault of contract and graph, each with what to do.</summary>
    /// <param name="exported">The bytes of the ONNX file.</param>
    /// <param name="contract">The contract whose inputs it takes.</param>
    /// <param name="output">Name of the output to read; null for the only one that fits.</param>
    /// <param name="gives">What it means; null for what its last operator says.</param>
    /// <param name="missing">What it gets for a missing value.</param>
    public static Outcome<ImportedSource> Read(ReadOnlySpan<byte> exported, CreditContract contract, string? output, GraphGives? gives, MissingValue missing)
    {
        var inputs = contract.Columns.Where(c => c.Role == ColumnRole.Input).ToList();
        List<string> faults =
        [
            .. inputs.Where(c => c.Type == ColumnType.Category && c.Allowed is null)
                .Select(c => $"'{c.Name}' is a category without 'allowed': list its values in the order in which the graph takes them, one input each, or make it no input."),
        ];
        if (inputs.Count > ImportedModel.MostColumns) faults.Add($"The contract has {inputs.Count} inputs, and a registered graph can be explained with up to {ImportedModel.MostColumns}: make fewer of them inputs.");
        if (exported.Length > ImportedGraph.MostBytes) faults.Add($"The graph has more than {ImportedGraph.MostBytes >> 20} MB: take a smaller one.");
        if (faults.Count > 0) return Outcome<ImportedSource>.Reject(faults);
        try
        {
            var graph = OnnxModel.Rewritten(exported);
            using var model = OnnxModel.Load(graph, ImportedGraph.Operators);
            var width = inputs.Sum(c => c.Type == ColumnType.Category ? c.Allowed!.Count : 1);
            var (takes, tells) = (model.Session.InputMetadata, model.Session.OutputMetadata);
            if (takes.Count != 1 || !ImportedGraph.IsInput(takes.Values.Single(), width))
            {
                faults.Add($"The graph must have one input, float [n, {width}], for the contract's inputs in their order ({string.Join(", ", inputs.Select(Wanted))}); it has {string.Join(", ", takes.Select(Shape))}: "
                    + $"{HowToExport}, or correct the contract's inputs.");
            }

            var fitting = tells.Where(o => ImportedGraph.IsOutput(o.Value) && (output is null || o.Key == output)).Select(o => o.Key).ToList();
            if (fitting.Count == 0) faults.Add($"The graph must give float [n], [n, 1] or [n, 2]{(output is null ? "" : $" in '{output}'")}; it gives {string.Join(", ", tells.Select(Shape))}: {HowToExport}.");
            if (fitting.Count > 1) faults.Add($"The graph gives {string.Join(", ", fitting.Select(o => $"'{o}'"))}: say with --output which of them tells of a bad loan.");
            if (fitting.Count == 1 && (gives ??= Meaning(graph, fitting[0])) is null)
                faults.Add($"What '{fitting[0]}' means cannot be told from its last operator: say '--gives probability' or '--gives logit'.");
            return faults.Count > 0 ? Outcome<ImportedSource>.Reject(faults) : new ImportedSource(graph, takes.Keys.Single(), fitting[0], gives!.Value, missing);
        }
        catch (InvalidModelException error)
        {
            return Outcome<ImportedSource>.Reject($"The graph is refused: {error.Message.Replace(": train it again or restore the file.", ".", StringComparison.Ordinal)} To mend it, {HowToExport}.");
        }
    }

    private static string Wanted(Column column) => column.Type == ColumnType.Category ? $"{column.Name}: {column.Allowed!.Count}" : column.Name;

    private static string Shape(KeyValuePair<string, Microsoft.ML.OnnxRuntime.NodeMetadata> named) =>
        $"'{named.Key}', {(named.Value.IsTensor ? $"{named.Value.ElementDataType} [{string.Join(", ", named.Value.Dimensions.Select(d => d < 0 ? "n" : $"{d}"))}]" : "no tensor")}";

    private static GraphGives? Meaning(byte[] graph, string output)
    {
        var made = ModelProto.Parser.ParseFrom(graph).Graph.Node.SelectMany(node => node.Output.Select(o => (o, node))).ToDictionary(m => m.o, m => m.node);
        while (made.TryGetValue(output, out var node))
        {
            if (node.OpType is "Sigmoid" or "Softmax" or "HardSigmoid") return GraphGives.Probability;
            if (node.OpType is "Gemm" or "MatMul" or "Add") return GraphGives.Logit;
            if (!Passing.Contains(node.OpType)) return null;
            output = node.Input[0];
        }

        return null;
    }
}
