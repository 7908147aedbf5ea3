namespace Serverless.Training.Credit;

/// <summary>Logistic regression whose coefficients may not be negative, with a ridge.</summary>
/// <param name="Intercept">Log-odds where all columns are 0.</param>
/// <param name="Coefficients">One for each column, 0 or more.</param>
internal sealed record SignedLogistic(double Intercept, double[] Coefficients)
{
    /// <summary>Fits.</summary>
    /// <param name="columns">Column by column, a value for each of all rows.</param>
    /// <param name="outcome">The outcome of each of all rows.</param>
    /// <param name="rows">The rows to fit on; both outcomes are among them.</param>
    /// <param name="ridge">Half of it times the squared coefficients is the penalty.</param>
    public static SignedLogistic Fit(double[][] columns, bool[] outcome, int[] rows, double ridge)
    {
        var rate = rows.Count(r => outcome[r]) / (double)rows.Length;
        var found = SignedNewton.Minimise(
            [Math.Log(rate / (1 - rate)), .. new double[columns.Length]],
            [false, .. columns.Select(_ => true)],
            (at, gradient, curvature) => Loss(columns, outcome, rows, ridge, at, gradient, curvature),
            tolerance: 1e-9 * rows.Length);
        return new SignedLogistic(found[0], found[1..]);
    }

    private static double Loss(double[][] columns, bool[] outcome, int[] rows, double ridge, double[] at, double[] gradient, double[,] curvature)
    {
        double loss = 0;
        var row = new double[at.Length];
        row[0] = 1;
        foreach (var r in rows)
        {
            var z = at[0];
            for (var j = 1; j < row.Length; j++) z += at[j] * (row[j] = columns[j - 1][r]);
            var (p, ofRow) = SignedNewton.Logistic(z, outcome[r]);
            loss += ofRow;
            var (error, weight) = (p - (outcome[r] ? 1 : 0), p * (1 - p));
            for (var j = 0; j < row.Length; j++)
            {
                gradient[j] += error * row[j];
                var scaled = weight * row[j];
                for (var k = 0; k <= j; k++) curvature[j, k] += scaled * row[k];
            }
        }

        for (var j = 1; j < row.Length; j++)
        {
            loss += ridge / 2 * at[j] * at[j];
            gradient[j] += ridge * at[j];
            curvature[j, j] += ridge;
            for (var k = 0; k < j; k++) curvature[k, j] = curvature[j, k];
        }

        return loss;
    }
}
