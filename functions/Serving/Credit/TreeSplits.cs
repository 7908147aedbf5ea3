namespace Serverless.Serving.Credit;

/// <summary>Turns the tests of a graph's nodes into sets of bins: one bit for each bin of the column, 1 where it passes.</summary>
/// <param name="columnOf">The column of each feature.</param>
/// <param name="offsets">Where each feature's numbers begin in the table.</param>
/// <param name="table">The number of each bin, feature after feature.</param>
/// <param name="columns">The columns.</param>
internal sealed class TreeSplits(int[] columnOf, int[] offsets, double[] table, IReadOnlyList<ScorecardColumn> columns)
{
    private readonly List<ulong> _sets = [];

    /// <summary>Number of features.</summary>
    public int Features => columnOf.Length;

    /// <summary>The column of a feature.</summary>
    public int ColumnOf(int feature) => columnOf[feature];

    /// <summary>All sets, one behind the other.</summary>
    public ulong[] Sets() => [.. _sets];

    /// <summary>Where the set of the bins at most the threshold begins; NaN is in it where it is said to be.</summary>
    public int AtMost(int feature, double threshold, bool withMissing) => Where(feature, number => double.IsNaN(number) ? withMissing : number <= threshold);

    /// <summary>Where the set of the bins with these numbers begins.</summary>
    public int Member(int feature, HashSet<double> members) => Where(feature, members.Contains);

    private int Where(int feature, Func<double, bool> holds)
    {
        var (start, bins) = (_sets.Count, columns[columnOf[feature]].Bins.Count);
        for (var bin = 0; bin < bins; bin++)
        {
            if (bin % 64 == 0) _sets.Add(0);
            if (holds(table[offsets[feature] + bin])) _sets[^1] |= 1UL << (bin % 64);
        }

        return start;
    }
}
