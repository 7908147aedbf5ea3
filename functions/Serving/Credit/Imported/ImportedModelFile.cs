namespace Serverless.Serving.Credit;

/// <summary>What the output of an imported graph means.</summary>
public enum GraphGives
{
    /// <summary>The probability of a bad loan, 0 to 1; of two columns the second one.</summary>
    Probability,

    /// <summary>Its log-odds; of two columns the second one less the first.</summary>
    Logit,
}

/// <summary>How an imported graph is asked and explained; <c>imported.json</c> of its bundle.</summary>
/// <param name="Input">Name of its one input, float [n, width].</param>
/// <param name="Output">Name of the output that is read, float [n], [n, 1] or [n, 2].</param>
/// <param name="Gives">What that means.</param>
/// <param name="Slope">With <paramref name="Intercept"/> turns the graph's log-odds into calibrated ones (Platt 1999): <c>Slope · log-odds + Intercept</c>; above 0.</param>
/// <param name="Intercept">See <paramref name="Slope"/>.</param>
/// <param name="Background">The loans that explanations are measured against: row after row the bin of each column, whose value stands for their own.</param>
public sealed record ImportedModelFile(string Input, string Output, GraphGives Gives, double Slope, double Intercept, IReadOnlyList<IReadOnlyList<int>> Background)
{
    /// <summary>Its name in a bundle.</summary>
    public const string FileName = "imported.json";

    /// <summary>Compares with the table of the model.</summary>
    /// <exception cref="InvalidModelException">With the first thing that does not fit.</exception>
    internal void CheckAgainst(Scorecard table)
    {
        if (!(Slope > 0) || !double.IsFinite(Slope) || !double.IsFinite(Intercept)) throw Unfit("its slope is not above 0, or not finite");
        if (Background.Count is 0 or > ShapleyValues.MostBackgrounds) throw Unfit($"its background has not 1 to {ShapleyValues.MostBackgrounds} rows");
        if (Background.Any(row => row.Count != table.Columns.Count || row.Index().Any(b => b.Item < 0 || b.Item >= table.Columns[b.Index].Bins.Count)))
            throw Unfit("a row of its background has other columns or bins");
    }

    private static InvalidModelException Unfit(string what) => new($"'{FileName}' does not fit 'features.json', {what}: register the model again.");
}
