namespace Serverless.Serving.Credit;

/// <summary>
/// What a credit model does with the bins of an application, computed here instead of by its graph: for explanations, for the self-test that holds
/// the graph against it, and for training. Safe for parallel calls.
/// </summary>
public abstract class CreditModel(Scorecard table)
{
    /// <summary>The bins of its columns.</summary>
    public Scorecard Table { get; } = table;

    /// <summary>Points (not hundredths) and the calibrated probability of a bad loan.</summary>
    /// <param name="bins">The bin of each column of <see cref="Table"/>.</param>
    public abstract (double Points, double Probability) Score(ReadOnlySpan<long> bins);

    /// <summary>Hundredths of points that each column gives above (or, negative, below) the portfolio's average; they sum up to score less average.</summary>
    /// <param name="bins">The bin of each column of <see cref="Table"/>.</param>
    /// <param name="ofColumns">Gets them; as long as <paramref name="bins"/>.</param>
    public abstract void Contributions(ReadOnlySpan<long> bins, Span<double> ofColumns);

    /// <summary>Hundredths of points that another value of one column would add, everything else unchanged; 0 or less when none would.</summary>
    /// <param name="bins">The bin of each column of <see cref="Table"/>.</param>
    /// <param name="column">Place of the column.</param>
    public abstract double Gain(ReadOnlySpan<long> bins, int column);
}

/// <summary>A model whose score is a sum of its columns and pairs. What it says of a column is exact; a pair counts half for each of its columns.</summary>
public sealed class AdditiveModel(Scorecard table) : CreditModel(table)
{
    /// <inheritdoc/>
    public override (double Points, double Probability) Score(ReadOnlySpan<long> bins)
    {
        var (points, probability) = Table.ScoreOf(bins);
        return (points / 100.0, probability);
    }

    /// <inheritdoc/>
    public override void Contributions(ReadOnlySpan<long> bins, Span<double> ofColumns)
    {
        for (var c = 0; c < bins.Length; c++) ofColumns[c] = Table.Columns[c].Bins[(int)bins[c]].Points - Table.Columns[c].AveragePoints;
        for (var p = 0; p < Table.Pairs.Count; p++)
        {
            var pair = Table.Pairs[p];
            var half = (pair.PointsOf(bins) - pair.AveragePoints) / 2.0;
            ofColumns[pair.First] += half;
            ofColumns[pair.Second] += half;
        }
    }

    /// <inheritdoc/>
    /// <remarks>The best of the column's ordinary bins, which is exactly what the score rises by.</remarks>
    public override double Gain(ReadOnlySpan<long> bins, int column)
    {
        Span<long> changed = bins.Length <= 256 ? stackalloc long[bins.Length] : new long[bins.Length];
        bins.CopyTo(changed);
        var now = OfColumn(bins, column);
        var best = now;
        for (changed[column] = 0; changed[column] < Table.Columns[column].MissingBin; changed[column]++) best = Math.Max(best, OfColumn(changed, column));
        return best - now;
    }

    // What depends on one column: its own points and those of its pairs.
    private long OfColumn(ReadOnlySpan<long> bins, int column)
    {
        var points = Table.Columns[column].Bins[(int)bins[column]].Points;
        for (var p = 0; p < Table.Pairs.Count; p++)
        {
            if (Table.Pairs[p].First == column || Table.Pairs[p].Second == column) points += Table.Pairs[p].PointsOf(bins);
        }

        return points;
    }
}
