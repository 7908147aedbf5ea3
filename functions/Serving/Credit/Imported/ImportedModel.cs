namespace Serverless.Serving.Credit;

/// <summary>A graph that was trained elsewhere. What a column gives is its Shapley value against a background of past loans, in points.</summary>
public sealed class ImportedModel : CreditModel, IDisposable
{
    /// <summary>Most inputs of a contract that a graph can be registered for: of more, explanations would not be worth their name.</summary>
    public const int MostColumns = ShapleyValues.MostColumns;

    /// <summary>Rows of a background.</summary>
    public const int Backgrounds = ShapleyValues.MostBackgrounds;

    private const int BlockRows = 4096;

    private readonly ImportedGraph _graph;
    private readonly ImportedModelFile _file;
    private readonly PointScale _scale;
    private readonly Lazy<ShapleyValues> _explained;
    private readonly int[] _best;

    /// <summary>Puts table and graph together.</summary>
    /// <param name="table">The bins, with what each does on average and the value that stands for it.</param>
    /// <param name="graph">The graph; disposed of with this.</param>
    /// <param name="file">How the graph is calibrated and explained.</param>
    /// <param name="scale">How log-odds become points.</param>
    public ImportedModel(Scorecard table, ImportedGraph graph, ImportedModelFile file, PointScale scale)
        : base(table)
    {
        (_graph, _file, _scale) = (graph, file, scale);
        _best = [.. table.Columns.Select(c => c.BestBin)];
        _explained = new(() => new ShapleyValues(Background(table, file), LogOdds));
    }

    /// <summary>Mean calibrated log-odds of the background: what contributions are measured from.</summary>
    public double Expected => _explained.Value.Mean;

    /// <summary>Numbers that a graph takes of a row: one of a number or date, as many as it has values of a category.</summary>
    public static int WidthOf(IReadOnlyList<ScorecardColumn> columns) => columns.Sum(c => c.Type == ColumnType.Category ? c.Categories.Count : 1);

    /// <summary>Slope and intercept of a <see cref="Scorecard"/> whose points are those of calibrated log-odds.</summary>
    public static (double Slope, double Intercept) OfPoints(PointScale scale) => (-1 / scale.PerLogOdds, scale.PointsOf(0) / scale.PerLogOdds);

    /// <summary>Loads it from a bundle.</summary>
    /// <exception cref="InvalidModelException">A file is missing or has another form, or the files do not fit each other.</exception>
    internal static ImportedModel Load(ModelBundle bundle, CreditContract contract, Scorecard table)
    {
        var file = bundle.Read<ImportedModelFile>(ImportedModelFile.FileName);
        file.CheckAgainst(table);
        if (!table.Columns.Select(c => c.Name).SequenceEqual(contract.Columns.Where(c => c.Role == ColumnRole.Input).Select(c => c.Name)))
            throw new InvalidModelException("'features.json' has not the inputs of 'contract.json' in its order, which the imported graph takes: register the model again.");
        return new ImportedModel(table, ImportedGraph.Load(bundle.Read("model.onnx"), file, WidthOf(table.Columns)), file, contract.Scale);
    }

    /// <inheritdoc/>
    public override (double Points, double Probability) Score(ReadOnlySpan<long> bins)
    {
        Span<double> scored = stackalloc double[2];
        Score(bins, scored[..1], scored[1..]);
        return (scored[0], scored[1]);
    }

    /// <summary>The same of many rows.</summary>
    /// <param name="bins">Row after row.</param>
    /// <param name="points">Gets the points of each row; NaN where the graph gives no number.</param>
    /// <param name="probabilities">Gets the probabilities.</param>
    public void Score(ReadOnlySpan<long> bins, Span<double> points, Span<double> probabilities)
    {
        LogOdds(bins, points);
        for (var row = 0; row < points.Length; row++)
        {
            points[row] = _scale.PointsOf(points[row]);
            probabilities[row] = Table.ProbabilityOf(points[row]);
        }
    }

    /// <inheritdoc/>
    public override void Contributions(ReadOnlySpan<long> bins, Span<double> ofColumns)
    {
        _explained.Value.Of(bins, ofColumns);
        for (var c = 0; c < ofColumns.Length; c++) ofColumns[c] *= -100 * _scale.PerLogOdds;
    }

    /// <inheritdoc/>
    /// <remarks>With the bin of the column that is best on average; scored again, so that what is told is what would happen.</remarks>
    public override double Gain(ReadOnlySpan<long> bins, int column)
    {
        var both = new long[2 * bins.Length];
        bins.CopyTo(both);
        bins.CopyTo(both.AsSpan(bins.Length));
        both[bins.Length + column] = Table.Columns[column].CodeOf(_best[column]);
        Span<double> logOdds = stackalloc double[2];
        LogOdds(both, logOdds);
        return 100 * _scale.PerLogOdds * (logOdds[0] - logOdds[1]);
    }

    /// <inheritdoc/>
    public void Dispose() => _graph.Dispose();

    private void LogOdds(ReadOnlySpan<long> rows, Span<double> logOdds)
    {
        var (columns, width) = (Table.Columns.Count, _graph.Width);
        var values = new float[Math.Min(BlockRows, logOdds.Length) * width];
        for (var from = 0; from < logOdds.Length; from += BlockRows)
        {
            var count = Math.Min(BlockRows, logOdds.Length - from);
            for (var row = 0; row < count; row++) Values(rows.Slice((from + row) * columns, columns), values.AsSpan(row * width, width));
            _graph.LogOdds(values.AsMemory(0, count * width), logOdds.Slice(from, count));
        }

        for (var row = 0; row < logOdds.Length; row++) logOdds[row] = (_file.Slope * logOdds[row]) + _file.Intercept;
    }

    // A category is one-hot in the order of the contract's allowed values, which are its bins; missing, special and unknown are none of them.
    private void Values(ReadOnlySpan<long> row, Span<float> values)
    {
        var at = 0;
        for (var c = 0; c < row.Length; c++)
        {
            var column = Table.Columns[c];
            if (column.Type != ColumnType.Category) values[at++] = CellCode.ValueOf(row[c]);
            else
            {
                var ofColumn = values.Slice(at, column.Categories.Count);
                ofColumn.Clear();
                if (CellCode.BinOf(row[c]) < ofColumn.Length) ofColumn[CellCode.BinOf(row[c])] = 1;
                at += ofColumn.Length;
            }
        }
    }

    private static long[][] Background(Scorecard table, ImportedModelFile file) =>
        [.. file.Background.Select(row => row.Select((bin, c) => table.Columns[c].CodeOf(bin)).ToArray())];
}
