namespace Serverless.Training.Credit;

/// <summary>
/// Logistic regression whose coefficients may not be negative, with a ridge: Newton's method, each step solved under the sign constraint by
/// coordinate descent on the quadratic model (Friedman, Hastie and Tibshirani 2010), halved until the objective falls.
/// </summary>
/// <param name="Intercept">Log-odds where all columns are 0.</param>
/// <param name="Coefficients">One for each column, 0 or more.</param>
internal sealed record SignedLogistic(double Intercept, double[] Coefficients)
{
    private const int MaxSteps = 50;

    /// <summary>Fits.</summary>
    /// <param name="columns">Column by column, a value for each of all rows.</param>
    /// <param name="outcome">The outcome of each of all rows.</param>
    /// <param name="rows">The rows to fit on.</param>
    /// <param name="ridge">Penalty: half of it times the squared coefficients.</param>
    public static SignedLogistic Fit(double[][] columns, bool[] outcome, int[] rows, double ridge)
    {
        var width = columns.Length + 1;
        var rate = rows.Count(r => outcome[r]) / (double)rows.Length;
        var at = new double[width];
        at[0] = Math.Log(rate / (1 - rate));
        var (gradient, curvature) = (new double[width], new double[width, width]);
        var loss = Loss(columns, outcome, rows, ridge, at, gradient, curvature);
        for (var step = 0; step < MaxSteps; step++)
        {
            var target = SolveQuadratic(at, gradient, curvature);
            var (next, share) = (at, 1.0);
            double nextLoss;
            var (nextGradient, nextCurvature) = (new double[width], new double[width, width]);
            do
            {
                var s = share;
                next = [.. at.Zip(target, (from, to) => from + (s * (to - from)))];
                nextLoss = Loss(columns, outcome, rows, ridge, next, nextGradient, nextCurvature);
                share /= 2;
            }
            while (nextLoss > loss && share > 1e-6);

            var gain = loss - nextLoss;
            if (gain <= 0) break;
            (at, loss, gradient, curvature) = (next, nextLoss, nextGradient, nextCurvature);
            if (gain < 1e-9 * rows.Length) break;
        }

        return new SignedLogistic(at[0], at[1..]);
    }

    // Least point of the quadratic model around "at" with all but the first coordinate kept from being negative.
    private static double[] SolveQuadratic(double[] at, double[] gradient, double[,] curvature)
    {
        var point = (double[])at.Clone();
        var slope = (double[])gradient.Clone();
        for (var sweep = 0; sweep < 10_000; sweep++)
        {
            double greatest = 0;
            for (var j = 0; j < point.Length; j++)
            {
                var to = point[j] - (slope[j] / curvature[j, j]);
                if (j > 0) to = Math.Max(0, to);
                var moved = to - point[j];
                if (moved == 0) continue;
                point[j] = to;
                for (var k = 0; k < point.Length; k++) slope[k] += moved * curvature[k, j];
                greatest = Math.Max(greatest, Math.Abs(moved));
            }

            if (greatest < 1e-10) break;
        }

        return point;
    }

    private static double Loss(double[][] columns, bool[] outcome, int[] rows, double ridge, double[] at, double[] gradient, double[,] curvature)
    {
        Array.Clear(gradient);
        Array.Clear(curvature);
        var width = at.Length;
        double loss = 0;
        var row = new double[width];
        row[0] = 1;
        foreach (var r in rows)
        {
            var z = at[0];
            for (var j = 1; j < width; j++) z += at[j] * (row[j] = columns[j - 1][r]);
            loss += SoftPlus(outcome[r] ? -z : z);
            var p = 1 / (1 + Math.Exp(-z));
            var (error, weight) = (p - (outcome[r] ? 1 : 0), Math.Max(p * (1 - p), 1e-12));
            for (var j = 0; j < width; j++)
            {
                gradient[j] += error * row[j];
                var scaled = weight * row[j];
                for (var k = 0; k <= j; k++) curvature[j, k] += scaled * row[k];
            }
        }

        for (var j = 1; j < width; j++)
        {
            loss += ridge / 2 * at[j] * at[j];
            gradient[j] += ridge * at[j];
            curvature[j, j] += ridge;
            for (var k = 0; k < j; k++) curvature[k, j] = curvature[j, k];
        }

        return loss;
    }

    private static double SoftPlus(double x) => x > 0 ? x + Math.Log(1 + Math.Exp(-x)) : Math.Log(1 + Math.Exp(x));
}
