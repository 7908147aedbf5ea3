namespace Serverless.Serving.Market;

/// <summary>How the numbers of a day are made ready for the network; part of <c>features.json</c>.</summary>
/// <param name="Means">Mean of each number on the days learned from.</param>
/// <param name="Deviations">Its standard deviation, above 0.</param>
public sealed record NetworkScaling(double[] Means, double[] Deviations)
{
    // Beyond so many deviations days are alike to the network: one crash must not decide what it learns.
    private const double Most = 5;

    /// <summary>A day's numbers as the network reads them.</summary>
    /// <param name="features">The day's features.</param>
    /// <param name="anchors">The symbol's anchors.</param>
    /// <param name="day">Place of the day.</param>
    public float[] Row(ReadOnlySpan<double> features, VarianceAnchors anchors, int day)
    {
        var numbers = Numbers(features, anchors, day);
        var row = new float[numbers.Length];
        for (var i = 0; i < row.Length; i++) row[i] = (float)Math.Clamp((numbers[i] - Means[i]) / Deviations[i], -Most, Most);
        return row;
    }

    /// <summary>A day's numbers before that: its features, signals and anchor.</summary>
    public static double[] Numbers(ReadOnlySpan<double> features, VarianceAnchors anchors, int day) =>
        [.. features, .. anchors.Signals.Select(s => s[day]), anchors.Anchor[day]];
}
