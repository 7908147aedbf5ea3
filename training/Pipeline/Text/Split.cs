namespace Serverless.Training.Text;

/// <summary>
/// Which rows train and which are held out: of every intent the same share, chosen by a hash of the row's key and the seed, so that
/// a row mostly stays on its side from drop to drop. Rows with the same key, such as repeated texts, stay together.
/// </summary>
internal static class Split
{
    /// <summary>Divides rows by class; each class keeps at least one row, and at least one is held out where it has two keys.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="share">Share to hold out, above 0 and below 1.</param>
    /// <param name="seed">Seed of the hash.</param>
    /// <returns>Both parts in the order of <paramref name="rows"/>.</returns>
    public static (List<TextRow> Train, List<TextRow> Holdout) Of(IReadOnlyList<TextRow> rows, double share, int seed) => Of(rows, r => r.Class, r => r.Key, share, seed);

    /// <summary>The same of rows of any kind.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="classOf">A row's class.</param>
    /// <param name="keyOf">A row's key.</param>
    /// <param name="share">Share to hold out, above 0 and below 1.</param>
    /// <param name="seed">Seed of the hash.</param>
    public static (List<T> Train, List<T> Holdout) Of<T>(IReadOnlyList<T> rows, Func<T, int> classOf, Func<T, ulong> keyOf, double share, int seed)
    {
        var held = new HashSet<(int, ulong)>();
        foreach (var group in rows.GroupBy(classOf))
        {
            var keys = group.GroupBy(keyOf).Select(g => (g.Key, Rows: g.Count())).OrderBy(k => SplitMix.Of(k.Key, seed)).ToList();
            var wanted = Math.Max(1, share * group.Count());
            double taken = 0;
            foreach (var (key, count) in keys.SkipLast(1))
            {
                // A key is taken when that brings the number of rows nearer to what is wanted; one text sent a thousand times is passed over.
                if (taken + (count / 2.0) > wanted) continue;
                held.Add((group.Key, key));
                taken += count;
            }

            if (taken == 0 && keys.Count > 1) held.Add((group.Key, keys.MinBy(k => k.Rows).Key));
        }

        var parts = rows.ToLookup(r => held.Contains((classOf(r), keyOf(r))));
        return ([.. parts[false]], [.. parts[true]]);
    }
}
