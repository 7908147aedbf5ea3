namespace Serverless.Training.Market.Strategies;

/// <summary>What is left of returns when holding a benchmark explains all that it can (least squares): skill, where being long what has risen is none.</summary>
public static class HedgedReturns
{
    /// <summary>The returns less β times the benchmark's.</summary>
    /// <param name="returns">Daily returns.</param>
    /// <param name="benchmark">The benchmark's on the same days.</param>
    /// <returns>Daily returns whose mean is α by day, and β.</returns>
    public static (double[] Returns, double Beta) Of(ReadOnlySpan<double> returns, ReadOnlySpan<double> benchmark)
    {
        if (returns.Length != benchmark.Length) throw new ArgumentException("The benchmark has other days.", nameof(benchmark));
        var (mean, of) = (Mean(returns), Mean(benchmark));
        var (together, alone) = (0.0, 0.0);
        for (var t = 0; t < returns.Length; t++)
        {
            together += (returns[t] - mean) * (benchmark[t] - of);
            alone += (benchmark[t] - of) * (benchmark[t] - of);
        }

        var beta = alone > 0 ? together / alone : 0;
        var hedged = new double[returns.Length];
        var flat = true;
        for (var t = 0; t < returns.Length; t++)
        {
            hedged[t] = returns[t] - (beta * benchmark[t]);
            flat &= Math.Abs(hedged[t]) < 1e-10;
        }

        if (flat) Array.Clear(hedged); // the benchmark itself: what is left is rounding, which has no Sharpe ratio
        return (hedged, beta);
    }

    private static double Mean(ReadOnlySpan<double> values)
    {
        var sum = 0.0;
        foreach (var value in values) sum += value;
        return values.Length == 0 ? 0 : sum / values.Length;
    }
}
