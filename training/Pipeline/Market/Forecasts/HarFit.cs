using Serverless.Serving.Market;

namespace Serverless.Training.Market.Forecasts;

/// <summary>Fits <see cref="Har"/> by least squares in logarithms.</summary>
internal static class HarFit
{
    private const double Ridge = 1e-6, FactorLife = 500, LeastFactor = 1e-3;

    /// <summary>Fits on days from one month on.</summary>
    /// <param name="days">The days that are known.</param>
    public static Har Of(PastDays days)
    {
        var inputs = Har.Inputs(days.Ranges);
        var targets = Har.Logs(days.Ranges);
        double[][] columns = [[.. Enumerable.Repeat(1.0, days.Count)], .. inputs];
        var matrix = Array.ConvertAll(columns, _ => new double[columns.Length]);
        var right = new double[columns.Length];
        for (var t = Har.MonthDays; t + 1 < days.Count; t++)
        {
            for (var i = 0; i < columns.Length; i++)
            {
                right[i] += columns[i][t] * targets[t + 1];
                for (var j = 0; j < columns.Length; j++) matrix[i][j] += columns[i][t] * columns[j][t];
            }
        }

        for (var i = 0; i < matrix.Length; i++) matrix[i][i] += Ridge;
        var weights = LinearSystem.Solve(matrix, right);
        var fitted = new Har(weights[0], weights[1], weights[2], weights[3], 1);

        // A bar measures less than what a return varies, and a mean of logarithms lies below that of the variances: one number mends both. It is made
        // from the last years above all, since how prices are quoted changes.
        var variances = fitted.Variances(days.Ranges);
        double[] ratios = [.. Enumerable.Range(Har.MonthDays, days.Count - 1 - Har.MonthDays).Select(t => days.Returns[t + 1] * days.Returns[t + 1] / variances[t])];
        return fitted with { Factor = Math.Max(LeastFactor, Ewma.Means(ratios, FactorLife)[^1]) };
    }
}
