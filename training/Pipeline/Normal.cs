namespace Serverless.Training;

/// <summary>The normal distribution.</summary>
internal static class Normal
{
    /// <summary>Two-sided 95 %.</summary>
    public const double Z95 = 1.959963984540054;

    /// <summary>Probability of a value below <paramref name="z"/>; absolute error below 1e-6 (Abramowitz and Stegun 7.1.26 for erf, whose error is below 1.5e-7).</summary>
    public static double Below(double z)
    {
        var x = Math.Abs(z) / Math.Sqrt(2);
        var t = 1 / (1 + (0.3275911 * x));
        var erf = 1 - (((((((((1.061405429 * t) - 1.453152027) * t) + 1.421413741) * t) - 0.284496736) * t) + 0.254829592) * t * Math.Exp(-x * x));
        return z < 0 ? (1 - erf) / 2 : (1 + erf) / 2;
    }
}
