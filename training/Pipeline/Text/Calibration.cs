using Serverless.Serving.Text;

namespace Serverless.Training.Text;

/// <summary>How sure an answer is, and when it is held back.</summary>
/// <param name="Weights">What the scores count before the softmax.</param>
/// <param name="Numbers">What else is known of the scores.</param>
/// <param name="Score">By which number it is told whether a text has any of the intents.</param>
/// <param name="None">That number, under which a text has none of them.</param>
internal sealed record Calibration(ScoreWeights Weights, NoneScores Numbers, NoneScore Score, double None)
{
    /// <summary>The <see cref="ScoreWeights"/>, and the highest threshold that turns away at most the given share of the texts that have an intent.</summary>
    /// <param name="scores">Scores of texts that the model was not fitted on.</param>
    /// <param name="classes">Their intents, from 0.</param>
    /// <param name="maxFalseNone">The share, 0 to 0.5.</param>
    /// <param name="score">What the threshold is of.</param>
    public static Calibration Of(IReadOnlyList<TextScores> scores, IReadOnlyList<int> classes, double maxFalseNone, NoneScore score = NoneScore.Probability)
    {
        var weights = ScoreWeights.Of(scores, classes);
        var numbers = NoneScores.Of(scores, classes, weights);
        return new Calibration(weights, numbers, score, 0).By(score, scores, maxFalseNone);
    }

    /// <summary>The same with another number to tell by, and its threshold.</summary>
    /// <param name="score">The number.</param>
    /// <param name="scores">Those of texts with an intent.</param>
    /// <param name="maxFalseNone">The share of them that may lie under the threshold.</param>
    public Calibration By(NoneScore score, IReadOnlyList<TextScores> scores, double maxFalseNone) =>
        this with { Score = score, None = NoneScores.Threshold(scores.Select(s => Numbers.Of(score, s, Weights)), maxFalseNone) };

    /// <summary>How much speaks for a text having any of the intents; in the units of <see cref="Score"/>.</summary>
    public double Evidence(TextScores scores) => Numbers.Of(Score, scores, Weights);

    /// <summary>By their names in the manifest.</summary>
    /// <param name="contract">Says which parts there are to weigh.</param>
    public IEnumerable<KeyValuePair<string, double>> Metrics(TextContract contract)
    {
        yield return new("weightOfLinear", Weights.OfLinear);
        if (contract.Network is not null) yield return new("weightOfNetwork", Weights.OfNetwork);
        if (contract.Encoder is not null) yield return new("weightOfEncoder", Weights.OfEncoder);
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
