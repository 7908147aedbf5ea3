namespace Serverless.Serving.Market;

/// <summary>How a network's number becomes degrees of freedom: <c>2.1 + exp(number)</c>, so that there is always a variance.</summary>
public static class StudentTHead
{
    /// <summary>Degrees of freedom that are never reached from above.</summary>
    public const double LeastFreedom = 2.1;

    // From about 400 on the distribution is the normal one.
    private const double MostHead = 6;

    /// <summary>Degrees of freedom of a number.</summary>
    public static double Freedom(double head) => LeastFreedom + Math.Exp(Math.Min(head, MostHead));

    /// <summary>The number that gives degrees of freedom, above <see cref="LeastFreedom"/>.</summary>
    public static double Of(double freedom) => Math.Log(freedom - LeastFreedom);
}
