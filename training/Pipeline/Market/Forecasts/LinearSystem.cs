namespace Serverless.Training.Market.Forecasts;

/// <summary>Small systems of linear equations.</summary>
internal static class LinearSystem
{
    /// <summary>Solves by Cholesky's method.</summary>
    /// <param name="matrix">Symmetric and positive definite; not changed.</param>
    /// <param name="right">The right-hand side.</param>
    /// <exception cref="ArgumentException">The matrix is not positive definite.</exception>
    public static double[] Solve(double[][] matrix, double[] right)
    {
        var n = right.Length;
        var lower = Array.ConvertAll(matrix, _ => new double[n]);
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                var sum = matrix[i][j];
                for (var k = 0; k < j; k++) sum -= lower[i][k] * lower[j][k];
                if (i != j) lower[i][j] = sum / lower[j][j];
                else if (sum > 0) lower[i][i] = Math.Sqrt(sum);
                else throw new ArgumentException("The matrix is not positive definite: its columns depend on each other.", nameof(matrix));
            }
        }

        double[] solved = [.. right];
        for (var i = 0; i < n; i++)
        {
            for (var k = 0; k < i; k++) solved[i] -= lower[i][k] * solved[k];
            solved[i] /= lower[i][i];
        }

        for (var i = n - 1; i >= 0; i--)
        {
            for (var k = i + 1; k < n; k++) solved[i] -= lower[k][i] * solved[k];
            solved[i] /= lower[i][i];
        }

        return solved;
    }
}
