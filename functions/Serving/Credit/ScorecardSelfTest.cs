using System.Globalization;
using Microsoft.ML.OnnxRuntime;

namespace Serverless.Serving.Credit;

/// <summary>
/// What a scorecard must show before it goes live: the graph gives the points and probability of the table that explains it, for
/// every bin of every column, and the golden applications get the scores that they got in training.
/// </summary>
internal sealed class ScorecardSelfTest(CreditScorer scorer)
{
    private const double Tolerance = 1e-9;

    /// <summary>Runs it.</summary>
    /// <exception cref="InvalidModelException">With the first difference.</exception>
    public void Run()
    {
        foreach (var column in Enumerable.Range(0, scorer.Card.Columns.Count)) CompareGraphAndTable(column);
        var golden = scorer.Bundle.Read<IReadOnlyList<GoldenApplication>>("golden.json");
        if (golden.Count == 0) throw new InvalidModelException("'golden.json' holds no application: train the model again.");
        foreach (var (place, application) in golden.Index()) Compare(place, application);
    }

    // One row for each bin of the column, the other columns in their first bin.
    private void CompareGraphAndTable(int column)
    {
        var columns = scorer.Card.Columns;
        var rows = columns[column].Bins.Count;
        var bins = new long[rows * columns.Count];
        for (var row = 0; row < rows; row++) bins[row * columns.Count + column] = row;
        var points = new double[rows];
        var probabilities = new double[rows];
        try
        {
            scorer.ScoreRows(bins, points, probabilities);
        }
        catch (OnnxRuntimeException error)
        {
            throw new InvalidModelException($"'model.onnx' cannot score the bins of '{columns[column].Name}': train the model again. {error.Message}", error);
        }

        for (var row = 0; row < rows; row++)
        {
            var (expected, probability) = scorer.Card.ScoreOf(bins.AsSpan(row * columns.Count, columns.Count));
            if (Math.Round(points[row] * 100) == expected && Math.Abs(probabilities[row] - probability) <= Tolerance) continue;
            throw new InvalidModelException(string.Create(CultureInfo.InvariantCulture,
                $"'model.onnx' and 'features.json' differ for bin {row} of '{columns[column].Name}': {points[row]} against {expected / 100m} points, probability {probabilities[row]} against {probability}. Train the model again."));
        }
    }

    private void Compare(int place, GoldenApplication golden)
    {
        if (scorer.Score(golden.Fields) is not Outcome<CreditScore>.Done { Value: var score })
            throw new InvalidModelException($"Golden application {place} is refused: train the model again.");
        if (score.Points != golden.Points)
            throw new InvalidModelException(string.Create(CultureInfo.InvariantCulture, $"Golden application {place} gets {score.Points} points instead of {golden.Points}: train the model again."));
        if (!(Math.Abs(score.Probability - golden.Probability) <= Tolerance))
            throw new InvalidModelException(string.Create(CultureInfo.InvariantCulture, $"Golden application {place} gets probability {score.Probability} instead of {golden.Probability}: train the model again."));
    }
}
