namespace Serverless.Serving.Market;

/// <summary>Inputs drawn by chance with the answer that the trained graph gave; <c>golden.json</c> holds a list. It holds nothing of the market's data.</summary>
/// <param name="Symbol">Place of the symbol.</param>
/// <param name="Seed">Of the inputs.</param>
/// <param name="LogVariance">Logarithm of the next day's variance.</param>
/// <param name="LogVarianceAhead">Logarithm of the variance over the horizon.</param>
/// <param name="Freedom">Degrees of freedom.</param>
/// <param name="Probability">Probability of a return over the horizon at or below 0.</param>
public sealed record GoldenForecast(int Symbol, int Seed, double LogVariance, double LogVarianceAhead, double Freedom, double Probability)
{
    // About those of daily returns: a volatility of one percent, and a spread as between quiet and wild years.
    private const double MeanLog = -9.2;

    /// <summary>Asks a graph.</summary>
    public static GoldenForecast Of(ForecastModel model, int symbol, int seed)
    {
        var (random, features) = (new Random(seed), model.Features);
        var answer = model.Run(new(
            [symbol],
            Draw(VarianceAnchors.Baselines.Count, MeanLog, 1),
            Draw(features.Signals, 0, 0.5),
            Draw(features.Window * features.Scaling.Means.Length, 0, 1)))[0];
        return new(symbol, seed, Math.Log(answer.Variance), Math.Log(answer.Ahead.Variance), answer.Ahead.Freedom, answer.Ahead.Below(0));

        float[] Draw(int count, double middle, double around)
        {
            var numbers = new float[count];
            for (var i = 0; i < count; i++) numbers[i] = (float)(middle + (around * ((2 * random.NextDouble()) - 1)));
            return numbers;
        }
    }

    /// <summary>Whether another answer to the same inputs is the same.</summary>
    internal bool Agrees(GoldenForecast other, double tolerance) =>
        Math.Abs(LogVariance - other.LogVariance) <= tolerance && Math.Abs(LogVarianceAhead - other.LogVarianceAhead) <= tolerance
        && Math.Abs(Freedom - other.Freedom) <= tolerance * Freedom && Math.Abs(Probability - other.Probability) <= tolerance;
}
