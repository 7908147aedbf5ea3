using Serverless.Serving.Credit;
using Serverless.Training.Onnx;

namespace Serverless.Training.Credit;

/// <summary>Writes a model that adds up, scorecard or glass box, as an ONNX graph.</summary>
internal static class AdditiveGraph
{
    /// <summary>
    /// Input <c>bins</c> (int64 [n, columns]: the bin of each column), outputs <c>points</c> and <c>probability</c> (double [n]).
    /// Points are summed as whole hundredths, so they are exact in any order.
    /// </summary>
    public static byte[] Write(Scorecard card)
    {
        var width = card.Columns.Count;
        var offsets = new long[width];
        for (var c = 1; c < width; c++) offsets[c] = offsets[c - 1] + card.Columns[c - 1].Bins.Count;
        long[] table = [.. card.Columns.SelectMany(c => c.Bins).Select(b => b.Points)];

        var graph = new GraphBuilder("scorecard");
        var bins = graph.Input("bins", ElementType.Int64, "n", width);
        var places = graph.Node("Add", "places", [bins, graph.Constant<long>("offsets", offsets, width)]);
        var each = graph.Node("Gather", "pointsOfColumns", [graph.Constant<long>("table", table, table.Length), places], ("axis", 0));
        var sum = graph.Node("ReduceSum", "sum", [each, graph.Constant<long>("columns", [1], 1)], ("keepdims", 0));
        if (card.Pairs.Count > 0) sum = graph.Node("Add", "sumWithPairs", [sum, Pairs(graph, bins, card)]);
        var hundredths = graph.Node("Add", "hundredths", [sum, graph.Constant<long>("base", [card.BasePoints], 1)]);
        var real = graph.Node("Cast", "hundredthsAsReal", [hundredths], ("to", (long)ElementType.Double));
        var points = graph.Node("Div", "points", [real, graph.Constant<double>("hundred", [100], 1)]);
        var scaled = graph.Node("Mul", "scaled", [points, graph.Constant<double>("slope", [card.Slope], 1)]);
        var logOdds = graph.Node("Add", "logOdds", [scaled, graph.Constant<double>("intercept", [card.Intercept], 1)]);
        graph.Output(points, ElementType.Double, "n");
        graph.Output(graph.Node("Sigmoid", "probability", [logOdds]), ElementType.Double, "n");
        return graph.ToBytes();
    }

    // Each pair's cell in one table of all: the row's place is looked up already times the width, the pair's offset with it.
    private static string Pairs(GraphBuilder graph, string bins, Scorecard card)
    {
        long offset = 0;
        List<long> rowPlaces = [], columnPlaces = [], firstStarts = [], secondStarts = [];
        foreach (var pair in card.Pairs)
        {
            firstStarts.Add(rowPlaces.Count);
            secondStarts.Add(columnPlaces.Count);
            foreach (var group in pair.FirstGroups) rowPlaces.Add(offset + (group * pair.Width));
            foreach (var group in pair.SecondGroups) columnPlaces.Add(group);
            offset += pair.Points.Count;
        }

        long[] table = [.. card.Pairs.SelectMany(p => p.Points)];
        var cells = graph.Node("Add", "cells", [Places("first", card.Pairs.Select(p => (long)p.First), firstStarts, rowPlaces), Places("second", card.Pairs.Select(p => (long)p.Second), secondStarts, columnPlaces)]);
        var each = graph.Node("Gather", "pointsOfPairs", [graph.Constant<long>("pairTable", table, table.Length), cells], ("axis", 0));
        return graph.Node("ReduceSum", "sumOfPairs", [each, graph.Constant<long>("pairs", [1], 1)], ("keepdims", 0));

        string Places(string side, IEnumerable<long> columns, List<long> starts, List<long> places)
        {
            long[] of = [.. columns];
            var ofPairs = graph.Node("Gather", $"{side}Bins", [bins, graph.Constant<long>($"{side}Columns", of, of.Length)], ("axis", 1));
            var at = graph.Node("Add", $"{side}Places", [ofPairs, graph.Constant<long>($"{side}Starts", [.. starts], starts.Count)]);
            return graph.Node("Gather", $"{side}Cells", [graph.Constant<long>($"{side}Table", [.. places], places.Count), at], ("axis", 0));
        }
    }
}
