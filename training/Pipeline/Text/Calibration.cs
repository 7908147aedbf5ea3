namespace Serverless.Training.Text;

/// <summary>How sure an answer is, and when it is held back.</summary>
/// <param name="Temperature">Logits are divided by this before the softmax; above 0.</param>
/// <param name="None">A best probability under this means none of the intents, 0 to 1.</param>
internal sealed record Calibration(double Temperature, double None)
{
    private const double Coldest = 0.02, Hottest = 20;
    private const int Steps = 80;

    /// <summary>
    /// The temperature with the least log loss (Guo et al. 2017, "On Calibration of Modern Neural Networks", section 4.2) against targets
    /// that keep 1/(n+2) for all intents alike (after Platt 1999), so that texts which all come out right do not make every answer certain;
    /// and the highest threshold that turns away at most the given share of the texts that have an intent.
    /// </summary>
    /// <param name="logits">Scores of texts that the model was not fitted on.</param>
    /// <param name="classes">Their intents, from 0.</param>
    /// <param name="maxFalseNone">The share, 0 to 0.5.</param>
    public static Calibration Of(IReadOnlyList<double[]> logits, IReadOnlyList<int> classes, double maxFalseNone)
    {
        var temperature = Temper(logits, classes);
        double[] best = [.. logits.Select(l => Probabilities(l, temperature).Max()).Order()];
        return new(temperature, best[(int)Math.Floor(maxFalseNone * best.Length)]);
    }

    /// <summary>The probability of each intent.</summary>
    public double[] Probabilities(double[] logits) => Probabilities(logits, Temperature);

    // Golden-section search over the logarithm: the loss has one minimum in it.
    private static double Temper(IReadOnlyList<double[]> logits, IReadOnlyList<int> classes)
    {
        var (low, high) = (Math.Log(Coldest), Math.Log(Hottest));
        var ratio = (Math.Sqrt(5) - 1) / 2;
        for (var step = 0; step < Steps; step++)
        {
            var (left, right) = (high - (ratio * (high - low)), low + (ratio * (high - low)));
            if (Loss(left) <= Loss(right)) high = right;
            else low = left;
        }

        return Math.Exp((low + high) / 2);

        double Loss(double log)
        {
            double sum = 0;
            for (var i = 0; i < logits.Count; i++) sum += LossOf(logits[i], classes[i], Math.Exp(log), 1.0 / (logits.Count + 2));
            return sum;
        }
    }

    private static double LossOf(double[] logits, int intent, double temperature, double doubt)
    {
        var most = logits.Max();
        double sum = 0;
        foreach (var logit in logits) sum += Math.Exp((logit - most) / temperature);
        var target = ((1 - doubt) * logits[intent]) + (doubt * logits.Average());
        return Math.Log(sum) - ((target - most) / temperature);
    }

    private static double[] Probabilities(double[] logits, double temperature)
    {
        var most = logits.Max();
        var powers = Array.ConvertAll(logits, l => Math.Exp((l - most) / temperature));
        var sum = powers.Sum();
        return Array.ConvertAll(powers, p => p / sum);
    }
}
