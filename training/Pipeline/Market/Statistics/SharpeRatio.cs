namespace Serverless.Training.Market.Statistics;

/// <summary>Mean over standard deviation of daily returns in excess of cash, and how much of it luck explains.</summary>
/// <param name="Days">Number of returns.</param>
/// <param name="Daily">The ratio by day, not annualised; 0 where returns do not vary.</param>
/// <param name="Skewness">Third standardised moment of the returns; 0 for a normal distribution.</param>
/// <param name="Kurtosis">Fourth standardised moment, not in excess; 3 for a normal distribution.</param>
public sealed record SharpeRatio(int Days, double Daily, double Skewness, double Kurtosis)
{
    /// <summary>Trading days of a year.</summary>
    public const double YearDays = 252;

    private const double EulerMascheroni = 0.5772156649015329;

    /// <summary>The ratio by year: of independent returns √252 times the daily one.</summary>
    public double Yearly => Daily * Math.Sqrt(YearDays);

    /// <summary>Measures returns.</summary>
    public static SharpeRatio Of(ReadOnlySpan<double> returns)
    {
        var n = returns.Length;
        if (n < 2) return new(n, 0, 0, 3);
        var mean = 0.0;
        foreach (var r in returns) mean += r / n;
        var (second, third, fourth) = (0.0, 0.0, 0.0);
        foreach (var r in returns)
        {
            var d = r - mean;
            second += d * d / n;
            third += d * d * d / n;
            fourth += d * d * d * d / n;
        }

        var deviation = Math.Sqrt(second);
        return deviation < 1e-12 ? new(n, 0, 0, 3) : new(n, mean / deviation, third / (second * deviation), fourth / (second * second));
    }

    /// <summary>How sure it is that the true ratio is above another (Bailey and López de Prado 2012, "The Sharpe ratio efficient frontier").</summary>
    /// <param name="daily">The other ratio, by day.</param>
    /// <returns>A probability.</returns>
    public double Probabilistic(double daily)
    {
        if (Days < 2) return 0.5;
        var spread = 1 - (Skewness * Daily) + ((Kurtosis - 1) / 4 * Daily * Daily);
        return Normal.Below((Daily - daily) * Math.Sqrt(Days - 1) / Math.Sqrt(Math.Max(spread, 1e-12)));
    }

    /// <summary>The deflated Sharpe ratio: how sure it is that the true ratio is above 0, given that it is the best of many (Bailey and López de Prado 2014).</summary>
    /// <param name="trials">Number of trials; 1 or more.</param>
    /// <param name="variance">Variance of the trials' daily ratios.</param>
    /// <returns>A probability.</returns>
    public double Deflated(int trials, double variance) => Probabilistic(ExpectedMaximum(trials, variance));

    /// <summary>The daily ratio that the best of as many trials is expected to have when none has any skill.</summary>
    /// <param name="trials">Number of trials; 1 or more. Of one the expectation is 0.</param>
    /// <param name="variance">Variance of the trials' daily ratios.</param>
    public static double ExpectedMaximum(int trials, double variance)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(trials, 1);
        if (trials == 1) return 0;
        return Math.Sqrt(variance) * (((1 - EulerMascheroni) * Normal.Quantile(1 - (1.0 / trials))) + (EulerMascheroni * Normal.Quantile(1 - (1 / (trials * Math.E)))));
    }
}
