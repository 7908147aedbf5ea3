namespace Serverless.Serving.Market;

/// <summary>Exponentially weighted means over the past.</summary>
public static class Ewma
{
    /// <summary>What the day before counts in the variance of RiskMetrics (J.P. Morgan 1996).</summary>
    public const double RiskMetricsDecay = 0.94;

    // Days whose mean the variance begins with.
    private const int FirstDays = 22;

    /// <summary>RiskMetrics' variance: at each day the forecast for the next one.</summary>
    /// <param name="returns">See <see cref="PastDays.Returns"/>.</param>
    public static double[] Variances(double[] returns)
    {
        var variances = new double[returns.Length];
        var (variance, sum) = (PastDays.LeastVariance, 0.0);
        for (var t = 0; t < returns.Length; t++)
        {
            var square = returns[t] * returns[t];
            sum += square;
            // Of the first days the plain mean, so that nothing later decides how the series begins.
            variance = t < FirstDays ? sum / Math.Max(1, t) : (RiskMetricsDecay * variance) + ((1 - RiskMetricsDecay) * square);
            variances[t] = Math.Max(variance, PastDays.LeastVariance);
        }

        return variances;
    }

    /// <summary>The mean of the past, in which a day counts half of one that is so many days younger.</summary>
    /// <param name="values">A number a day.</param>
    /// <param name="halfLife">In days, above 0.</param>
    public static double[] Means(double[] values, double halfLife)
    {
        var means = new double[values.Length];
        var (decay, sum, weight) = (Math.Pow(0.5, 1 / halfLife), 0.0, 0.0);
        for (var t = 0; t < values.Length; t++)
        {
            sum = (sum * decay) + values[t];
            weight = (weight * decay) + 1;
            means[t] = sum / weight;
        }

        return means;
    }
}
