namespace Serverless.Serving.Market;

/// <summary>
/// The heterogeneous autoregression of Corsi (2009) in logarithms: the variance of a day from the mean variances of the last day, week and month,
/// each measured by the day's bar.
/// </summary>
/// <param name="Constant">Constant of the logarithm.</param>
/// <param name="Day">What the last day's logarithm counts.</param>
/// <param name="Week">What that of the last five days' mean counts.</param>
/// <param name="Month">What that of the last twenty-two days' mean counts.</param>
/// <param name="Factor">From the exponential of the sum to the variance of returns, above 0.</param>
public sealed record Har(double Constant, double Day, double Week, double Month, double Factor)
{
    /// <summary>Days of a week and of a month.</summary>
    public const int WeekDays = 5, MonthDays = 22;

    /// <summary>At each day the variance of the next one.</summary>
    /// <param name="ranges">See <see cref="PastDays.Ranges"/>.</param>
    public double[] Variances(double[] ranges)
    {
        var inputs = Inputs(ranges);
        var variances = new double[ranges.Length];
        for (var t = 0; t < variances.Length; t++)
            variances[t] = Math.Max(PastDays.LeastVariance, Factor * Math.Exp(Constant + (Day * inputs[0][t]) + (Week * inputs[1][t]) + (Month * inputs[2][t])));
        return variances;
    }

    /// <summary>The logarithms of the last day's, week's and month's mean variance, a list each.</summary>
    public static double[][] Inputs(double[] ranges) => [Logs(Mean(ranges, 1)), Logs(Mean(ranges, WeekDays)), Logs(Mean(ranges, MonthDays))];

    /// <summary>The logarithm of each variance, none below that of the least.</summary>
    public static double[] Logs(double[] variances) => Array.ConvertAll(variances, v => Math.Log(Math.Max(v, PastDays.LeastVariance)));

    private static double[] Mean(double[] values, int days)
    {
        var means = new double[values.Length];
        for (var t = 0; t < values.Length; t++)
        {
            // Summed anew each day: a running sum keeps the rounding of what has left it.
            var first = Math.Max(0, t - days + 1);
            for (var i = first; i <= t; i++) means[t] += values[i] / (t - first + 1);
        }

        return means;
    }
}
