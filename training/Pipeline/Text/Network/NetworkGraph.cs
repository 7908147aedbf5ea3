using Serverless.Serving.Text;
using Serverless.Training.Onnx;

namespace Serverless.Training.Text;

/// <summary>The part of a classifier's graph that is its networks.</summary>
internal static class NetworkGraph
{
    /// <summary>Adds the inputs of <see cref="NetworkInputs"/> and what follows from them.</summary>
    /// <returns>The name of the sum of the networks' scores, float [n, intents].</returns>
    public static string Write(GraphBuilder graph, IReadOnlyList<NetworkWeights> members)
    {
        var pieces = graph.Input("pieces", ElementType.Int64, "wordCount", "pieceCount");
        var pieceWeights = graph.Input("pieceWeights", ElementType.Float, "wordCount", "pieceCount");
        var words = graph.Input("words", ElementType.Int64, "n", "padded");
        var there = graph.Input("there", ElementType.Float, "n", "words");

        var third = graph.Constant<long>("third", [2], 1);
        var second = graph.Constant<long>("second", [1], 1);
        var pieceColumn = graph.Node("Unsqueeze", "pieceColumn", [pieceWeights, third]);
        var column = graph.Node("Unsqueeze", "thereColumn", [there, third]);
        var count = graph.Node("ReduceSum", "count", [column, second], ("keepdims", 0));
        string[] neighbours = [.. Enumerable.Range(0, WordBatch.Widest).Select(from => Neighbour(graph, words, from, second))];
        return members.Select((weights, i) => Write(new(graph, weights, $"net{i + 1}."), pieces, pieceColumn, neighbours, column, count, second))
            .Aggregate((one, other) => graph.Node("Add", $"{one}+{other}", [one, other]));
    }

    private static string Write(Part part, string pieces, string pieceColumn, string[] neighbours, string column, string count, string second)
    {
        var weights = part.Weights;
        var table = part.Constant("pieceTable", weights.Table, weights.Table.Length / weights.Dimensions, weights.Dimensions);
        var weighed = part.Node("Mul", "weighedPieces", [part.Node("Gather", "pieceVectors", [table, pieces], ("axis", 0)), pieceColumn]);
        var vectors = part.Node("ReduceSum", "wordVectors", [weighed, second], ("keepdims", 0));

        // What each different word adds to a pattern is computed once, then gathered to where the word stands.
        string[] matched = [.. WordBatch.Patterns.Select(blocks => blocks
            .Select(block => part.Node("Gather", $"part{block.Index}",
                [part.Node("MatMul", $"ofWord{block.Index}", [vectors, part.Constant($"kernel{block.Index}", weights.Kernels[block.Index], weights.Dimensions, weights.Filters)]), neighbours[block.First]], ("axis", 0)))
            .Aggregate((one, other) => part.Node("Add", $"with.{other}", [one, other])))];
        var biased = part.Node("Add", "biased", [part.Node("Concat", "matched", matched, ("axis", 2)), part.Constant("kernelBiases", weights.KernelBiases, weights.KernelBiases.Length)]);
        var found = part.Node("Mul", "found", [part.Node("Relu", "rectified", [biased]), column]);
        var strongest = part.Node("ReduceMax", "strongest", [found, second], ("keepdims", 0));
        var mean = part.Node("Div", "mean", [part.Node("ReduceSum", "sumOfFound", [found, second], ("keepdims", 0)), count]);
        var pooled = part.Node("Concat", "pooled", [strongest, mean], ("axis", 1));
        var output = part.Constant("output", weights.Output, weights.Output.Length / weights.Intents, weights.Intents);
        return part.Node("Gemm", "scores", [pooled, output, part.Constant("outputBiases", weights.OutputBiases, weights.Intents)]);
    }

    // The words from one on, as many as there are: the last places of a row are blank, and which of them are left out follows from the first.
    private static string Neighbour(GraphBuilder graph, string words, int from, string axis)
    {
        const int Last = WordBatch.Before + WordBatch.Behind;
        var end = from == Last ? long.MaxValue : from - Last;
        return graph.Node("Slice", $"words{from}", [words, graph.Constant<long>($"from{from}", [from], 1), graph.Constant<long>($"to{from}", [end], 1), axis]);
    }

    /// <summary>Names what belongs to one network.</summary>
    private sealed record Part(GraphBuilder Graph, NetworkWeights Weights, string Prefix)
    {
        public string Constant(string name, float[] values, params ReadOnlySpan<long> shape) => Graph.Constant<float>(Prefix + name, values, shape);

        public string Node(string operation, string output, string[] inputs, params ReadOnlySpan<(string Name, long Value)> attributes) =>
            Graph.Node(operation, Prefix + output, inputs, attributes);
    }
}
