using System.Numerics;

namespace Serverless.Serving.Credit;

/// <summary>
/// Shapley values of a score that is only known by asking (Lundberg and Lee 2017): columns that are not in a coalition take their values from each row
/// of a background. Up to <see cref="MostExact"/> columns every coalition is asked; else permutations are drawn, each with its reverse
/// (antithetic, Mitchell, Cooper, Frank and Holmes 2022), always the same ones. Either way the values add up to the score less
/// the background's mean, up to rounding: along each order the differences do.
/// </summary>
internal sealed class ShapleyValues
{
    /// <summary>Most columns whose coalitions are all asked.</summary>
    public const int MostExact = 10;

    /// <summary>Most rows of a background.</summary>
    public const int MostBackgrounds = 16;

    /// <summary>Most rows that one explanation asks for, besides the application and the background themselves.</summary>
    public const int MostAsked = (1 << MostExact) * MostBackgrounds;

    /// <summary>Most columns: more would leave less than one permutation and its reverse.</summary>
    public const int MostColumns = MostAsked / MostBackgrounds / 2;

    private const int BlockRows = 2048;
    private const int Seed = 1;

    private readonly long[][] _background;
    private readonly Scores _scores;
    private readonly int _columns;
    private readonly int[][] _places;

    /// <summary>Scores rows.</summary>
    /// <param name="rows">Row after row the code of each column.</param>
    /// <param name="scores">Gets the scores.</param>
    public delegate void Scores(ReadOnlySpan<long> rows, Span<double> scores);

    /// <summary>Prepares explanations.</summary>
    /// <param name="background">The rows that are explained against; each the code of each column.</param>
    /// <param name="scores">The score.</param>
    /// <param name="places">Orders to go through, as the place of each column; empty for every coalition, and null for what the number of columns asks for.</param>
    public ShapleyValues(long[][] background, Scores scores, int[][]? places = null)
    {
        (_background, _scores, _columns) = (background, scores, background[0].Length);
        _places = places ?? (_columns <= MostExact ? [] : Draw(_columns, background.Length));
        Mean = Ask(1, (_, _) => false, background[0])[0];
    }

    /// <summary>Mean score of the background: what values are measured from.</summary>
    public double Mean { get; }

    /// <summary>What each column adds to <see cref="Mean"/>.</summary>
    /// <param name="row">The code of each column.</param>
    /// <param name="ofColumns">Gets the values.</param>
    public void Of(ReadOnlySpan<long> row, Span<double> ofColumns)
    {
        ofColumns.Clear();
        if (_places.Length == 0) Exact(row, ofColumns);
        else Sampled(row, ofColumns);
    }

    private void Exact(ReadOnlySpan<long> row, Span<double> ofColumns)
    {
        var worth = Ask(1 << _columns, (mask, column) => (mask >> column & 1) == 1, row);

        // Of all orders, the share in which exactly these columns come before: |S|! (n - |S| - 1)! / n!.
        var weights = new double[_columns];
        weights[0] = 1.0 / _columns;
        for (var size = 1; size < _columns; size++) weights[size] = weights[size - 1] * size / (_columns - size);
        for (var mask = 0; mask < worth.Length; mask++)
        {
            for (var c = 0; c < _columns; c++)
            {
                if ((mask >> c & 1) == 0) ofColumns[c] += weights[BitOperations.PopCount((uint)mask)] * (worth[mask | (1 << c)] - worth[mask]);
            }
        }
    }

    // Coalition k of an order has the columns of its first k + 1 places.
    private void Sampled(ReadOnlySpan<long> row, Span<double> ofColumns)
    {
        var worth = Ask(_places.Length * _columns, (coalition, column) => _places[coalition / _columns][column] <= coalition % _columns, row);
        foreach (var (order, places) in _places.Index())
        {
            for (var c = 0; c < _columns; c++)
            {
                var at = (order * _columns) + places[c];
                ofColumns[c] += (worth[at] - (places[c] == 0 ? Mean : worth[at - 1])) / _places.Length;
            }
        }
    }

    // The worth of coalitions: the mean score with their columns of the row and all others of each row of the background.
    private double[] Ask(int coalitions, Func<int, int, bool> has, ReadOnlySpan<long> row)
    {
        var (worth, backgrounds) = (new double[coalitions], _background.Length);
        var most = Math.Min(coalitions, Math.Max(1, BlockRows / backgrounds));
        var (rows, scores) = (new long[most * backgrounds * _columns], new double[most * backgrounds]);
        for (var from = 0; from < coalitions; from += most)
        {
            var asked = Math.Min(most, coalitions - from) * backgrounds;
            for (var k = 0; k < asked; k++) _background[k % backgrounds].CopyTo(rows, k * _columns);
            for (var coalition = 0; coalition < asked / backgrounds; coalition++)
            {
                for (var c = 0; c < _columns; c++)
                {
                    if (!has(from + coalition, c)) continue;
                    for (var k = coalition * backgrounds; k < (coalition + 1) * backgrounds; k++) rows[(k * _columns) + c] = row[c];
                }
            }

            _scores(rows.AsSpan(0, asked * _columns), scores.AsSpan(0, asked));
            for (var k = 0; k < asked; k++) worth[from + (k / backgrounds)] += scores[k] / backgrounds;
        }

        return worth;
    }

    // The place of each column in orders that are the same for everyone who loads the model; each is followed by its reverse.
    private static int[][] Draw(int columns, int backgrounds)
    {
        var random = new Random(Seed);
        var pairs = Math.Max(1, MostAsked / (2 * backgrounds * columns));
        var places = new int[2 * pairs][];
        for (var pair = 0; pair < pairs; pair++)
        {
            places[2 * pair] = [.. Enumerable.Range(0, columns)];
            random.Shuffle(places[2 * pair]);
            places[(2 * pair) + 1] = Array.ConvertAll(places[2 * pair], place => columns - 1 - place);
        }

        return places;
    }
}
