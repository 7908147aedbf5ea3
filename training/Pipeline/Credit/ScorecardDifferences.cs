using System.Globalization;
using Serverless.Serving.Credit;

namespace Serverless.Training.Credit;

/// <summary>What two scorecards do otherwise. Bins whose bounds moved are compared piece by piece, so that each line is about values that both treat as one.</summary>
internal static class ScorecardDifferences
{
    private const int Most = 20;

    /// <summary>Compares two scorecards.</summary>
    public static BehaviourDifferences Of(Scorecard a, Scorecard b)
    {
        var (first, second) = (a.Columns.ToDictionary(c => c.Name), b.Columns.ToDictionary(c => c.Name));
        var points = a.Columns.Where(c => second.TryGetValue(c.Name, out var other) && other.Type == c.Type).SelectMany(c => Pieces(c, second[c.Name]))
            .Prepend(new PointsDifference("", "everyone", a.BasePoints / 100m, b.BasePoints / 100m))
            .Where(d => d.A != d.B).OrderByDescending(d => Math.Abs(d.B - d.A)).ThenBy(d => d.Column, StringComparer.Ordinal).ThenBy(d => d.Values, StringComparer.Ordinal);
        return new(
            [.. b.Columns.Select(c => c.Name).Where(n => !first.ContainsKey(n))],
            [.. a.Columns.Select(c => c.Name).Where(n => !second.ContainsKey(n))],
            [.. points.Take(Most)]);
    }

    private static IEnumerable<PointsDifference> Pieces(ScorecardColumn a, ScorecardColumn b)
    {
        foreach (var (values, binA, binB) in a.Type == ColumnType.Category ? Categories(a, b) : Intervals(a, b))
            yield return new(a.Name, values, Points(a, binA), Points(b, binB));
        yield return new(a.Name, "missing", Points(a, a.MissingBin), Points(b, b.MissingBin));
        var special = b.Bins.Skip(b.MissingBin + 1).Take(SpecialCodes(b)).ToDictionary(s => s.Label);
        foreach (var code in a.Bins.Skip(a.MissingBin + 1).Take(SpecialCodes(a)))
            if (special.TryGetValue(code.Label, out var other)) yield return new(a.Name, code.Label, code.Points / 100m, other.Points / 100m);
    }

    private static IEnumerable<(string Values, int A, int B)> Intervals(ScorecardColumn a, ScorecardColumn b)
    {
        double? below = null;
        foreach (var cut in a.Cuts.Concat(b.Cuts).Distinct().Order())
        {
            yield return (below is null ? $"up to {Text(cut)}" : $"({Text(below.Value)}, {Text(cut)}]", a.BinOf(cut), b.BinOf(cut));
            below = cut;
        }

        yield return (below is null ? "all" : $"above {Text(below.Value)}", a.MissingBin - 1, b.MissingBin - 1);
    }

    private static IEnumerable<(string Values, int A, int B)> Categories(ScorecardColumn a, ScorecardColumn b) =>
        a.Categories.Concat(b.Categories).SelectMany(c => c).Distinct(StringComparer.Ordinal).GroupBy(value => (A: a.BinOf(value), B: b.BinOf(value)))
            .Select(g => (string.Join(", ", g), g.Key.A, g.Key.B)).Append(("unknown", a.UnknownBin, b.UnknownBin));

    private static int SpecialCodes(ScorecardColumn column) => column.Bins.Count - column.MissingBin - 1 - (column.Type == ColumnType.Category ? 1 : 0);

    private static decimal Points(ScorecardColumn column, int bin) => column.Bins[bin].Points / 100m;

    private static string Text(double cut) => cut.ToString(CultureInfo.InvariantCulture);
}
