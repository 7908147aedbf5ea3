using Serverless.Serving.Documents;

namespace Serverless.Training.Documents;

/// <summary>How sure an answer is, and when it is held back.</summary>
/// <param name="Sharpness">What scores are multiplied with before the softmax: one over the temperature (Guo et al. 2017).</param>
/// <param name="Means">Where the pictures of each label lie.</param>
/// <param name="Score">By which number it is told whether a picture has any of the labels.</param>
/// <param name="None">That number, under which a picture has none of them.</param>
internal sealed record PictureCalibration(double Sharpness, NearestMeans Means, PictureNoneScore Score, double None)
{
    private const double Least = 0.02, Greatest = 50;
    private const int Halvings = 60;

    /// <summary>The sharpness of the greatest likelihood, and the highest threshold that turns away at most the given share of the pictures that have a label.</summary>
    /// <param name="scores">Of pictures that the network did not learn from.</param>
    /// <param name="classes">Their labels, from 0.</param>
    /// <param name="maxFalseNone">The share, 0 to 0.5.</param>
    /// <param name="means">Where the pictures of each label lie.</param>
    /// <param name="score">What the threshold is of.</param>
    public static PictureCalibration Of(IReadOnlyList<PictureScores> scores, IReadOnlyList<int> classes, double maxFalseNone, NearestMeans means, PictureNoneScore score = PictureNoneScore.Probability) =>
        new PictureCalibration(SharpnessOf(scores, classes), means, score, 0).By(score, scores, maxFalseNone);

    /// <summary>The same with another number to tell by, and its threshold.</summary>
    /// <param name="score">The number.</param>
    /// <param name="scores">Those of pictures with a label; one or more.</param>
    /// <param name="maxFalseNone">The share of them that may lie under the threshold.</param>
    public PictureCalibration By(PictureNoneScore score, IReadOnlyList<PictureScores> scores, double maxFalseNone)
    {
        var by = this with { Score = score };
        double[] sorted = [.. scores.Select(by.Evidence).Order()];
        return by with { None = sorted[(int)Math.Floor(maxFalseNone * sorted.Length)] };
    }

    /// <summary>How much speaks for a picture's having any of the labels; in the units of <see cref="Score"/>.</summary>
    public double Evidence(PictureScores scores) => Score switch
    {
        PictureNoneScore.Probability => Probabilities(scores).Max(),
        PictureNoneScore.Energy => LogSum(Array.ConvertAll(scores.Scores, s => s * Sharpness)),
        _ => Means.Nearest(scores.Pooled),
    };

    /// <summary>The probability of each label.</summary>
    public double[] Probabilities(PictureScores scores) => Softmax(scores.Scores, Sharpness);

    private static double[] Softmax(double[] scores, double sharpness)
    {
        var most = scores.Max();
        var powers = Array.ConvertAll(scores, s => Math.Exp((s - most) * sharpness));
        var sum = powers.Sum();
        return Array.ConvertAll(powers, p => p / sum);
    }

    private static double LogSum(double[] scores)
    {
        var most = scores.Max();
        return most + Math.Log(scores.Sum(s => Math.Exp(s - most)));
    }

    // The likelihood has one summit: its slope is halved to 0. A little doubt of each label keeps few right answers from asking for certainty (Platt 2000).
    private static double SharpnessOf(IReadOnlyList<PictureScores> scores, IReadOnlyList<int> classes)
    {
        var doubt = 1.0 / (scores.Count + 2);
        var (low, high) = (Math.Log(Least), Math.Log(Greatest));
        for (var i = 0; i < Halvings; i++)
        {
            var middle = (low + high) / 2;
            if (Slope(Math.Exp(middle)) > 0) low = middle;
            else high = middle;
        }

        return Math.Exp((low + high) / 2);

        double Slope(double sharpness)
        {
            var slope = 0.0;
            for (var i = 0; i < scores.Count; i++)
            {
                var (of, probabilities) = (scores[i].Scores, Softmax(scores[i].Scores, sharpness));
                slope += ((1 - doubt) * of[classes[i]]) + (doubt * of.Average());
                for (var c = 0; c < of.Length; c++) slope -= probabilities[c] * of[c];
            }

            return slope;
        }
    }
}

/// <summary>The mean of what a network found in the pictures of each label, as directions from the middle of all.</summary>
/// <param name="Middle">The mean of all.</param>
/// <param name="Rows">A direction of length 1 for each label; zeros for one without pictures.</param>
internal sealed record NearestMeans(double[] Middle, IReadOnlyList<double[]> Rows)
{
    /// <summary>Added to lengths, so that the middle itself has a cosine of 0.</summary>
    public const double Tiny = 1e-6;

    /// <summary>Finds them.</summary>
    /// <param name="scores">Of pictures with a label; one or more.</param>
    /// <param name="classes">Their labels.</param>
    /// <param name="labels">Number of labels.</param>
    public static NearestMeans Of(IReadOnlyList<PictureScores> scores, IReadOnlyList<int> classes, int labels)
    {
        var length = scores[0].Pooled.Length;
        var (sums, counts, middle) = (Enumerable.Range(0, labels).Select(_ => new double[length]).ToArray(), new int[labels], new double[length]);
        for (var i = 0; i < scores.Count; i++)
        {
            counts[classes[i]]++;
            for (var j = 0; j < length; j++)
            {
                sums[classes[i]][j] += scores[i].Pooled[j];
                middle[j] += scores[i].Pooled[j] / scores.Count;
            }
        }

        return new(middle, [.. sums.Select((sum, c) => Unit(sum, middle, counts[c]))]);
    }

    /// <summary>The cosine to the nearest.</summary>
    public double Nearest(float[] pooled)
    {
        var from = pooled.Zip(Middle, (p, m) => p - m).ToArray();
        return Rows.Max(row => row.Zip(from, (r, f) => r * f).Sum()) / (Math.Sqrt(from.Sum(f => f * f)) + Tiny);
    }

    private static double[] Unit(double[] sum, double[] middle, int count)
    {
        if (count == 0) return sum;
        var from = sum.Zip(middle, (s, m) => (s / count) - m).ToArray();
        var length = Math.Sqrt(from.Sum(f => f * f)) + Tiny;
        return Array.ConvertAll(from, f => f / length);
    }
}
