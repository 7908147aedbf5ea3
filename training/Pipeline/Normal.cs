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

    /// <summary>The value below which lies a share; relative error below 1e-6 of <see cref="Below"/>'s own (bisection of it, which needs no second approximation).</summary>
    /// <param name="share">Above 0 and below 1; beyond 1e-9 of either end the end's value, ±6.</param>
    public static double Quantile(double share)
    {
        if (share is not (> 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(share), "A share lies above 0 and below 1.");
        var (low, high) = (-6.0, 6.0);
        for (var i = 0; i < 60; i++)
        {
            var middle = (low + high) / 2;
            if (Below(middle) < share) low = middle;
            else high = middle;
        }

        return (low + high) / 2;
    }
}
