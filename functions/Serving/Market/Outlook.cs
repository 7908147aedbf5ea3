namespace Serverless.Serving.Market;

/// <summary>What is expected of a portfolio at the last close that was dropped: forecasts of the live model, and what strategies would hold.</summary>
/// <param name="Portfolio">The portfolio.</param>
/// <param name="Version">The live model that the forecasts are of.</param>
/// <param name="DataSha256">Hash of the dataset that they look back on.</param>
/// <param name="MadeAt">When.</param>
/// <param name="Forecasts">One a traded symbol that the model knows.</param>
/// <param name="Strategies">One a traded symbol with days enough for a search.</param>
/// <param name="Left">Symbols that were left out of either, and why.</param>
public sealed record MarketOutlook(
    string Portfolio, string Version, string DataSha256, DateTimeOffset MadeAt, IReadOnlyList<SymbolForecast> Forecasts, IReadOnlyList<StrategyOutlook> Strategies, IReadOnlyList<string> Left)
{
    /// <summary>What is said wherever weights of strategies are shown.</summary>
    public const string Disclaimer = "No order is sent. Figures are of the past and of assumed costs; they promise nothing, and this is no investment advice.";

    /// <summary>The forecast of a symbol with its age; null when there is none.</summary>
    /// <param name="symbol">The symbol, as the drops write it.</param>
    /// <param name="today">The day of the question.</param>
    public SymbolForecast? Of(string symbol, DateOnly today) =>
        Forecasts.FirstOrDefault(f => f.Symbol == symbol) is { } found ? found with { DaysOld = Math.Max(0, today.DayNumber - found.AsOf.DayNumber) } : null;
}

/// <summary>What a strategy would hold of a symbol, and what it has shown.</summary>
/// <param name="Symbol">The symbol.</param>
/// <param name="AsOf">The close at which it was decided.</param>
/// <param name="TargetWeight">In multiples of the capital; that of holding the symbol where no strategy is promoted.</param>
/// <param name="Promoted">Whether a strategy has shown enough.</param>
/// <param name="Reasons">Why not.</param>
/// <param name="JudgedFrom">First day of those that no choice had seen.</param>
/// <param name="Sharpe">Yearly Sharpe ratio after costs on these days.</param>
/// <param name="BenchmarkSharpe">That of holding the symbol.</param>
/// <param name="MaxDrawdown">Greatest fall from a peak, as a share.</param>
/// <param name="BenchmarkMaxDrawdown">That of holding the symbol.</param>
/// <param name="DeflatedSharpe">Deflated Sharpe ratio (Bailey and López de Prado 2014), a probability.</param>
/// <param name="Trials">Trials of the symbol that it is deflated by.</param>
/// <param name="BreakEven">How many times the assumed costs would leave nothing; null where nothing is traded.</param>
public sealed record StrategyOutlook(
    string Symbol, DateOnly AsOf, double TargetWeight, bool Promoted, IReadOnlyList<string> Reasons, DateOnly JudgedFrom, double Sharpe, double BenchmarkSharpe,
    double MaxDrawdown, double BenchmarkMaxDrawdown, double DeflatedSharpe, int Trials, double? BreakEven);
