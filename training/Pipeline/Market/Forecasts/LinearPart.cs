using Serverless.Serving.Market;

namespace Serverless.Training.Market.Forecasts;

/// <summary>
/// How far the variance of the next days will be from the anchor, as a weighted sum of the signals: <c>ln(variance / anchor) = constant + Σ weight · signal</c>.
/// </summary>
/// <param name="Weights">Of each symbol the weights of the signals, then the constant.</param>
internal sealed record LinearPart(double[][] Weights)
{
    // In days of evidence, about a year: the weights of all symbols are drawn to none, and those of a symbol to those of all.
    private const double Draw = 300;

    // Those of daily returns; a lower number would make the fit look away from crashes, a higher one look at nothing else.
    private const double Freedom = 5;

    // One day counts no more than so many ordinary ones in the last correction.
    private const double MostSurprise = 12;

    // Half-life in days of what that correction is made from.
    private const double LevelLife = 500;

    /// <summary>Number of signals.</summary>
    public int Signals => Weights[0].Length - 1;

    /// <summary>Fits on all symbols together, then each one near to that.</summary>
    /// <param name="samples">Days to learn from.</param>
    /// <param name="horizon">Days ahead.</param>
    public static LinearPart Fit(IReadOnlyList<SymbolSamples> samples, int horizon)
    {
        var signals = samples[0].Anchors.Signals.Length;
        var pooled = GammaRegression.Fit(Columns(samples, signals), Ratios(samples, horizon), Draw, new double[signals + 1], Freedom);
        return new([.. samples.Select(s => Levelled(s, GammaRegression.Fit(Columns([s], signals), Ratios([s], horizon), Draw, pooled, Freedom), horizon))]);
    }

    /// <summary>Of a day.</summary>
    public double Of(int symbol, VarianceAnchors anchors, int day)
    {
        var weights = Weights[symbol];
        var sum = weights[^1];
        for (var i = 0; i < anchors.Signals.Length; i++) sum += weights[i] * anchors.Signals[i][day];
        return sum;
    }

    /// <summary>
    /// What to add to the logarithm so that variances are right on average: a fit looks at where most days lie, and a variance is a mean. Of the last years
    /// above all, since markets and how they are quoted change.
    /// </summary>
    /// <param name="surprises">Squared return by variance, a number a day, oldest first.</param>
    public static double Level(double[] surprises) => Math.Log(Ewma.Means(Array.ConvertAll(surprises, s => Math.Min(MostSurprise, s)), LevelLife)[^1]);

    private static double[] Levelled(SymbolSamples samples, double[] weights, int horizon)
    {
        var part = new LinearPart([weights]);
        double[] levelled = [.. weights];
        levelled[^1] += Level(Array.ConvertAll(samples.Days, t => Ratio(samples, t, horizon) * Math.Exp(-part.Of(0, samples.Anchors, t))));
        return levelled;
    }

    private static double[][] Columns(IReadOnlyList<SymbolSamples> samples, int signals) =>
    [
        .. Enumerable.Range(0, signals).Select(i => samples.SelectMany(s => s.Days.Select(t => s.Anchors.Signals[i][t])).ToArray()),
        [.. samples.SelectMany(s => s.Days.Select(_ => 1.0))],
    ];

    private static double[] Ratios(IReadOnlyList<SymbolSamples> samples, int horizon) => [.. samples.SelectMany(s => s.Days.Select(t => Ratio(s, t, horizon)))];

    private static double Ratio(SymbolSamples samples, int day, int horizon) => samples.Series.SquareAfter(day, horizon) * Math.Exp(-samples.Anchors.Anchor[day]);
}

/// <summary>The days of one symbol that are learned from.</summary>
/// <param name="Series">The symbol.</param>
/// <param name="Anchors">Its anchors.</param>
/// <param name="Days">Places of the days; behind each lie as many as the horizon has.</param>
internal sealed record SymbolSamples(SymbolDays Series, VarianceAnchors Anchors, int[] Days);
