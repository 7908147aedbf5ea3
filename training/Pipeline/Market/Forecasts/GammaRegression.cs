namespace Serverless.Training.Market.Forecasts;

/// <summary>
/// The logarithm of a variance as a weighted sum, fitted by the likelihood of Student's t distribution. With very many degrees of freedom that is QLIKE,
/// the likelihood of a gamma regression with a log link (McCullagh and Nelder 1989, chapter 8); with few, a crash does not decide everything.
/// </summary>
internal static class GammaRegression
{
    private const int MostSteps = 100;
    private const double Small = 1e-9;

    /// <summary>Fits, by Newton's method with the curvature of the gamma regression.</summary>
    /// <param name="columns">Columns by day; the last is the constant's, all 1.</param>
    /// <param name="proxies">What came, 0 or more, a number a day.</param>
    /// <param name="ridge">How strongly all weights but the constant are drawn to <paramref name="towards"/>, in days of evidence.</param>
    /// <param name="towards">Where they are drawn, and where the search begins.</param>
    /// <param name="freedom">Degrees of freedom, above 2.</param>
    public static double[] Fit(double[][] columns, double[] proxies, double ridge, double[] towards, double freedom)
    {
        double[] weights = [.. towards];
        var loss = Loss(weights);
        for (var step = 0; step < MostSteps; step++)
        {
            var (gradient, curvature) = Derivatives(weights);
            var change = LinearSystem.Solve(curvature, gradient);
            var size = 1.0;
            var (next, nextLoss) = (weights, double.PositiveInfinity);
            while (!(nextLoss <= loss) && size > Small)
            {
                next = [.. weights.Zip(change, (w, c) => w - (size * c))];
                nextLoss = Loss(next);
                size /= 2;
            }

            if (!(nextLoss <= loss)) break;
            var gain = loss - nextLoss;
            (weights, loss) = (next, nextLoss);
            if (gain < Small) break;
        }

        return weights;

        double Loss(double[] at)
        {
            var sum = 0.0;
            for (var t = 0; t < proxies.Length; t++)
            {
                var log = Value(columns, at, t);
                sum += log + ((freedom + 1) * Math.Log(1 + (proxies[t] * Math.Exp(-log) / (freedom - 2))));
            }

            for (var i = 0; i < at.Length - 1; i++) sum += ridge / 2 * (at[i] - towards[i]) * (at[i] - towards[i]);
            return sum;
        }

        (double[] Gradient, double[][] Curvature) Derivatives(double[] at)
        {
            var gradient = new double[at.Length];
            var curvature = Array.ConvertAll(gradient, _ => new double[at.Length]);
            for (var t = 0; t < proxies.Length; t++)
            {
                var ratio = proxies[t] * Math.Exp(-Value(columns, at, t));
                var surprise = 1 - ((freedom + 1) * ratio / (freedom - 2 + ratio));
                for (var i = 0; i < at.Length; i++)
                {
                    gradient[i] += surprise * columns[i][t];
                    for (var j = 0; j <= i; j++) curvature[i][j] += columns[i][t] * columns[j][t];
                }
            }

            for (var i = 0; i < at.Length; i++)
            {
                var drawn = i < at.Length - 1 ? ridge : 0;
                gradient[i] += drawn * (at[i] - towards[i]);
                curvature[i][i] += drawn + Small;
                for (var j = 0; j < i; j++) curvature[j][i] = curvature[i][j];
            }

            return (gradient, curvature);
        }
    }

    private static double Value(double[][] columns, double[] weights, int day)
    {
        var sum = 0.0;
        for (var i = 0; i < weights.Length; i++) sum += weights[i] * columns[i][day];
        return sum;
    }
}
