namespace Serverless.Serving.Market;

/// <summary>Student's t distribution, scaled so that its variance is given instead of its scale.</summary>
/// <param name="Location">Mean.</param>
/// <param name="Variance">Variance, above 0.</param>
/// <param name="Freedom">Degrees of freedom, above 2.</param>
public readonly record struct StudentT(double Location, double Variance, double Freedom)
{
    private const int Halvings = 200;
    private const double Accuracy = 1e-12;

    /// <summary>By what a standard t variable is multiplied.</summary>
    public double Scale => Math.Sqrt(Variance * (Freedom - 2) / Freedom);

    /// <summary>Probability of a value at or below <paramref name="value"/>, 0 to 1.</summary>
    public double Below(double value) => StandardBelow((value - Location) / Scale, Freedom);

    /// <summary>The value below which a share of the probability lies.</summary>
    /// <param name="share">Above 0 and below 1.</param>
    public double Quantile(double share) => Location + (Scale * StandardQuantile(share, Freedom));

    /// <summary>Mean of the values below the quantile of a share: what a loss is on average when it is beyond the value at risk.</summary>
    /// <param name="share">Above 0 and below 1.</param>
    public double MeanBelow(double share)
    {
        var t = StandardQuantile(share, Freedom);
        return Location - (Scale * Math.Exp(LogDensity(t, Freedom)) / share * (Freedom + (t * t)) / (Freedom - 1));
    }

    /// <summary>Logarithm of the density at a value: the log score of a forecast, higher is better.</summary>
    public double LogDensity(double value) => LogDensity((value - Location) / Scale, Freedom) - Math.Log(Scale);

    /// <summary>
    /// Continuous ranked probability score of a forecast for what came, lower is better, in the units of the value (Jordan, Krueger and Lerch 2019,
    /// Evaluating probabilistic forecasts with scoringRules, appendix A).
    /// </summary>
    public double Crps(double value)
    {
        var z = (value - Location) / Scale;
        return Scale * ((z * ((2 * StandardBelow(z, Freedom)) - 1)) + (2 * Math.Exp(LogDensity(z, Freedom)) * (Freedom + (z * z)) / (Freedom - 1)) - Spread(Freedom));

        static double Spread(double v) =>
            2 * Math.Sqrt(v) / (v - 1) * Math.Exp(LogBeta(0.5, v - 0.5) - (2 * LogBeta(0.5, v / 2)));

        static double LogBeta(double a, double b) => Beta.LogGamma(a) + Beta.LogGamma(b) - Beta.LogGamma(a + b);
    }

    /// <summary>Distribution function of the standard t distribution.</summary>
    /// <param name="t">A value.</param>
    /// <param name="freedom">Degrees of freedom, above 0.</param>
    public static double StandardBelow(double t, double freedom)
    {
        var tail = Beta.Below(freedom / (freedom + (t * t)), freedom / 2, 0.5) / 2;
        return t < 0 ? tail : 1 - tail;
    }

    /// <summary>Quantile of the standard t distribution, by halving.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The share is not between 0 and 1.</exception>
    public static double StandardQuantile(double share, double freedom)
    {
        if (!(share > 0 && share < 1)) throw new ArgumentOutOfRangeException(nameof(share), share, "A share lies between 0 and 1.");
        if (share > 0.5) return -StandardQuantile(1 - share, freedom);
        var (low, high) = (-1.0, 0.0);
        while (StandardBelow(low, freedom) > share) (low, high) = (low * 2, low);
        for (var i = 0; i < Halvings && high - low > Accuracy * -low; i++)
        {
            var middle = (low + high) / 2;
            if (StandardBelow(middle, freedom) < share) low = middle;
            else high = middle;
        }

        return (low + high) / 2;
    }

    private static double LogDensity(double t, double freedom) =>
        Beta.LogGamma((freedom + 1) / 2) - Beta.LogGamma(freedom / 2) - (0.5 * Math.Log(freedom * Math.PI)) - ((freedom + 1) / 2 * Math.Log(1 + (t * t / freedom)));
}
