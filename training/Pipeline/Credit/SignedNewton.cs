namespace Serverless.Training.Credit;

/// <summary>
/// Newton's method for a convex objective some of whose coordinates may not be negative: each step is solved under the sign constraint by
/// coordinate descent on the quadratic model (Friedman, Hastie and Tibshirani 2010) and halved until the objective falls. The curvature is
/// kept from step to step as long as they converge quickly with it, since it costs most (Shamanskii 1967).
/// </summary>
internal static class SignedNewton
{
    private const int MaxSteps = 100;
    private const int MaxSweeps = 1000;

    // A step that gains more than this share of the one before asks for a new curvature.
    private const double Slow = 0.1;

    /// <summary>Value of the objective; adds the gradient, and the curvature (symmetric, row after row) where it is asked for, to arrays of zeros.</summary>
    public delegate double Objective(double[] at, double[] gradient, double[]? curvature);

    /// <summary>Minimises.</summary>
    /// <param name="start">Where to start; keeps the signs.</param>
    /// <param name="signed">Which coordinates may not be negative.</param>
    /// <param name="objective">The objective.</param>
    /// <param name="tolerance">Least gain of a further step.</param>
    public static double[] Minimise(double[] start, bool[] signed, Objective objective, double tolerance)
    {
        var (at, width) = (start, start.Length);
        var (gradient, curvature) = (new double[width], new double[width * width]);
        var loss = objective(at, gradient, curvature);
        var (fresh, before) = (true, double.PositiveInfinity);
        for (var step = 0; step < MaxSteps; step++)
        {
            var target = SolveQuadratic(at, signed, gradient, curvature);
            var gain = double.NaN;
            for (var share = 1.0; share > 1e-6 && !(gain >= 0); share /= 2)
            {
                var next = new double[width];
                for (var j = 0; j < width; j++) next[j] = at[j] + (share * (target[j] - at[j]));
                var nextGradient = new double[width];
                var nextLoss = objective(next, nextGradient, null);
                gain = loss - nextLoss;
                if (gain >= 0) (at, loss, gradient) = (next, nextLoss, nextGradient);
                else if (!fresh) break; // an old curvature may be to blame
            }

            if (gain >= 0 ? gain < tolerance : fresh) return at;
            fresh = !(gain >= 0 && gain <= Slow * before);
            before = Math.Max(0, gain);
            if (!fresh) continue;
            Array.Clear(gradient);
            Array.Clear(curvature);
            objective(at, gradient, curvature);
        }

        return at;
    }

    /// <summary>Probability of a log-odds, and the loss (negative log-likelihood) that the outcome makes of it.</summary>
    public static (double Probability, double Loss) Logistic(double logOdds, bool outcome)
    {
        var small = Math.Exp(-Math.Abs(logOdds));
        var p = logOdds >= 0 ? 1 / (1 + small) : small / (1 + small);
        return (p, Math.Log(1 + small) + Math.Max(0, outcome ? -logOdds : logOdds));
    }

    private static double[] SolveQuadratic(double[] at, bool[] signed, double[] gradient, double[] curvature)
    {
        var (width, point, slope) = (at.Length, (double[])at.Clone(), (double[])gradient.Clone());
        for (var sweep = 0; sweep < MaxSweeps; sweep++)
        {
            double greatest = 0;
            for (var j = 0; j < width; j++)
            {
                var row = curvature.AsSpan(j * width, width);
                if (row[j] <= 0) continue;
                var to = point[j] - (slope[j] / row[j]);
                if (signed[j]) to = Math.Max(0, to);
                var moved = to - point[j];
                if (moved == 0) continue;
                point[j] = to;
                Blocks.AddScaled(slope, row, moved);
                greatest = Math.Max(greatest, Math.Abs(moved));
            }

            if (greatest < 1e-7) break;
        }

        return point;
    }
}
