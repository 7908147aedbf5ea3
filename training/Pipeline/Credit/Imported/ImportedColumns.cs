using Serverless.Serving;
using Serverless.Serving.Credit;
using Serverless.Training.Credit.Trees;

namespace Serverless.Training.Credit;

/// <summary>
/// The bins in which an imported model is shown, swept and searched, all inputs in the contract's order: of a number or date up to 20 with about the same rows,
/// of a category one for each allowed value. The graph sees the values themselves.
/// </summary>
internal static class ImportedColumns
{
    private const int MostBins = 20;

    /// <summary>Finds them on some rows.</summary>
    /// <param name="rows">An export.</param>
    /// <param name="on">The rows of it to look at.</param>
    /// <param name="missing">What a missing value counts as.</param>
    public static ScorecardColumn[] Of(CreditRows rows, int[] on, MissingValue missing)
    {
        var used = new bool[rows.Count];
        foreach (var row in on) used[row] = true;
        return [.. rows.Columns.Select((input, place) => TreeColumns.Counted(Of(input, used, missing, ValueFormat.Of(rows.Contract.Format)), rows, on, place))];
    }

    private static ScorecardColumn Of(InputColumn input, bool[] used, MissingValue missing, ValueFormat? format)
    {
        var column = input.Column;
        if (column.Type == ColumnType.Category)
            return TreeColumns.Empty(column, [], [.. column.Allowed!.Select(value => (IReadOnlyList<string>)[value])], [.. ColumnBins.Labels(column.Allowed!, column), "unknown"]);
        var ascending = Array.FindAll(input.Ascending, row => used[row]);
        double[] cuts = column.Cuts is { } kept ? [.. kept] : Prebins.CutsOf(input.Numbers, ascending, MostBins);
        var bins = TreeColumns.Empty(column, cuts, [], ColumnBins.Labels(ColumnBins.Intervals(cuts), column));
        var ofBins = ascending.GroupBy(row => bins.BinOf(input.Numbers[row])).ToDictionary(g => g.Key, g => Middle([.. g.Select(row => input.Numbers[row])]));
        float? without = missing == MissingValue.Nan ? null : ascending.Length == 0 ? 0 : Middle(Array.ConvertAll(ascending, row => input.Numbers[row]));
        return bins with
        {
            // A bin that no row is in, as by cuts set by hand, is shown at its edge.
            Values =
            [
                .. Enumerable.Range(0, bins.MissingBin).Select(bin => (float?)(ofBins.TryGetValue(bin, out var middle) ? middle : cuts.Length == 0 ? without ?? 0 : Edge(cuts, bin))),
                without, .. column.Special.Select(code => column.Type == ColumnType.Number && ValueFormat.Code(code, format) is var number && !double.IsNaN(number) ? (float)number : without),
            ],
        };
    }

    // The lower one of the two in the middle, which is a value of the bin itself.
    private static float Middle(double[] ascending) => (float)ascending[(ascending.Length - 1) / 2];

    private static float Edge(double[] cuts, int bin) => (float)(bin < cuts.Length ? cuts[bin] : Math.BitIncrement(cuts[^1]));
}
