namespace Serverless.Training.Credit;

/// <summary>
/// How probabilities agree with outcomes on the whole (Cox 1958; Steyerberg 2019, ch. 15): the slope of a logistic regression of the outcome on the
/// log-odds, 1 when they spread as they should, and the intercept of one whose slope is held at 1, 0 when the mean is right.
/// </summary>
internal static class Calibration
{
    private const double Furthest = 15; // log-odds beyond which a probability counts as certain
    private const double Rounding = 1e-12; // near the end a step gains less than the sum of the losses can show

    /// <summary>Slope and intercept; NaN when a class is absent, and a NaN slope when every row has the same probability.</summary>
    public static (double Slope, double Intercept) Of(ReadOnlySpan<bool> bad, ReadOnlySpan<double> probability)
    {
        var bads = bad.Count(true);
        if (bads == 0 || bads == bad.Length) return (double.NaN, double.NaN);
        var logOdds = new double[bad.Length];
        for (var i = 0; i < logOdds.Length; i++) logOdds[i] = Math.Clamp(Math.Log(probability[i] / (1 - probability[i])), -Furthest, Furthest);
        return (logOdds.Min() < logOdds.Max() ? Newton(bad, logOdds, 1, free: true).Slope : double.NaN, Newton(bad, logOdds, 1, free: false).Intercept);
    }

    private static (double Slope, double Intercept) Newton(ReadOnlySpan<bool> bad, double[] x, double slope, bool free)
    {
        double intercept = 0;
        var loss = Loss(bad, x, slope, intercept, out var g, out var h);
        for (var step = 0; step < 50; step++)
        {
            var determinant = free ? (h.Aa * h.Bb) - (h.Ab * h.Ab) : h.Bb;
            if (!(determinant > 1e-300)) break;
            var (moveA, moveB) = free ? (((h.Bb * g.A) - (h.Ab * g.B)) / determinant, ((h.Aa * g.B) - (h.Ab * g.A)) / determinant) : (0, g.B / determinant);
            var share = 1.0;
            double next;
            while ((next = Loss(bad, x, slope - (share * moveA), intercept - (share * moveB), out g, out h)) > loss * (1 + Rounding) && share > 1e-9) share /= 2;
            (slope, intercept) = (slope - (share * moveA), intercept - (share * moveB));
            if (Math.Abs(share * moveA) + Math.Abs(share * moveB) < 1e-11) break;
            loss = next;
        }

        return (slope, intercept);
    }

    private static double Loss(ReadOnlySpan<bool> bad, double[] x, double slope, double intercept, out (double A, double B) gradient, out (double Aa, double Ab, double Bb) curvature)
    {
        (double A, double B) g = (0, 0);
        (double Aa, double Ab, double Bb) h = (0, 0, 0);
        double loss = 0;
        for (var i = 0; i < x.Length; i++)
        {
            var z = (slope * x[i]) + intercept;
            var (p, ofRow) = SignedNewton.Logistic(z, bad[i]);
            loss += ofRow;
            var (error, weight) = (p - (bad[i] ? 1 : 0), p * (1 - p));
            g = (g.A + (error * x[i]), g.B + error);
            h = (h.Aa + (weight * x[i] * x[i]), h.Ab + (weight * x[i]), h.Bb + weight);
        }

        (gradient, curvature) = (g, h);
        return loss;
    }
}
