using Serverless.Serving.Market;

namespace Serverless.Training.Market.Forecasts;

/// <summary>What the forecasts of one symbol show.</summary>
/// <param name="Symbol">The symbol.</param>
/// <param name="From">The first day that ends a horizon.</param>
/// <param name="To">The last.</param>
/// <param name="Days">Forecasts.</param>
/// <param name="Qlike">Mean loss by what made the forecast, in the order of <see cref="ForecastKind"/>.</param>
/// <param name="Tests">The networks against each baseline.</param>
/// <param name="VarianceRatio">Mean of squared returns by their variance, 1 for variances that are right on average.</param>
/// <param name="Coverage">Share of the returns within the middle 90 % of their distribution.</param>
/// <param name="Direction">Share of the days on which the mean's sign was right.</param>
/// <param name="AlwaysUp">Share of the days that rose.</param>
/// <param name="DirectionTest">The sign's errors against those of always up.</param>
/// <param name="Crps">Mean continuous ranked probability score.</param>
/// <param name="Pit">Shares of the returns in the tenths of their distribution, each a tenth when it is right (Diebold, Gunther and Tay 1998).</param>
internal sealed record SymbolEvaluation(
    string Symbol, DateOnly From, DateOnly To, int Days, double[] Qlike, DieboldMariano[] Tests, double VarianceRatio, double Coverage, double Direction, double AlwaysUp, DieboldMariano DirectionTest, double Crps, double[] Pit)
{
    private const double Tail = 0.05;
    private const int Tenths = 10;

    /// <summary>Judges the forecasts of what is served.</summary>
    public static SymbolEvaluation Of(JudgedSymbol symbol, ForecastKind served)
    {
        var (returns, forecasts, network) = (symbol.Returns(), symbol.Of(served), symbol.Qlike(ForecastKind.Network));
        var below = returns.Select((r, i) => forecasts[i].Ahead.Below(r)).ToArray();
        var wrong = returns.Select((r, i) => forecasts[i].Ahead.Location > 0 == r > 0 ? 0.0 : 1).ToArray();
        var fell = Array.ConvertAll(returns, r => r > 0 ? 0.0 : 1);
        var pit = new double[Tenths];
        foreach (var share in below) pit[Math.Min(Tenths - 1, (int)(share * Tenths))] += 1.0 / below.Length;
        return new(
            symbol.Symbol.Symbol, symbol.Ends(0), symbol.Ends(symbol.Count - 1), symbol.Count,
            [.. Enum.GetValues<ForecastKind>().Select(kind => symbol.Qlike(kind).Average())],
            [.. ForecastEvaluation.Baselines.Select(kind => DieboldMariano.Of(network, symbol.Qlike(kind)))],
            forecasts.Select((f, i) => symbol.Symbol.SquareAfter(symbol.Day(i), 1) / f.Variance).Average(),
            (double)below.Count(b => b is >= Tail and <= 1 - Tail) / below.Length,
            1 - wrong.Average(), 1 - fell.Average(), DieboldMariano.Of(wrong, fell), forecasts.Select((f, i) => f.Ahead.Crps(returns[i])).Average(), pit);
    }
}
