using Serverless.Serving.Credit;
using Serverless.Training.Onnx;

namespace Serverless.Training.Credit;

/// <summary>Writes a scorecard as an ONNX graph.</summary>
internal static class ScorecardGraph
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
        var hundredths = graph.Node("Add", "hundredths", [sum, graph.Constant<long>("base", [card.BasePoints], 1)]);
        var real = graph.Node("Cast", "hundredthsAsReal", [hundredths], ("to", (long)ElementType.Double));
        var points = graph.Node("Div", "points", [real, graph.Constant<double>("hundred", [100], 1)]);
        var scaled = graph.Node("Mul", "scaled", [points, graph.Constant<double>("slope", [card.Slope], 1)]);
        var logOdds = graph.Node("Add", "logOdds", [scaled, graph.Constant<double>("intercept", [card.Intercept], 1)]);
        graph.Output(points, ElementType.Double, "n");
        graph.Output(graph.Node("Sigmoid", "probability", [logOdds]), ElementType.Double, "n");
        return graph.ToBytes();
    }
}
