using Serverless.Serving.Credit;

namespace Serverless.Training.Credit.Trees;

/// <summary>
/// Writes the terms of a glass box as a table of points. What a pair says of one of its columns alone moves into that column's curve (purification,
/// Lengerich et al. 2020), in whole hundredths, so that sums stay what the trees said and every direction holds.
/// </summary>
internal static class GlassBoxTable
{
    private const int Rounds = 20;

    /// <summary>Writes it.</summary>
    /// <param name="terms">The terms, in log-odds of a bad loan.</param>
    /// <param name="columns">The bins.</param>
    /// <param name="bins">The bins of the training rows, row after row.</param>
    /// <param name="contract">Scale and edits.</param>
    public static Scorecard Of(TermTables terms, IReadOnlyList<ScorecardColumn> columns, long[] bins, CreditContract contract)
    {
        var scale = contract.Scale;
        long Hundredths(double logOdds) => (long)Math.Round(-100 * scale.PerLogOdds * logOdds);
        var points = terms.Singles.Select(single => Array.ConvertAll(single, Hundredths)).ToArray();
        List<PairTerm> pairs = [];
        foreach (var ((first, second), logOdds) in terms.Pairs)
        {
            var (rows, across) = (Groups(logOdds, byRow: true), Groups(logOdds, byRow: false));
            var cells = new long[rows.Max() + 1, across.Max() + 1];
            for (var r = 0; r < rows.Length; r++)
                for (var c = 0; c < across.Length; c++) cells[rows[r], across[c]] = Hundredths(logOdds[r, c]);
            var counts = Counts(bins, columns.Count, (first, second), rows, across);
            Purify(cells, counts, rows, points[first], across, points[second]);
            pairs.Add(new PairTerm(first, second, rows, across, [.. cells.Cast<long>()], Mean([.. cells.Cast<long>()], [.. counts.Cast<int>()])));
        }

        foreach (var stretch in contract.GlassBox.Flatten) Flatten(stretch, columns, points);
        var constant = (long)Math.Round(100 * scale.PointsOf(terms.Constant));
        for (var c = 0; c < points.Length; c++)
        {
            var mean = Mean(points[c], [.. columns[c].Bins.Select(b => b.Rows)]);
            points[c] = Array.ConvertAll(points[c], p => p - mean);
            constant += mean;
        }

        return new Scorecard(constant, [.. columns.Select((column, c) => column with { Bins = [.. column.Bins.Select((b, i) => b with { Points = points[c][i] })] })], -1, 0)
        {
            Kind = ModelKind.GlassBox,
            Pairs = [.. pairs.Where(p => p.Points.Any(v => v != 0))],
        };
    }

    // Bins whose lines of the table are the same share a group.
    private static int[] Groups(double[,] table, bool byRow)
    {
        var groups = new int[table.GetLength(byRow ? 0 : 1)];
        var next = 0;
        for (var i = 0; i < groups.Length; i++)
        {
            var same = Enumerable.Range(0, i).FirstOrDefault(j => Enumerable.Range(0, table.GetLength(byRow ? 1 : 0)).All(k => byRow ? table[i, k] == table[j, k] : table[k, i] == table[k, j]), -1);
            groups[i] = same < 0 ? next++ : groups[same];
        }

        return groups;
    }

    private static int[,] Counts(long[] bins, int width, (int First, int Second) pair, int[] rows, int[] across)
    {
        var counts = new int[rows.Max() + 1, across.Max() + 1];
        for (var at = 0; at < bins.Length; at += width) counts[rows[bins[at + pair.First]], across[bins[at + pair.Second]]]++;
        return counts;
    }

    private static void Purify(long[,] cells, int[,] counts, int[] rows, long[] ofFirst, int[] across, long[] ofSecond)
    {
        var (height, width) = (cells.GetLength(0), cells.GetLength(1));
        var moved = true;
        for (var round = 0; round < Rounds && moved; round++)
        {
            moved = false;
            for (var r = 0; r < height; r++)
            {
                var mean = Mean([.. Enumerable.Range(0, width).Select(c => cells[r, c])], [.. Enumerable.Range(0, width).Select(c => counts[r, c])]);
                if (mean == 0) continue;
                moved = true;
                for (var c = 0; c < width; c++) cells[r, c] -= mean;
                for (var b = 0; b < rows.Length; b++)
                    if (rows[b] == r) ofFirst[b] += mean;
            }

            for (var c = 0; c < width; c++)
            {
                var mean = Mean([.. Enumerable.Range(0, height).Select(r => cells[r, c])], [.. Enumerable.Range(0, height).Select(r => counts[r, c])]);
                if (mean == 0) continue;
                moved = true;
                for (var r = 0; r < height; r++) cells[r, c] -= mean;
                for (var b = 0; b < across.Length; b++)
                    if (across[b] == c) ofSecond[b] += mean;
            }
        }
    }

    // Contract faults see to it that the column is there and has numbers.
    private static void Flatten(FlatStretch stretch, IReadOnlyList<ScorecardColumn> columns, long[][] points)
    {
        var c = columns.Index().FirstOrDefault(column => column.Item.Name == stretch.Column, (-1, null!)).Index;
        if (c < 0) return;
        var (from, to) = (columns[c].BinOf(stretch.From ?? double.NegativeInfinity), columns[c].BinOf(stretch.To ?? double.PositiveInfinity));
        int[] flat = [.. Enumerable.Range(from, Math.Max(0, to - from + 1))];
        var mean = Mean([.. flat.Select(b => points[c][b])], [.. flat.Select(b => columns[c].Bins[b].Rows)]);
        foreach (var bin in flat) points[c][bin] = mean;
    }

    private static long Mean(long[] values, int[] counts)
    {
        var all = counts.Sum(n => (long)n);
        return all == 0 ? 0 : (long)Math.Round(values.Zip(counts, (v, n) => v * (double)n).Sum() / all);
    }
}
