namespace Serverless.Training.Market.Statistics;

/// <summary>Whether losses beyond the value at risk are as many as it says: the likelihood ratio of the proportion of failures (Kupiec 1995).</summary>
/// <param name="Days">Days that were looked at.</param>
/// <param name="Exceptions">Days with a loss beyond the value at risk.</param>
/// <param name="Share">Share of days that it should be, such as 0.05.</param>
public sealed record KupiecTest(int Days, int Exceptions, double Share)
{
    /// <summary>The likelihood ratio: chi-square with one degree of freedom when the share is right.</summary>
    public double LikelihoodRatio => Math.Max(0, -2 * (LogLikelihood(Share) - LogLikelihood(Days == 0 ? Share : (double)Exceptions / Days)));

    /// <summary>How likely a distance as great or greater is when the share is right, 0 to 1.</summary>
    public double PValue => 2 * Normal.Below(-Math.Sqrt(LikelihoodRatio));

    private double LogLikelihood(double share) => Term(Days - Exceptions, 1 - share) + Term(Exceptions, share);

    private static double Term(int times, double chance) => times == 0 ? 0 : times * Math.Log(chance);
}
