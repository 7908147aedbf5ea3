namespace Serverless.Training.Credit;

/// <summary>
/// Newton's method for a convex objective some of whose coordinates may not be negative: each step is solved under the sign constraint by
/// coordinate descent on the quadratic model (Friedman, Hastie and Tibshirani 2010) and halved until the objective falls.
/// </summary>
internal static class SignedNewton
{
    private const int MaxSteps = 50;
    private const int MaxSweeps = 1000;

    /// <summary>Value of the objective; adds gradient and curvature (symmetric) to arrays of zeros.</summary>
    public delegate double Objective(double[] at, double[] gradient, double[,] curvature);

    /// <summary>Minimises.</summary>
    /// <param name="start">Where to start; keeps the signs.</param>
    /// <param name="signed">Which coordinates may not be negative.</param>
    /// <param name="objective">The objective.</param>
    /// <param name="tolerance">Least gain of a further step.</param>
    public static double[] Minimise(double[] start, bool[] signed, Objective objective, double tolerance)
    {
        var (at, width) = (start, start.Length);
        var (gradient, curvature) = (new double[width], new double[width, width]);
        var loss = objective(at, gradient, curvature);
        for (var step = 0; step < MaxSteps; step++)
        {
            var target = SolveQuadratic(at, signed, gradient, curvature);
            var share = 1.0;
            while (true)
            {
                var next = new double[width];
                for (var j = 0; j < width; j++) next[j] = at[j] + (share * (target[j] - at[j]));
                var (nextGradient, nextCurvature) = (new double[width], new double[width, width]);
                var nextLoss = objective(next, nextGradient, nextCurvature);
                var gain = loss - nextLoss;
                if (gain >= 0)
                {
                    (at, loss, gradient, curvature) = (next, nextLoss, nextGradient, nextCurvature);
                    if (gain < tolerance) return at;
                    break;
                }

                share /= 2;
                if (share < 1e-6) return at;
            }
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

    private static double[] SolveQuadratic(double[] at, bool[] signed, double[] gradient, double[,] curvature)
    {
        var point = (double[])at.Clone();
        var slope = (double[])gradient.Clone();
        for (var sweep = 0; sweep < MaxSweeps; sweep++)
        {
            double greatest = 0;
            for (var j = 0; j < point.Length; j++)
            {
                if (curvature[j, j] <= 0) continue;
                var to = point[j] - (slope[j] / curvature[j, j]);
                if (signed[j]) to = Math.Max(0, to);
                var moved = to - point[j];
                if (moved == 0) continue;
                point[j] = to;
                for (var k = 0; k < point.Length; k++) slope[k] += moved * curvature[j, k];
                greatest = Math.Max(greatest, Math.Abs(moved));
            }

            if (greatest < 1e-7) break;
        }

        return point;
    }
}
