using Serverless.Serving.Credit;
using Serverless.Training.Credit;

namespace Serverless.Benchmarks;

/// <summary>The classic measure of how far a row is from the others: its distance from their mean in units of their covariance (Mahalanobis 1936).</summary>
internal sealed class Mahalanobis
{
    // Of a standardised value: keeps rare values from counting without bounds.
    private const double Ridge = 1e-3;

    private readonly double[] _mean;
    private readonly double[] _scale;
    private readonly double[][] _lower;

    /// <summary>Learns from some rows.</summary>
    public Mahalanobis(double[][] rows)
    {
        var width = rows[0].Length;
        _mean = [.. Enumerable.Range(0, width).Select(c => rows.Average(r => r[c]))];
        _scale = [.. Enumerable.Range(0, width).Select(c => Math.Sqrt(rows.Average(r => (r[c] - _mean[c]) * (r[c] - _mean[c]))) is > 0 and var s ? s : 1)];
        var covariance = Enumerable.Range(0, width).Select(c => new double[c + 1]).ToArray();
        foreach (var row in rows)
        {
            var z = Standardised(row);
            for (var i = 0; i < width; i++)
            {
                if (z[i] == 0) continue;
                for (var j = 0; j <= i; j++) covariance[i][j] += z[i] * z[j] / rows.Length;
            }
        }

        for (var i = 0; i < width; i++) covariance[i][i] += Ridge;
        _lower = Cholesky(covariance);
    }

    /// <summary>The squared distance of a row.</summary>
    public double Distance(double[] row)
    {
        var solved = Standardised(row);
        double sum = 0;
        for (var i = 0; i < solved.Length; i++)
        {
            var (value, factor) = (solved[i], _lower[i]);
            for (var j = 0; j < i; j++) value -= factor[j] * solved[j];
            solved[i] = value / factor[i];
            sum += solved[i] * solved[i];
        }

        return sum;
    }

    /// <summary>The columns as they are: numbers (their mean where there is none, with a flag) and a flag for each category value.</summary>
    /// <param name="rows">Rows to write.</param>
    /// <param name="like">The portfolio: whose values have flags, and whose means fill in.</param>
    public static double[][] Plain(CreditRows rows, CreditRows like)
    {
        var written = Enumerable.Range(0, rows.Count).Select(_ => new List<double>()).ToArray();
        foreach (var (column, of) in rows.Columns.Zip(like.Columns))
        {
            var category = of.Column.Type == ColumnType.Category;
            var mean = category ? 0 : of.Numbers.Where((_, row) => of.Codes[row] == 0).DefaultIfEmpty().Average();
            var flags = Math.Min(of.Values.Length, 50);
            for (var row = 0; row < rows.Count; row++)
            {
                written[row].Add(column.Codes[row] < 0 ? 1 : 0);
                if (!category) written[row].Add(column.Codes[row] < 0 ? mean : column.Numbers[row]);
                for (var flag = 0; flag < flags; flag++) written[row].Add(column.Codes[row] == flag ? 1 : 0);
            }
        }

        return Array.ConvertAll(written, row => row.ToArray());
    }

    private double[] Standardised(double[] row)
    {
        var z = new double[row.Length];
        for (var c = 0; c < z.Length; c++) z[c] = (row[c] - _mean[c]) / _scale[c];
        return z;
    }

    private static double[][] Cholesky(double[][] matrix)
    {
        for (var i = 0; i < matrix.Length; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                var sum = matrix[i][j];
                for (var k = 0; k < j; k++) sum -= matrix[i][k] * matrix[j][k];
                matrix[i][j] = i == j ? Math.Sqrt(sum) : sum / matrix[j][j];
            }
        }

        return matrix;
    }
}
