namespace Serverless.Training.Text;

/// <summary>The scores of a text before the softmax, one an intent.</summary>
/// <param name="Linear">Of the linear part.</param>
/// <param name="Network">Of the network; null without one.</param>
internal sealed record TextScores(double[] Linear, double[]? Network)
{
    /// <summary>Both together.</summary>
    public double[] Joined(ScoreWeights weights)
    {
        var joined = new double[Linear.Length];
        for (var c = 0; c < joined.Length; c++) joined[c] = (weights.OfLinear * Linear[c]) + (Network is null ? 0 : weights.OfNetwork * Network[c]);
        return joined;
    }
}
