using Serverless.Serving.Text;

namespace Serverless.Training.Text;

/// <summary>Standardises an encoder's vectors by those of the training texts.</summary>
/// <param name="Means">Of each dimension.</param>
/// <param name="Scales">What the distance from the mean is multiplied by: one over the deviation, so that a typical vector has length 1; 0 for what never varies.</param>
internal sealed record VectorScale(float[] Means, float[] Scales)
{
    // A dimension that hardly varies is not blown up to the size of the others, and with it the rounding of the encoder.
    private const double LeastDeviation = 0.01;

    /// <summary>Finds means and deviations.</summary>
    /// <param name="vectors">One or more, all of the same length.</param>
    public static VectorScale Of(IReadOnlyList<float[]> vectors)
    {
        var (means, squares) = (new double[vectors[0].Length], new double[vectors[0].Length]);
        foreach (var vector in vectors)
            for (var d = 0; d < means.Length; d++) means[d] += (double)vector[d] / vectors.Count;
        foreach (var vector in vectors)
            for (var d = 0; d < means.Length; d++) squares[d] += (vector[d] - means[d]) * (vector[d] - means[d]) / vectors.Count;
        var least = LeastDeviation * Math.Sqrt(squares.Average());
        return new(Array.ConvertAll(means, m => (float)m), Array.ConvertAll(squares, s => s == 0 ? 0 : (float)(1 / (Math.Max(Math.Sqrt(s), least) * Math.Sqrt(means.Length)))));
    }

    /// <summary>The standardised vector, every number of it a feature.</summary>
    public TextVector Apply(float[] vector) => new([.. Enumerable.Range(0, vector.Length)], [.. vector.Select((v, d) => (v - Means[d]) * Scales[d])]);
}
