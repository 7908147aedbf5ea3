namespace Serverless.Training.Market.Forecasts;

/// <summary>How a network's number becomes degrees of freedom: <c>2.1 + exp(number)</c>, so that there is always a variance.</summary>
internal static class FreedomHead
{
    /// <summary>Degrees of freedom that are never reached from above.</summary>
    public const double Least = 2.1;

    /// <summary>The number that gives degrees of freedom, above <see cref="Least"/>.</summary>
    public static double Of(double freedom) => Math.Log(freedom - Least);
}
