namespace Serverless.Training.Credit;

/// <summary>Turns points into the probability of a bad loan (Platt 1999, with the targets and Newton's method of Lin, Lin and Weng 2007).</summary>
internal static class Platt
{
    // Points without skill would calibrate to a rising slope: then more points tell next to nothing, never something worse.
    private const double LeastSlope = 1e-6;

    // Points whose standard deviation is less are the same points for everyone.
    private const double LeastSpread = 0.1;

    /// <summary>Fits <c>p(bad) = sigmoid(Slope · points + Intercept)</c>, Slope below 0.</summary>
    public static (double Slope, double Intercept) Fit(double[] points, bool[] bad)
    {
        var bads = bad.Count(b => b);
        var (whenBad, whenGood) = ((bads + 1.0) / (bads + 2), 1.0 / (bad.Length - bads + 2));
        var centre = points.Average();
        var spread = Math.Sqrt(points.Average(p => (p - centre) * (p - centre)));
        var withoutSkill = (-LeastSlope, Math.Log(bads / (double)(bad.Length - bads)) + (LeastSlope * centre));
        if (spread < LeastSpread) return withoutSkill;
        var (a, b) = (0.0, Math.Log((bads + 1.0) / (bad.Length - bads + 1)));
        var loss = Loss(a, b, out var gradient, out var curvature);
        for (var step = 0; step < 100; step++)
        {
            var determinant = (curvature.Aa * curvature.Bb) - (curvature.Ab * curvature.Ab);
            var (stepA, stepB) = (((curvature.Bb * gradient.A) - (curvature.Ab * gradient.B)) / determinant, ((curvature.Aa * gradient.B) - (curvature.Ab * gradient.A)) / determinant);
            var share = 2.0;
            double next;
            do
            {
                share /= 2;
                next = Loss(a - (share * stepA), b - (share * stepB), out gradient, out curvature);
            }
            while (next > loss && share > 1e-9);

            if (next > loss) break;
            (a, b) = (a - (share * stepA), b - (share * stepB));
            var gain = loss - next;
            loss = next;
            if (gain < 1e-12 * bad.Length) break;
        }

        var slope = a / spread;
        return slope <= -LeastSlope ? (slope, b - (slope * centre)) : withoutSkill;

        double Loss(double slopeOf, double interceptOf, out (double A, double B) gradient, out (double Aa, double Ab, double Bb) curvature)
        {
            (double A, double B) g = (0, 0);
            (double Aa, double Ab, double Bb) h = (1e-12, 0, 1e-12);
            double loss = 0;
            for (var i = 0; i < points.Length; i++)
            {
                var x = (points[i] - centre) / spread;
                var z = (slopeOf * x) + interceptOf;
                var target = bad[i] ? whenBad : whenGood;
                var p = 1 / (1 + Math.Exp(-z));
                loss += (z > 0 ? z + Math.Log(1 + Math.Exp(-z)) : Math.Log(1 + Math.Exp(z))) - (target * z);
                var (error, weight) = (p - target, p * (1 - p));
                g = (g.A + (error * x), g.B + error);
                h = (h.Aa + (weight * x * x), h.Ab + (weight * x), h.Bb + weight);
            }

            (gradient, curvature) = (g, h);
            return loss;
        }
    }
}
