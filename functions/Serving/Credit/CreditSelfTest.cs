using System.Globalization;
using Microsoft.ML.OnnxRuntime;

namespace Serverless.Serving.Credit;

/// <summary>
/// What a credit model must show before it goes live: the graph gives the points and probability of what explains it, for every bin of
/// every column and for bins at random, of imported ones a row alone what it gives it among others, and the golden applications get the scores that they got in training.
/// </summary>
internal sealed class CreditSelfTest(CreditScorer scorer)
{
    // A graph that computes in float32 answers a row a little otherwise beside others, and on another processor.
    private readonly double _tolerance = scorer.Card.Kind == ModelKind.Imported ? 1e-5 : 1e-9;
    private readonly double _pointsTolerance = scorer.Card.Kind == ModelKind.Imported ? 0.01 : 1e-6;
    private const int RandomRows = 256;

    /// <summary>Runs it.</summary>
    /// <exception cref="InvalidModelException">With the first difference.</exception>
    public void Run()
    {
        foreach (var column in Enumerable.Range(0, scorer.Card.Columns.Count)) CompareColumn(column);
        Compare(AtRandom(), "combinations of bins", row => $"combination {row} of bins");
        var golden = scorer.Bundle.Read<IReadOnlyList<GoldenApplication>>("golden.json");
        if (golden.Count == 0) throw new InvalidModelException("'golden.json' holds no application: train the model again.");
        foreach (var (place, application) in golden.Index()) Compare(place, application);
    }

    private void CompareColumn(int column)
    {
        var name = scorer.Card.Columns[column].Name;
        Compare(OneColumn(column), $"the bins of '{name}'", bin => $"bin {bin} of '{name}'");
    }

    // One row for each bin of the column, the other columns in their first bin.
    private long[] OneColumn(int column)
    {
        var columns = scorer.Card.Columns;
        var bins = new long[columns[column].Bins.Count * columns.Count];
        for (var i = 0; i < bins.Length; i++) bins[i] = columns[i % columns.Count].CodeOf(i % columns.Count == column ? i / columns.Count : 0);
        return bins;
    }

    // The same for everyone who loads the model: steps of a linear congruential generator (Knuth 1998, MMIX).
    private long[] AtRandom()
    {
        var columns = scorer.Card.Columns;
        var bins = new long[RandomRows * columns.Count];
        var state = 1UL;
        for (var i = 0; i < bins.Length; i++)
        {
            state = (state * 6364136223846793005) + 1442695040888963407;
            bins[i] = columns[i % columns.Count].CodeOf((int)((state >> 33) % (ulong)columns[i % columns.Count].Bins.Count));
        }

        return bins;
    }

    private void Compare(long[] bins, string what, Func<int, string> which)
    {
        var width = scorer.Card.Columns.Count;
        var rows = bins.Length / width;
        var points = new double[rows];
        var probabilities = new double[rows];
        try
        {
            scorer.ScoreRows(bins, points, probabilities);
        }
        catch (OnnxRuntimeException error)
        {
            throw new InvalidModelException($"'model.onnx' cannot score {what}: train the model again. {error.Message}", error);
        }

        for (var row = 0; row < rows; row++)
        {
            var (expected, probability) = scorer.Model.Score(bins.AsSpan(row * width, width));
            if (Math.Abs(points[row] - expected) <= _pointsTolerance && Math.Abs(probabilities[row] - probability) <= _tolerance) continue;
            throw new InvalidModelException(string.Create(CultureInfo.InvariantCulture,
                $"'model.onnx' and 'features.json' differ for {which(row)}: {points[row]} against {expected} points, probability {probabilities[row]} against {probability}. Train the model again."));
        }
    }

    private void Compare(int place, GoldenApplication golden)
    {
        if (scorer.Score(golden.Fields) is not Outcome<CreditScore>.Done { Value: var score })
            throw new InvalidModelException($"Golden application {place} is refused: train the model again.");
        if (score.Points != golden.Points && !(scorer.Card.Kind == ModelKind.Imported && Math.Abs(score.Points - golden.Points) <= (decimal)_pointsTolerance))
            throw new InvalidModelException(string.Create(CultureInfo.InvariantCulture, $"Golden application {place} gets {score.Points} points instead of {golden.Points}: train the model again."));
        if (!(Math.Abs(score.Probability - golden.Probability) <= _tolerance))
            throw new InvalidModelException(string.Create(CultureInfo.InvariantCulture, $"Golden application {place} gets probability {score.Probability} instead of {golden.Probability}: train the model again."));
    }
}
