using Serverless.Serving.Credit;
using Serverless.Training.Credit;

namespace Serverless.Benchmarks;

/// <summary>Rows that are no applications of a portfolio, made from real ones; all columns keep to the contract.</summary>
/// <param name="random">Chance.</param>
internal sealed class UnlikeRows(Random random)
{
    /// <summary>
    /// Another portfolio's rows: each column gets the next one of the same type there (from the first again where there are too few), categories by how frequent
    /// they are.
    /// </summary>
    /// <param name="rows">The portfolio.</param>
    /// <param name="foreign">The other one.</param>
    /// <param name="count">Rows to make.</param>
    /// <param name="sameShares">Whether a number becomes that with the same rank here, so that each column alone looks as usual.</param>
    public CreditRows Foreign(CreditRows rows, CreditRows foreign, int count, bool sameShares)
    {
        var from = Enumerable.Range(0, count).Select(_ => random.Next(foreign.Count)).ToArray();
        var next = new Dictionary<bool, int> { [true] = 0, [false] = 0 };
        return With(rows, rows.Columns.Select(column =>
        {
            var category = column.Column.Type == ColumnType.Category;
            var alike = foreign.Columns.Where(c => c.Column.Type == ColumnType.Category == category).ToList();
            return alike.Count == 0 ? Drawn(column, count) : category ? Categories(column, alike[next[true]++ % alike.Count], from) : Numbers(column, alike[next[false]++ % alike.Count], from, sameShares);
        }), count);
    }

    /// <summary>Rows in which a share of the columns has the value of some other row each.</summary>
    public CreditRows Shuffled(CreditRows rows, int[] of, double share)
    {
        var order = Enumerable.Range(0, rows.Columns.Count).ToArray();
        random.Shuffle(order);
        var shuffled = order[..(int)Math.Round(share * order.Length)].ToHashSet();
        return With(rows, rows.Columns.Select((column, c) => shuffled.Contains(c) ? Drawn(column, of.Length) : Taken(column, of)), of.Length);
    }

    /// <summary>Rows in which two numbers that go together (rank correlation; one of the five closest pairs) stand at opposite ends: both are usual alone, and not together.</summary>
    public CreditRows Impossible(CreditRows rows, int[] of)
    {
        var numbers = rows.Columns.Where(c => c.Column.Type != ColumnType.Category && c.Codes.Count(code => code == 0) > rows.Count / 2).ToList();
        var pairs = numbers.SelectMany((a, i) => numbers.Skip(i + 1).Select(b => (A: a, B: b, Together: RankCorrelation(a, b)))).OrderByDescending(p => Math.Abs(p.Together)).Take(5).ToList();
        var made = rows.Columns.ToDictionary(c => c, c => Taken(c, of));
        for (var row = 0; row < of.Length; row++)
        {
            var (a, b, together) = pairs[random.Next(pairs.Count)];
            Set(a, 0.03, row);
            Set(b, together > 0 ? 0.97 : 0.03, row);
        }

        return With(rows, rows.Columns.Select(c => made[c]), of.Length);

        void Set(InputColumn column, double rank, int row)
        {
            made[column].Codes[row] = 0;
            made[column].Numbers[row] = column.Numbers[Ranked(column)[(int)(rank * (Ranked(column).Length - 1))]];
        }
    }

    /// <summary>Some rows of a portfolio as rows of their own.</summary>
    public static CreditRows Of(CreditRows rows, int[] of) => With(rows, rows.Columns.Select(c => Taken(c, of)), of.Length);

    private static CreditRows With(CreditRows rows, IEnumerable<InputColumn> columns, int count) => new(rows.Contract, [.. columns], new bool[count], new ulong[count], [], 0);

    private static InputColumn Taken(InputColumn column, int[] of) => column with
    {
        Codes = Array.ConvertAll(of, row => column.Codes[row]),
        Numbers = column.Numbers.Length == 0 ? [] : Array.ConvertAll(of, row => column.Numbers[row]),
    };

    private InputColumn Drawn(InputColumn column, int count) => Taken(column, [.. Enumerable.Range(0, count).Select(_ => random.Next(column.Codes.Length))]);

    private static InputColumn Numbers(InputColumn column, InputColumn foreign, int[] from, bool sameShares)
    {
        var (ranked, there) = (Ranked(column), Array.ConvertAll(Ranked(foreign), row => foreign.Numbers[row]));
        return column with
        {
            Codes = Array.ConvertAll(from, row => foreign.Codes[row] >= 0 ? 0 : InputColumn.Missing),
            Numbers = Array.ConvertAll(from, row => foreign.Codes[row] < 0 ? 0 : sameShares && ranked.Length > 0 ? column.Numbers[ranked[Place(there, foreign.Numbers[row]) * (ranked.Length - 1L) / there.Length]] : foreign.Numbers[row]),
        };
    }

    private static long Place(double[] sorted, double value)
    {
        var at = Array.BinarySearch(sorted, value);
        return at < 0 ? ~at : at;
    }

    private static InputColumn Categories(InputColumn column, InputColumn foreign, int[] from)
    {
        var (here, there) = (ByFrequency(column), ByFrequency(foreign));
        var ranks = there.Index().ToDictionary(v => v.Item, v => v.Index);
        return column with { Numbers = [], Codes = Array.ConvertAll(from, row => foreign.Codes[row] < 0 || here.Length == 0 ? InputColumn.Missing : here[ranks[foreign.Codes[row]] % here.Length]) };
    }

    private static int[] ByFrequency(InputColumn column) => [.. column.Codes.Where(code => code >= 0).CountBy(code => code).OrderByDescending(c => c.Value).Select(c => c.Key)];

    private static int[] Ranked(InputColumn column)
    {
        var rows = Enumerable.Range(0, column.Codes.Length).Where(row => column.Codes[row] == 0).ToArray();
        Array.Sort(Array.ConvertAll(rows, row => column.Numbers[row]), rows);
        return rows;
    }

    // Spearman's, on at most 2,000 rows that have both.
    private static double RankCorrelation(InputColumn a, InputColumn b)
    {
        var rows = Enumerable.Range(0, a.Codes.Length).Where(row => a.Codes[row] == 0 && b.Codes[row] == 0).Take(2000).ToArray();
        if (rows.Length < 100) return 0;
        double[] Ranks(InputColumn column)
        {
            var values = Array.ConvertAll(rows, row => column.Numbers[row]);
            var sorted = values.Order().ToArray();
            return Array.ConvertAll(values, value => (double)(Place(sorted, value)));
        }

        var (x, y) = (Ranks(a), Ranks(b));
        var (mx, my) = (x.Average(), y.Average());
        var (sx, sy) = (x.Sum(v => (v - mx) * (v - mx)), y.Sum(v => (v - my) * (v - my)));
        return sx * sy == 0 ? 0 : x.Zip(y, (p, q) => (p - mx) * (q - my)).Sum() / Math.Sqrt(sx * sy);
    }
}
