using Serverless.Serving.Market;

namespace Serverless.Training.Market.Forecasts;

/// <summary>
/// Forecasts as they would have been made: everything is fitted on the days before a block of days, then forecasts that block, then the block is learned from
/// too. A day is learned from only when its horizon has ended before the block begins: what reaches into it is purged.
/// </summary>
internal static class ForecastWalk
{
    /// <summary>Forecasts from the close of every day from one on whose horizon has ended.</summary>
    /// <param name="symbols">The symbols; each must have enough days up to <paramref name="last"/>.</param>
    /// <param name="exogenous">Names of the series that are looked at besides.</param>
    /// <param name="last">The last day that the first fit knows, and the first one that is forecast from.</param>
    /// <param name="contract">Horizon, rules and seed; without a second fit on all days there is one block, whose fit is served.</param>
    /// <param name="progress">Told how far it is.</param>
    /// <param name="cancel">Stops it.</param>
    /// <returns>The forecasts of each symbol, and the first fit.</returns>
    public static (IReadOnlyList<JudgedSymbol> Symbols, ForecastFit First) Run(
        IReadOnlyList<SymbolDays> symbols, IReadOnlyList<string> exogenous, DateOnly last, MarketContract contract, IProgress<TrainingProgress> progress, CancellationToken cancel)
    {
        var judged = symbols.Select(s => new JudgedSymbol(s, s.Known(last) - 1, contract.Horizon)).ToList();
        var lasts = LastDays(symbols, last, contract);
        ForecastFit? first = null;
        foreach (var (block, known) in lasts.Index())
        {
            int[] days = [.. symbols.Select(s => s.Known(known))];
            var fit = ForecastFit.Of(symbols, days, contract.Horizon, contract.Forecast, contract.Training.Seed, done => progress.Report(new("walking forward", (block + done) / lasts.Count)), cancel);
            first ??= fit;
            var until = judged.ConvertAll(s => block + 1 < lasts.Count ? s.Symbol.Known(lasts[block + 1]) - 1 : int.MaxValue);
            foreach (var kind in Enum.GetValues<ForecastKind>())
            {
                using var model = fit.Load(symbols, exogenous, kind);
                foreach (var (place, symbol) in judged.Index()) symbol.Add(model, place, days[place] - 1, until[place]);
            }

            using var means = ReturnBaselines.Of(fit, fit.Samples(symbols, days));
            foreach (var (place, symbol) in judged.Index()) symbol.Add(means, place, days[place] - 1, until[place]);
        }

        return (judged, first!);
    }

    private static List<DateOnly> LastDays(IReadOnlyList<SymbolDays> symbols, DateOnly last, MarketContract contract) => contract.Training.Refit
        ? [last, .. symbols.SelectMany(s => s.Days).Where(d => d > last).Distinct().Order().Index().Where(d => d.Index > 0 && d.Index % contract.Forecast.RefitDays == 0).Select(d => d.Item)]
        : [last];
}
