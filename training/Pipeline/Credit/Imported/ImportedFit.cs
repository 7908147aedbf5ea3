using Serverless.Serving;
using Serverless.Serving.Credit;

namespace Serverless.Training.Credit;

/// <summary>An imported graph as a model: calibrated on some rows, which also give its bins and the background of its explanations.</summary>
/// <param name="Source">The graph.</param>
/// <param name="Imported">The model.</param>
/// <param name="File">How it is asked and explained.</param>
internal sealed record ImportedFit(ImportedSource Source, ImportedModel Imported, ImportedModelFile File) : FittedModel(Imported, [])
{
    // Rows asked alone and beside others.
    private const int Tried = 64;

    // What float32 makes of the same row in blocks of another size, in points.
    private const double SameWithin = 0.01;

    /// <summary>Calibrates (Platt 1999) and shows it.</summary>
    /// <param name="graph">The loaded graph.</param>
    /// <param name="source">What it was loaded from.</param>
    /// <param name="rows">An export.</param>
    /// <param name="train">The rows of it to calibrate on.</param>
    /// <exception cref="InvalidModelException">It gives no numbers, ranks bad loans as good ones, or its answers depend on other rows.</exception>
    public static ImportedFit Fit(ImportedGraph graph, ImportedSource source, CreditRows rows, int[] train)
    {
        var columns = ImportedColumns.Of(rows, train, source.Missing);
        var scale = rows.Contract.Scale;
        var (slope, intercept) = ImportedModel.OfPoints(scale);
        var table = new Scorecard(0, columns, slope, intercept) { Kind = ModelKind.Imported };
        var file = new ImportedModelFile(source.Input, source.Output, source.Gives, 1, 0, []);
        var codes = CreditEvaluation.Bins(columns, rows, train);
        var points = Points(new ImportedModel(table, graph, file, scale), codes, train.Length);
        CheckRows(points, columns, codes);
        CheckAlone(new ImportedModel(table, graph, file, scale), points, codes, columns.Length);

        var bad = Array.ConvertAll(train, row => rows.Bad[row]);
        var auc = ScoreMetrics.Auc(bad, Array.ConvertAll(points, p => -p)).Auc;
        if (!(auc > 0.5)) throw new InvalidModelException(FormattableString.Invariant($"The graph ranks bad loans as good ones or tells nothing: AUC {auc:0.000} on the labelled rows. Register a graph that tells of a bad loan, with the contract's inputs in the order in which it takes them."));
        var (ofPoints, at) = Platt.Fit(points, bad);
        file = file with
        {
            // Points are linear in log-odds, so that what calibrates the ones calibrates the others.
            Slope = -ofPoints * scale.PerLogOdds,
            Intercept = (ofPoints * scale.PointsOf(0)) + at,
            Background = Background(columns, codes, points),
        };
        var model = new ImportedModel(table, graph, file, scale);
        var background = file.Background.SelectMany(row => row.Select((bin, c) => columns[c].CodeOf(bin))).ToArray();
        table = table with
        {
            BasePoints = (long)Math.Round(100 * Points(model, background, file.Background.Count).Average()),
            Columns = [.. columns.Select((column, c) => Shaped(model, column, c, background, file.Background.Count))],
        };
        return new ImportedFit(source, new ImportedModel(table, graph, file, scale), file);
    }

    /// <inheritdoc/>
    public override byte[] Graph() => Source.Graph;

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, byte[]> Files() => new Dictionary<string, byte[]> { [ImportedModelFile.FileName] = Json.File(File) };

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">Always: rows that calibrated it would measure it.</exception>
    public override FittedModel Refit(CreditRows rows, int[] on, Action<double> progress, CancellationToken cancel) =>
        throw new InvalidOperationException("An imported model is not fitted again.");

    private static double[] Points(ImportedModel model, long[] codes, int rows)
    {
        var points = new double[rows];
        model.Score(codes, points, new double[rows]);
        return points;
    }

    private static void CheckRows(double[] points, ScorecardColumn[] columns, long[] codes)
    {
        if (Array.FindIndex(points, double.IsNaN) is not (>= 0 and var row)) return;
        var missing = columns.Where((column, c) => column.Values is { } values && values[(int)codes[(row * columns.Length) + c]] is null).Select(c => $"'{c.Name}'").ToList();
        throw new InvalidModelException(missing.Count > 0
            ? $"The graph gives no number where {string.Join(", ", missing)} {(missing.Count == 1 ? "is" : "are")} missing: register it with '--missing median', or with a graph that takes NaN."
            : "The graph gives no number for a labelled row: export a graph that takes every value that the contract allows.");
    }

    private static void CheckAlone(ImportedModel model, double[] points, long[] codes, int width)
    {
        for (var row = 0; row < Math.Min(Tried, points.Length); row++)
        {
            if (Math.Abs(model.Score(codes.AsSpan(row * width, width)).Points - points[row]) <= SameWithin) continue;
            throw new InvalidModelException("The graph gives a row another answer when others are asked with it, so that a decision would depend on other applicants: export it in evaluation mode, without anything that looks across rows.");
        }
    }

    // The middle of each of equal slices of the rows by score, so that their mean is near that of all rows.
    private static List<IReadOnlyList<int>> Background(ScorecardColumn[] columns, long[] codes, double[] points)
    {
        int[] ranked = [.. Enumerable.Range(0, points.Length).OrderBy(row => points[row])];
        var count = Math.Min(ImportedModel.Backgrounds, ranked.Length);
        return [.. Enumerable.Range(0, count).Select(k => ranked[(int)(((2L * k) + 1) * ranked.Length / (2 * count))])
            .Select(row => (IReadOnlyList<int>)[.. Enumerable.Range(0, columns.Length).Select(c => (int)codes[(row * columns.Length) + c])])];
    }

    // What each bin does on average: its partial dependence (Friedman 2001) over the background, 0 for the average of the rows.
    private static ScorecardColumn Shaped(ImportedModel model, ScorecardColumn column, int place, long[] background, int backgrounds)
    {
        var width = background.Length / backgrounds;
        var of = new double[column.Bins.Count];
        for (var bin = 0; bin < of.Length; bin++)
        {
            var changed = (long[])background.Clone();
            for (var row = 0; row < backgrounds; row++) changed[(row * width) + place] = column.CodeOf(bin);
            of[bin] = Points(model, changed, backgrounds).Average();
        }

        if (Array.Exists(of, double.IsNaN)) throw new InvalidModelException($"The graph gives no number for a missing value, or a special code, of '{column.Name}': register it with '--missing median', or with a graph that takes NaN.");
        var average = column.Bins.Index().Sum(b => b.Item.Rows * of[b.Index]) / Math.Max(1, column.Bins.Sum(b => b.Rows));
        return column with { Bins = [.. column.Bins.Select((bin, b) => bin with { Points = (long)Math.Round(100 * (of[b] - average)) })] };
    }
}
