using Serverless.Serving.Text;
using Serverless.Training.Onnx;

namespace Serverless.Training.Text;

/// <summary>The part of a classifier's graph that is a <see cref="TextNetwork"/>.</summary>
internal static class NetworkGraph
{
    /// <summary>Adds the inputs of <see cref="NetworkInputs"/> and what follows from them.</summary>
    /// <returns>The name of the scores, float [n, intents].</returns>
    public static string Write(GraphBuilder graph, NetworkWeights weights)
    {
        var pieces = graph.Input("pieces", ElementType.Int64, "wordCount", "pieceCount");
        var pieceWeights = graph.Input("pieceWeights", ElementType.Float, "wordCount", "pieceCount");
        var words = graph.Input("words", ElementType.Int64, "n", "padded");
        var there = graph.Input("there", ElementType.Float, "n", "words");

        var ofPieces = graph.Node("Gather", "pieceVectors", [graph.Constant<float>("pieceTable", weights.Table, weights.Table.Length / weights.Dimensions, weights.Dimensions), pieces], ("axis", 0));
        var third = graph.Constant<long>("third", [2], 1);
        var second = graph.Constant<long>("second", [1], 1);
        var weighed = graph.Node("Mul", "weighedPieces", [ofPieces, graph.Node("Unsqueeze", "pieceColumn", [pieceWeights, third])]);
        var vectors = graph.Node("ReduceSum", "wordVectors", [weighed, second], ("keepdims", 0));
        string[] matched = [.. WordBatch.Patterns.Select((blocks, i) => blocks
            .Select(block => Part(graph, weights, vectors, Neighbour(graph, words, block.First, second), block.Index))
            .Aggregate((one, other) => graph.Node("Add", $"{one}+{other}", [one, other])))];
        var patterns = graph.Node("Concat", "matched", matched, ("axis", 2));
        var biased = graph.Node("Add", "biased", [patterns, graph.Constant<float>("kernelBiases", weights.KernelBiases, weights.KernelBiases.Length)]);
        var column = graph.Node("Unsqueeze", "thereColumn", [there, third]);
        var found = graph.Node("Mul", "found", [graph.Node("Relu", "rectified", [biased]), column]);
        var strongest = graph.Node("ReduceMax", "strongest", [found, second], ("keepdims", 0));
        var count = graph.Node("ReduceSum", "count", [column, second], ("keepdims", 0));
        var mean = graph.Node("Div", "mean", [graph.Node("ReduceSum", "sumOfFound", [found, second], ("keepdims", 0)), count]);
        var pooled = graph.Node("Concat", "pooled", [strongest, mean], ("axis", 1));
        var output = graph.Constant<float>("output", weights.Output, weights.Output.Length / weights.Intents, weights.Intents);
        return graph.Node("Gemm", "networkScores", [pooled, output, graph.Constant<float>("outputBiases", weights.OutputBiases, weights.Intents)]);
    }

    // What the words add to patterns by one block of weights.
    private static string Part(GraphBuilder graph, NetworkWeights weights, string vectors, string words, int block)
    {
        var kernel = graph.Constant<float>($"kernel{block}", weights.Kernels[block], weights.Dimensions, weights.Filters);
        var each = graph.Node("MatMul", $"ofWord{block}", [vectors, kernel]);
        return graph.Node("Gather", $"part{block}", [each, words], ("axis", 0));
    }

    // The words from one on, as many as there are: the last places of a row are blank, and which of them are left out follows from the first.
    private static string Neighbour(GraphBuilder graph, string words, int from, string axis)
    {
        const int Last = WordBatch.Before + WordBatch.Behind;
        var name = $"words{from}";
        if (graph.Has(name)) return name;
        var end = from == Last ? long.MaxValue : from - Last;
        return graph.Node("Slice", name, [words, graph.Constant<long>($"from{from}", [from], 1), graph.Constant<long>($"to{from}", [end], 1), axis]);
    }
}
