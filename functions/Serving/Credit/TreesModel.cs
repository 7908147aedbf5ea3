namespace Serverless.Serving.Credit;

/// <summary>Boosted trees. What a column gives is its Shapley value, in points.</summary>
public sealed class TreesModel : CreditModel
{
    private readonly int[] _best;

    /// <summary>Puts table and trees together.</summary>
    /// <param name="table">The bins, with what each does on average.</param>
    /// <param name="trees">The trees over them.</param>
    public TreesModel(Scorecard table, TreeEnsemble trees)
        : base(table)
    {
        Trees = trees;
        _best = [.. table.Columns.Select(c => c.BestBin)];
    }

    /// <summary>The trees.</summary>
    public TreeEnsemble Trees { get; }

    /// <inheritdoc/>
    public override (double Points, double Probability) Score(ReadOnlySpan<long> bins)
    {
        var points = Trees.Scale.Points(Trees.Raw(bins));
        return (points, Table.ProbabilityOf(points));
    }

    /// <inheritdoc/>
    public override void Contributions(ReadOnlySpan<long> bins, Span<double> ofColumns)
    {
        Trees.Contributions(bins, ofColumns);
        for (var c = 0; c < ofColumns.Length; c++) ofColumns[c] *= -100 * Trees.Scale.Factor;
    }

    /// <inheritdoc/>
    /// <remarks>With the bin of the column that is best on average; scored again, so that what is told is what would happen.</remarks>
    public override double Gain(ReadOnlySpan<long> bins, int column)
    {
        Span<long> changed = bins.Length <= 256 ? stackalloc long[bins.Length] : new long[bins.Length];
        bins.CopyTo(changed);
        changed[column] = _best[column];
        return 100 * Trees.Scale.Factor * (Trees.Raw(bins) - Trees.Raw(changed));
    }
}
