using System.Runtime.Intrinsics;

namespace Serverless.Training.Credit;

/// <summary>Sum of the losses (negative log-likelihood) of log-odds, with few logarithms: of many rows the factors are multiplied first.</summary>
internal struct LogisticLoss()
{
    // Factors lie between 1 and 2, so the product stays far below the greatest number.
    private const int MaxFactors = 1000;

    private double _sum;
    private double _product = 1;
    private int _factors;

    /// <summary>The sum so far.</summary>
    public readonly double Sum => _sum + Math.Log(_product);

    /// <summary>Adds a block of rows.</summary>
    /// <param name="logOdds">Of each row; becomes its error: probability less outcome.</param>
    /// <param name="outcome">Of each row.</param>
    /// <param name="weight">Gets probability · (1 - probability) of each row.</param>
    public void Add(Span<double> logOdds, ReadOnlySpan<bool> outcome, Span<double> weight)
    {
        for (var i = 0; i < logOdds.Length; i++) weight[i] = -Math.Abs(logOdds[i]);
        Exp(weight[..logOdds.Length]);
        for (var i = 0; i < logOdds.Length; i++)
        {
            var (z, small) = (logOdds[i], weight[i]);
            var share = 1 / (1 + small);
            var p = z >= 0 ? share : small * share;
            var is1 = outcome[i] ? 1.0 : 0.0;
            _product *= 1 + small;
            _sum += Math.Max(z, 0) - (is1 * z);
            weight[i] = small * share * share;
            logOdds[i] = p - is1;
            if (++_factors < MaxFactors) continue;
            _sum += Math.Log(_product);
            (_product, _factors) = (1, 0);
        }
    }

    private static void Exp(Span<double> values)
    {
        var i = 0;
        for (; i + 4 <= values.Length; i += 4) Vector256.Exp(Vector256.Create<double>(values[i..])).CopyTo(values[i..]);
        for (; i < values.Length; i++) values[i] = Vector256.Exp(Vector256.Create(values[i]))[0];
    }
}
