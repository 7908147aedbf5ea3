namespace Serverless.Training.Text;

/// <summary>How sure an answer is, and when it is held back.</summary>
/// <param name="Weights">What the scores count before the softmax.</param>
/// <param name="None">A best probability under this means none of the intents, 0 to 1.</param>
internal sealed record Calibration(ScoreWeights Weights, double None)
{
    /// <summary>The <see cref="ScoreWeights"/>, and the highest threshold that turns away at most the given share of the texts that have an intent.</summary>
    /// <param name="scores">Scores of texts that the model was not fitted on.</param>
    /// <param name="classes">Their intents, from 0.</param>
    /// <param name="maxFalseNone">The share, 0 to 0.5.</param>
    public static Calibration Of(IReadOnlyList<TextScores> scores, IReadOnlyList<int> classes, double maxFalseNone)
    {
        var weights = ScoreWeights.Of(scores, classes);
        double[] best = [.. scores.Select(s => Softmax(s.Joined(weights)).Max()).Order()];
        return new(weights, best[(int)Math.Floor(maxFalseNone * best.Length)]);
    }

    /// <summary>By their names in the manifest.</summary>
    /// <param name="network">Whether there is a network to weigh.</param>
    public IEnumerable<KeyValuePair<string, double>> Metrics(bool network)
    {
        yield return new("weightOfLinear", Weights.OfLinear);
        if (network) yield return new("weightOfNetwork", Weights.OfNetwork);
        yield return new("noneBelow", None);
    }

    /// <summary>The probability of each intent.</summary>
    public double[] Probabilities(TextScores scores) => Softmax(scores.Joined(Weights));

    /// <summary>Powers of the scores, scaled to the sum 1.</summary>
    public static double[] Softmax(double[] scores)
    {
        var most = scores.Max();
        var powers = Array.ConvertAll(scores, s => Math.Exp(s - most));
        var sum = powers.Sum();
        return Array.ConvertAll(powers, p => p / sum);
    }
}
