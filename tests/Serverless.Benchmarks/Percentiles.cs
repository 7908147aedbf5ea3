namespace Serverless.Benchmarks;

/// <summary>Times of single calls, in milliseconds.</summary>
internal sealed class Percentiles(IEnumerable<double> milliseconds)
{
    private readonly double[] _sorted = [.. milliseconds.Order()];

    public double Median => At(0.5);

    public double P99 => At(0.99);

    private double At(double share) => _sorted[(int)Math.Min(_sorted.Length - 1, Math.Floor(share * _sorted.Length))];
}
