using Serverless.Serving.Credit;

namespace Serverless.Training.Credit.Trees;

/// <summary>
/// The bins that trees split on. Each value of a number or date is a bin of its own where there are few; else up to 254 bins hold about the
/// same rows. Each category value with enough rows is a bin, the most frequent 253 at most; the rarer ones share one. Bins set by hand in the contract are kept.
/// </summary>
internal static class TreeColumns
{
    // One more is for missing: then a value of LightGBM takes a byte.
    private const int MaxBins = 254;

    /// <summary>Finds them on some rows.</summary>
    public static IReadOnlyList<ScorecardColumn> Of(CreditRows rows, int[] on, TreeRules rules)
    {
        var columns = new ScorecardColumn[rows.Columns.Count];
        Parallel.For(0, columns.Length, TrainingThread.Loops(CancellationToken.None), c => columns[c] = Counted(Of(rows.Columns[c], on, rows.Count, rules), rows, on, c));
        return columns;
    }

    private static ScorecardColumn Of(InputColumn input, int[] on, int rows, TreeRules rules)
    {
        var column = input.Column;
        if (column.Type == ColumnType.Category)
        {
            var groups = column.Groups ?? Frequent(input, on, rules.MinCategoryRows);
            return Empty(column, [], groups, [.. ColumnBins.Labels(groups.Select(ColumnBins.Label), column), "unknown"]);
        }

        double[] cuts = column.Cuts is { } kept ? [.. kept] : Cuts(input, on, rows);
        return Empty(column, cuts, [], ColumnBins.Labels(ColumnBins.Intervals(cuts), column));
    }

    /// <summary>A column with bins that nobody counted yet.</summary>
    internal static ScorecardColumn Empty(Column column, double[] cuts, IReadOnlyList<IReadOnlyList<string>> groups, IEnumerable<string> labels) =>
        new(column.Name, column.Type, cuts, groups, [.. labels.Select(label => new Bin(label, 0, 0, 0, 0))], 0);

    private static List<IReadOnlyList<string>> Frequent(InputColumn input, int[] on, int least)
    {
        var counts = new int[input.Values.Length];
        foreach (var row in on)
        {
            if (input.Codes[row] is var code and >= 0) counts[code]++;
        }

        // What is rare is not unknown: only a value that training never saw is.
        List<string> seen = [.. Enumerable.Range(0, counts.Length).Where(v => counts[v] > 0).OrderByDescending(v => counts[v]).ThenBy(v => input.Values[v], StringComparer.Ordinal).Select(v => input.Values[v])];
        var own = Math.Min(MaxBins - 1, counts.Count(n => n >= least));
        List<IReadOnlyList<string>> groups = [.. seen.Take(own).Select(v => (IReadOnlyList<string>)[v])];
        if (seen.Count > own) groups.Add(seen[own..]);
        return groups;
    }

    private static double[] Cuts(InputColumn input, int[] on, int rows)
    {
        var used = new bool[rows];
        foreach (var row in on) used[row] = true;
        var ascending = Array.FindAll(input.Ascending, row => used[row]);
        var distinct = 1;
        for (var i = 1; i < ascending.Length; i++)
        {
            if (input.Numbers[ascending[i]] != input.Numbers[ascending[i - 1]]) distinct++;
        }

        return Prebins.CutsOf(input.Numbers, ascending, distinct <= MaxBins ? int.MaxValue : MaxBins);
    }

    /// <summary>The column with the rows of an export, and their outcomes, in each bin.</summary>
    internal static ScorecardColumn Counted(ScorecardColumn column, CreditRows rows, int[] on, int place)
    {
        var bins = rows.Columns[place].BinsIn(column, on);
        var (counts, bads) = (new int[column.Bins.Count], new int[column.Bins.Count]);
        for (var i = 0; i < on.Length; i++)
        {
            counts[bins[i]]++;
            if (rows.Bad[on[i]]) bads[bins[i]]++;
        }

        var rate = bads.Sum() / (double)on.Length;
        return column with { Bins = [.. column.Bins.Select((bin, b) => counts[b] == 0 ? bin : bin with { Rows = counts[b], Bads = bads[b], Woe = ColumnBins.Weight(bads[b] / (double)counts[b], counts[b], rate) })] };
    }
}
