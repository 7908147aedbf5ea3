using Serverless.Serving.Credit;

namespace Serverless.Tests.Serving.Credit.Imported;

public class ShapleyValuesTests
{
    private static readonly long[][] Background = [[0, 1, 2, 0], [3, 0, 1, 1], [1, 1, 0, 2]];
    private static readonly long[] Row = [2, 3, 1, 4];

    [Fact]
    public void Every_coalition_gives_what_every_order_gives()
    {
        var (exact, ordered) = (new double[4], new double[4]);
        new ShapleyValues(Background, Joint).Of(Row, exact);
        new ShapleyValues(Background, Joint, [.. Orders([0, 1, 2, 3])]).Of(Row, ordered);
        for (var c = 0; c < 4; c++) Assert.Equal(exact[c], ordered[c], 1e-12);
        Assert.Equal(Score(Row) - Background.Average(Score), exact.Sum(), 1e-12);
    }

    [Fact]
    public void Sum_of_columns_gives_each_its_own_part()
    {
        var given = new double[4];
        new ShapleyValues(Background, (rows, scores) => Each(rows, scores, row => row[0] + (2 * row[1]) - row[2] + (0.5 * row[3]))).Of(Row, given);
        double[] expected = [2 - (4 / 3.0), 2 * (3 - (2 / 3.0)), -(1 - 1.0), 0.5 * (4 - 1)];
        for (var c = 0; c < 4; c++) Assert.Equal(expected[c], given[c], 1e-12);
    }

    [Fact]
    public void Many_columns_are_sampled_within_the_budget_always_alike_and_add_up()
    {
        const int columns = 24;
        var random = new Random(5);
        long[][] background = [.. Enumerable.Range(0, 16).Select(_ => Drawn())];
        var row = Drawn();
        var asked = 0;
        var values = new ShapleyValues(background, (rows, scores) =>
        {
            asked += scores.Length;
            Each(rows, scores, Pairs);
        });
        var (once, again, exact) = (new double[columns], new double[columns], new double[columns]);
        asked = 0;
        values.Of(row, once);
        Assert.InRange(asked, 1, 16_384);
        Assert.Equal(16_384, ShapleyValues.MostAsked);
        values.Of(row, again);
        Assert.Equal(once, again);
        Assert.Equal(Pairs(row) - values.Mean, once.Sum(), 1e-9);

        // Of neighbours that multiply, each gets half of what they do together: an order with its reverse is exact for pairs (Mitchell et al. 2022).
        foreach (var other in background)
        {
            for (var c = 0; c + 1 < columns; c++)
            {
                var (mine, theirs) = ((row[c], row[c + 1]), (other[c], other[c + 1]));
                exact[c] += ((mine.Item1 * mine.Item2) - (theirs.Item1 * mine.Item2) + (mine.Item1 * theirs.Item2) - (theirs.Item1 * theirs.Item2)) / 2.0 / background.Length;
                exact[c + 1] += ((mine.Item1 * mine.Item2) - (mine.Item1 * theirs.Item2) + (theirs.Item1 * mine.Item2) - (theirs.Item1 * theirs.Item2)) / 2.0 / background.Length;
            }
        }

        for (var c = 0; c < columns; c++) Assert.Equal(exact[c], once[c], 1e-9);

        long[] Drawn() => [.. Enumerable.Range(0, columns).Select(_ => (long)random.Next(5))];
    }

    private static double Pairs(ReadOnlySpan<long> row)
    {
        double sum = 0;
        for (var c = 0; c + 1 < row.Length; c++) sum += row[c] * row[c + 1];
        return sum;
    }

    private static double Score(long[] row) => Score(row.AsSpan());

    private static double Score(ReadOnlySpan<long> row) => (row[0] * row[1] * row[2]) + Math.Max(row[2], row[3]) - row[0];

    private static void Joint(ReadOnlySpan<long> rows, Span<double> scores) => Each(rows, scores, Score);

    private delegate double OfRow(ReadOnlySpan<long> row);

    private static void Each(ReadOnlySpan<long> rows, Span<double> scores, OfRow of)
    {
        var width = rows.Length / scores.Length;
        for (var i = 0; i < scores.Length; i++) scores[i] = of(rows.Slice(i * width, width));
    }

    private static IEnumerable<int[]> Orders(int[] left) => left.Length == 1
        ? [left]
        : left.SelectMany(first => Orders([.. left.Where(p => p != first)]).Select(rest => (int[])[first, .. rest]));
}
