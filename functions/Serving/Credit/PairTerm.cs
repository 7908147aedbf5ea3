namespace Serverless.Serving.Credit;

/// <summary>What two columns give together, besides what each gives alone: a table over groups of their bins.</summary>
/// <param name="First">Place of one column.</param>
/// <param name="Second">Place of the other one, behind <paramref name="First"/>.</param>
/// <param name="FirstGroups">For each bin of the first column the row of the table.</param>
/// <param name="SecondGroups">For each bin of the second column the column of the table.</param>
/// <param name="Points">The table, row after row, in hundredths of a point.</param>
/// <param name="AveragePoints">Mean points of the rows that the model was fitted on, in hundredths.</param>
public sealed record PairTerm(int First, int Second, IReadOnlyList<int> FirstGroups, IReadOnlyList<int> SecondGroups, IReadOnlyList<long> Points, long AveragePoints)
{
    /// <summary>Columns of the table.</summary>
    public int Width { get; } = SecondGroups.DefaultIfEmpty().Max() + 1;

    /// <summary>The points of an application, in hundredths.</summary>
    /// <param name="bins">The bin of each column of the model.</param>
    public long PointsOf(ReadOnlySpan<long> bins) => Points[(FirstGroups[(int)bins[First]] * Width) + SecondGroups[(int)bins[Second]]];

    /// <summary>Names of the table's rows or columns: of each group its bins, those next to each other as first to last.</summary>
    /// <param name="column">The column.</param>
    /// <param name="groups">Its groups.</param>
    public static IReadOnlyList<string> Labels(ScorecardColumn column, IReadOnlyList<int> groups) =>
        [.. Enumerable.Range(0, groups.Max() + 1).Select(group => string.Join(", ", Runs(groups, group).Select(run => run.First == run.Last ? column.Bins[run.First].Label : $"{column.Bins[run.First].Label} … {column.Bins[run.Last].Label}")))];

    private static IEnumerable<(int First, int Last)> Runs(IReadOnlyList<int> groups, int group)
    {
        for (var bin = 0; bin < groups.Count; bin++)
        {
            if (groups[bin] != group) continue;
            var first = bin;
            while (bin + 1 < groups.Count && groups[bin + 1] == group) bin++;
            yield return (first, bin);
        }
    }

    /// <summary>Whether it has a cell for every two bins.</summary>
    internal bool Fits(IReadOnlyList<ScorecardColumn> columns) =>
        First >= 0 && First < Second && Second < columns.Count
        && FirstGroups.Count == columns[First].Bins.Count && SecondGroups.Count == columns[Second].Bins.Count
        && FirstGroups.Min() >= 0 && SecondGroups.Min() >= 0 && Points.Count == (FirstGroups.Max() + 1) * Width;
}
