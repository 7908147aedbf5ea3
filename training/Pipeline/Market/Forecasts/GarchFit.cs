using Serverless.Serving.Market;

namespace Serverless.Training.Market.Forecasts;

/// <summary>Fits <see cref="Garch"/> by maximum likelihood.</summary>
internal static class GarchFit
{
    /// <summary>Fewest returns.</summary>
    public const int LeastReturns = 100;

    private const double MostPersistent = 0.9999;

    /// <summary>Fits; the simplex method begins twice, since it can collapse before it is there.</summary>
    /// <param name="returns">Daily returns, oldest first; at least <see cref="LeastReturns"/> and not all the same.</param>
    /// <param name="heavyTails">Whether surprises have a t distribution (Bollerslev 1987) instead of the normal one.</param>
    /// <exception cref="ArgumentException">Too few returns, or none of them moves.</exception>
    public static Garch Of(ReadOnlySpan<double> returns, bool heavyTails)
    {
        var (mean, variance) = Moments(returns);
        if (returns.Length < LeastReturns || !(variance > 0)) throw new ArgumentException($"GARCH needs at least {LeastReturns} returns that are not all the same.", nameof(returns));
        // In units in which the variance is 1, so that steps mean the same for every series; shares through a logistic function, so that every point is allowed.
        var scale = Math.Sqrt(variance);
        var scaled = new double[returns.Length];
        for (var t = 0; t < scaled.Length; t++) scaled[t] = returns[t] / scale;
        double[] start = [mean / scale, Math.Log(0.05), Logit(0.95 / MostPersistent), Logit(0.1), .. heavyTails ? [Math.Log(6.0)] : Array.Empty<double>()];
        var first = NelderMead.Least(point => -At(point, mean / scale, 1).LogLikelihood(scaled), start, step: 0.2);
        return At(NelderMead.Least(point => -At(point, mean / scale, 1).LogLikelihood(scaled), first.Point, step: 0.1).Point, mean, variance);
    }

    private static Garch At(double[] point, double sampleMean, double variance)
    {
        var both = MostPersistent * Logistic(point[2]);
        var shock = both * Logistic(point[3]);
        var mean = point[0] * Math.Sqrt(variance);
        return new(
            mean, Math.Exp(point[1]) * variance, shock, both - shock, point.Length > 4 ? 2 + Math.Exp(point[4]) : null,
            variance + ((sampleMean - mean) * (sampleMean - mean)));
    }

    private static (double Mean, double Variance) Moments(ReadOnlySpan<double> values)
    {
        var (mean, variance) = (0.0, 0.0);
        foreach (var value in values) mean += value / values.Length;
        foreach (var value in values) variance += (value - mean) * (value - mean) / values.Length;
        return (mean, variance);
    }

    private static double Logistic(double x) => 1 / (1 + Math.Exp(-x));

    private static double Logit(double p) => Math.Log(p / (1 - p));
}
