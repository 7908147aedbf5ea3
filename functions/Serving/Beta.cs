namespace Serverless.Serving;

/// <summary>The beta distribution and what it rests on.</summary>
public static class Beta
{
    private const int MostTerms = 100_000;
    private const double Precision = 1e-15, Tiny = 1e-300;

    /// <summary>Probability of a value below <paramref name="x"/>, by the continued fraction of the incomplete beta function (DLMF 8.17.22).</summary>
    /// <param name="x">A share, 0 to 1; outside it the answer is 0 or 1.</param>
    /// <param name="a">First shape, above 0.</param>
    /// <param name="b">Second shape, above 0.</param>
    public static double Below(double x, double a, double b)
    {
        if (x <= 0) return 0;
        if (x >= 1) return 1;
        var front = Math.Exp((a * Math.Log(x)) + (b * Math.Log(1 - x)) + LogGamma(a + b) - LogGamma(a) - LogGamma(b));
        // It converges fast below the mean only; above it the complement is computed.
        return x < (a + 1) / (a + b + 2) ? front * Fraction(x, a, b) / a : 1 - (front * Fraction(1 - x, b, a) / b);
    }

    /// <summary>Logarithm of the gamma function of a number above 0: Stirling's series (DLMF 5.11.1), from 10 on exact to 1e-12.</summary>
    public static double LogGamma(double x)
    {
        double shift = 0;
        for (; x < 10; x++) shift += Math.Log(x);
        var square = 1 / (x * x);
        var series = ((1.0 / 12) - (square * ((1.0 / 360) - (square * ((1.0 / 1260) - (square / 1680)))))) / x;
        return ((x - 0.5) * Math.Log(x)) - x + (0.5 * Math.Log(2 * Math.PI)) + series - shift;
    }

    // By the method of Lentz (1976).
    private static double Fraction(double x, double a, double b)
    {
        var (c, d) = (1.0, 1 / Kept(1 - ((a + b) * x / (a + 1))));
        var result = d;
        for (var m = 1; m <= MostTerms; m++)
        {
            Step(m * (b - m) * x / ((a + (2 * m) - 1) * (a + (2 * m))));
            if (Math.Abs(Step(-(a + m) * (a + b + m) * x / ((a + (2 * m)) * (a + (2 * m) + 1))) - 1) < Precision) break;
        }

        return result;

        double Step(double term)
        {
            d = 1 / Kept(1 + (term * d));
            c = Kept(1 + (term / c));
            result *= c * d;
            return c * d;
        }
    }

    private static double Kept(double value) => Math.Abs(value) < Tiny ? Tiny : value;
}
