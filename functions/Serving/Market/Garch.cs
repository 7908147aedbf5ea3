namespace Serverless.Serving.Market;

/// <summary>
/// GARCH(1,1) (Bollerslev 1986): the variance of a day is <c>Constant + Shock · (r − Mean)² + Persistence · variance</c> of the day before.
/// </summary>
/// <param name="Mean">Mean return.</param>
/// <param name="Constant">Above 0.</param>
/// <param name="Shock">What yesterday's squared surprise counts, 0 to 1.</param>
/// <param name="Persistence">What yesterday's variance counts, 0 to 1; with <paramref name="Shock"/> below 1.</param>
/// <param name="Freedom">Degrees of freedom of the surprises' t distribution, above 2; null for the normal one.</param>
/// <param name="Start">Variance and squared surprise of the day before the first one: the sample's mean squared surprise, as in the benchmark of Fiorentini, Calzolari and Panattoni (1996).</param>
public sealed record Garch(double Mean, double Constant, double Shock, double Persistence, double? Freedom, double Start)
{
    private double First => Constant + ((Shock + Persistence) * Start);

    /// <summary>At each day the variance of the next one.</summary>
    /// <param name="returns">See <see cref="PastDays.Returns"/>; the first day has no return and changes nothing.</param>
    public double[] Variances(double[] returns)
    {
        var variances = new double[returns.Length];
        var variance = First;
        for (var t = 0; t < returns.Length; t++)
        {
            if (t > 0) variance = Constant + (Shock * (returns[t] - Mean) * (returns[t] - Mean)) + (Persistence * variance);
            variances[t] = variance;
        }

        return variances;
    }

    /// <summary>Logarithm of the likelihood of returns, of which each is one.</summary>
    public double LogLikelihood(ReadOnlySpan<double> returns)
    {
        var (sum, variance) = (0.0, First);
        var front = Freedom is { } v ? Beta.LogGamma((v + 1) / 2) - Beta.LogGamma(v / 2) - (0.5 * Math.Log(Math.PI * (v - 2))) : -0.5 * Math.Log(2 * Math.PI);
        foreach (var value in returns)
        {
            var square = (value - Mean) * (value - Mean);
            sum += front - (0.5 * Math.Log(variance)) - (Freedom is { } f ? (f + 1) / 2 * Math.Log(1 + (square / variance / (f - 2))) : square / variance / 2);
            variance = Constant + (Shock * square) + (Persistence * variance);
        }

        return sum;
    }
}
