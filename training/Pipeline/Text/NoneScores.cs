using Serverless.Serving.Text;

namespace Serverless.Training.Text;

/// <summary>Computes each <see cref="NoneScore"/>, and chooses among them.</summary>
/// <param name="Means">The mean of the joined scores, scaled to length 1, of each intent's texts, itself of length 1; a row of zeros for an intent without texts.</param>
internal sealed record NoneScores(double[][] Means)
{
    /// <summary>Finds the means.</summary>
    /// <param name="scores">Scores of texts that the model was not fitted on.</param>
    /// <param name="classes">Their intents.</param>
    /// <param name="weights">What the parts count.</param>
    public static NoneScores Of(IReadOnlyList<TextScores> scores, IReadOnlyList<int> classes, ScoreWeights weights)
    {
        if (scores.Count == 0) return new([]);
        var sums = scores[0].Linear.Select(_ => new double[scores[0].Linear.Length]).ToArray();
        for (var i = 0; i < scores.Count; i++)
        {
            var one = Unit(scores[i].Joined(weights));
            for (var c = 0; c < one.Length; c++) sums[classes[i]][c] += one[c];
        }

        return new(Array.ConvertAll(sums, Unit));
    }

    /// <summary>The number of a text.</summary>
    public double Of(NoneScore score, TextScores scores, ScoreWeights weights) => score switch
    {
        NoneScore.Probability => Calibration.Softmax(scores.Joined(weights)).Max(),
        NoneScore.Energy => LogSum(scores.Joined(weights)),
        NoneScore.LinearEnergy => LogSum(scores.Linear),
        NoneScore.ClassMeans => Nearest(Unit(scores.Joined(weights))),
        _ => throw new ArgumentOutOfRangeException(nameof(score)),
    };

    /// <summary>The number under which at most the given share of texts lies.</summary>
    /// <param name="numbers">Of texts with an intent; one or more.</param>
    /// <param name="share">The share, 0 to 0.5.</param>
    public static double Threshold(IEnumerable<double> numbers, double share)
    {
        double[] sorted = [.. numbers.Order()];
        return sorted[(int)Math.Floor(share * sorted.Length)];
    }

    private double Nearest(double[] one) => Means.Max(mean =>
    {
        double sum = 0;
        for (var c = 0; c < one.Length; c++) sum += one[c] * mean[c];
        return sum;
    });

    private static double LogSum(double[] scores)
    {
        var most = scores.Max();
        return most + Math.Log(scores.Sum(s => Math.Exp(s - most)));
    }

    private static double[] Unit(double[] vector)
    {
        var length = Math.Sqrt(vector.Sum(v => v * v));
        return length == 0 ? vector : Array.ConvertAll(vector, v => v / length);
    }
}
