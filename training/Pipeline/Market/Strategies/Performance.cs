using Serverless.Training.Market.Statistics;

namespace Serverless.Training.Market.Strategies;

/// <summary>What returns amount to.</summary>
/// <param name="Days">Number of days.</param>
/// <param name="YearlyReturn">Compound return by year of 252 days; 0.05 is 5 %.</param>
/// <param name="Volatility">Standard deviation by year.</param>
/// <param name="Sharpe">Sharpe ratio by year.</param>
/// <param name="MaxDrawdown">Greatest fall from an earlier height, 0 to 1.</param>
/// <param name="RecoveryDays">Days from the height before it until it was reached again; null where it was not.</param>
/// <param name="ValueAtRisk95">Loss that one day in twenty exceeds.</param>
/// <param name="ExpectedShortfall95">Mean loss of these days.</param>
/// <param name="WorstDay">Return of the worst day.</param>
/// <param name="Skewness">Skewness of the returns.</param>
/// <param name="Kurtosis">Kurtosis of the returns; 3 is normal.</param>
public sealed record Performance(
    int Days, double YearlyReturn, double Volatility, double Sharpe, double MaxDrawdown, int? RecoveryDays, double ValueAtRisk95, double ExpectedShortfall95, double WorstDay, double Skewness, double Kurtosis)
{
    /// <summary>Measures daily returns; one or more.</summary>
    public static Performance Of(ReadOnlySpan<double> returns)
    {
        if (returns.IsEmpty) throw new ArgumentException("There are no returns to measure.", nameof(returns));
        var (equity, height, heightAt, worst, worstHeightAt) = (1.0, 1.0, -1, 0.0, -1);
        var worstHeight = 1.0;
        int? recovered = null;
        for (var t = 0; t < returns.Length; t++)
        {
            equity *= 1 + returns[t];
            if (recovered is null && worst > 0 && equity >= worstHeight) recovered = t;
            if (equity >= height) (height, heightAt) = (equity, t);
            var fall = 1 - (equity / height);
            if (fall > worst) (worst, worstHeight, worstHeightAt, recovered) = (fall, height, heightAt, null);
        }

        var sharpe = SharpeRatio.Of(returns);
        var sorted = returns.ToArray();
        Array.Sort(sorted);
        var tail = Math.Max(1, returns.Length / 20);
        var (mean, shortfall) = (0.0, 0.0);
        foreach (var r in returns) mean += r / returns.Length;
        for (var i = 0; i < tail; i++) shortfall -= sorted[i] / tail;
        var variance = 0.0;
        foreach (var r in returns) variance += (r - mean) * (r - mean) / returns.Length;
        return new(
            returns.Length, equity > 0 ? Math.Pow(equity, SharpeRatio.YearDays / returns.Length) - 1 : -1, Math.Sqrt(variance * SharpeRatio.YearDays), sharpe.Yearly, worst,
            recovered - worstHeightAt, -sorted[tail - 1], shortfall, sorted[0], sharpe.Skewness, sharpe.Kurtosis);
    }
}
