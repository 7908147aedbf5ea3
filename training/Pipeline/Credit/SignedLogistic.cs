namespace Serverless.Training.Credit;

/// <summary>Logistic regression whose coefficients may not be negative, with an elastic net (Zou and Hastie 2005).</summary>
/// <param name="Intercept">Log-odds where all columns are 0.</param>
/// <param name="Coefficients">One for each column, 0 or more.</param>
internal sealed record SignedLogistic(double Intercept, double[] Coefficients)
{
    private const int BlockRows = 1024;

    /// <summary>Fits.</summary>
    /// <param name="columns">Column by column, a value for each of all rows.</param>
    /// <param name="outcome">The outcome of each of all rows.</param>
    /// <param name="rows">The rows to fit on; both outcomes are among them.</param>
    /// <param name="ridge">Half of it times the squared coefficients is one penalty.</param>
    /// <param name="lasso">It times the coefficients is the other.</param>
    public static SignedLogistic Fit(double[][] columns, bool[] outcome, Range[] rows, double ridge, double lasso)
    {
        var (count, bads) = (0, 0);
        foreach (var range in rows)
        {
            count += outcome.AsSpan(range).Length;
            bads += outcome.AsSpan(range).Count(true);
        }

        var found = SignedNewton.Minimise(
            [Math.Log(bads / (double)(count - bads)), .. new double[columns.Length]],
            [false, .. columns.Select(_ => true)],
            (at, gradient, curvature) =>
            {
                var loss = Loss(columns, outcome, rows, at, gradient, curvature);
                for (var j = 1; j < at.Length; j++)
                {
                    loss += (ridge / 2 * at[j] * at[j]) + (lasso * at[j]);
                    gradient[j] += (ridge * at[j]) + lasso;
                    if (curvature is not null) curvature[(j * at.Length) + j] += ridge;
                }

                return loss;
            },
            tolerance: 1e-9 * count);
        return new SignedLogistic(found[0], found[1..]);
    }

    private static double Loss(double[][] columns, bool[] outcome, Range[] rows, double[] at, double[] gradient, double[]? curvature)
    {
        var loss = new LogisticLoss();
        var (errors, weights, weighted) = (new double[BlockRows], new double[BlockRows], new double[BlockRows]);
        foreach (var range in rows)
        {
            var (from, length) = range.GetOffsetAndLength(outcome.Length);
            for (var end = from + length; from < end; from += BlockRows)
            {
                var block = Math.Min(BlockRows, end - from);
                var error = errors.AsSpan(0, block);
                var weight = weights.AsSpan(0, block);
                var product = weighted.AsSpan(0, block);
                error.Fill(at[0]);
                for (var j = 1; j < at.Length; j++)
                {
                    if (at[j] != 0) Blocks.AddScaled(error, columns[j - 1].AsSpan(from, block), at[j]);
                }

                loss.Add(error, outcome.AsSpan(from, block), weight);
                foreach (var e in error) gradient[0] += e;
                for (var j = 1; j < at.Length; j++) gradient[j] += Blocks.Dot(error, columns[j - 1].AsSpan(from, block));
                if (curvature is null) continue;
                foreach (var w in weight) curvature[0] += w;
                for (var j = 1; j < at.Length; j++)
                {
                    curvature[j * at.Length] = curvature[j] += Blocks.Dot(weight, columns[j - 1].AsSpan(from, block));
                    Blocks.Multiply(weight, columns[j - 1].AsSpan(from, block), product);
                    for (var k = 1; k <= j; k++)
                        curvature[(k * at.Length) + j] = curvature[(j * at.Length) + k] += Blocks.Dot(product, columns[k - 1].AsSpan(from, block));
                }
            }
        }

        return loss.Sum;
    }
}
