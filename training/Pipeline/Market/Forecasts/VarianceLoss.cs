namespace Serverless.Training.Market.Forecasts;

/// <summary>What a forecast of a variance loses when a return comes: a loss that ranks forecasts rightly with a noisy proxy (Patton 2011).</summary>
internal static class VarianceLoss
{
    /// <summary>
    /// QLIKE: <c>ln(forecast) + proxy / forecast</c>, which is Patton's up to a number that no forecast changes and that does not exist for a return of 0.
    /// </summary>
    /// <param name="forecast">Variance, above 0.</param>
    /// <param name="proxy">Squared return or another measure of the day's variance, 0 or more.</param>
    public static double Qlike(double forecast, double proxy) => Math.Log(forecast) + (proxy / forecast);
}
