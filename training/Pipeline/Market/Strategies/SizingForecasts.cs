using Serverless.Serving.Market;
using Serverless.Training.Market.Forecasts;

namespace Serverless.Training.Market.Strategies;

/// <summary>
/// The forecasts by which strategies size their positions, made walking forward: a day's forecast comes from a fit on days before it alone, so that a search
/// over all days sees what would have been known.
/// </summary>
public static class SizingForecasts
{
    /// <summary>Signals of every symbol.</summary>
    /// <param name="rows">The symbols, with the contract that states how their positions are sized.</param>
    /// <param name="progress">Told how far it is.</param>
    /// <param name="cancel">Stops it.</param>
    /// <returns>Signals in the order of the symbols. Days before the first fit have the volatility of their range and the mean return so far.</returns>
    public static IReadOnlyList<Signals> Of(MarketRows rows, IProgress<TrainingProgress> progress, CancellationToken cancel)
    {
        if (rows.Contract.Strategy.Sizing is not { } sizing) return [.. rows.Symbols.Select(b => new Signals(b))];
        var signals = new Signals[rows.Symbols.Count];
        var done = 0;
        Parallel.For(0, signals.Length, TrainingThread.Loops(cancel), i =>
        {
            signals[i] = Of(rows.Symbols[i], rows, sizing, cancel);
            progress.Report(new("forecasting for sizes", (double)Interlocked.Increment(ref done) / signals.Length));
        });
        return signals;
    }

    // Each symbol by itself: its fit then depends on none of the others, which may be other ones tomorrow.
    private static Signals Of(Bars bars, MarketRows rows, SizingRules sizing, CancellationToken cancel)
    {
        var (contract, days) = (rows.Contract, SymbolDays.Of(bars, rows.Exogenous));
        var (volatility, drift) = (Signals.RangeVolatility(bars), Signals.MeanReturns(bars));
        var fits = Fits(days, contract, sizing);
        foreach (var (i, known) in fits.Index())
        {
            var fit = ForecastFit.Of([days], [known], contract.Horizon, contract.Forecast with { Networks = sizing.Networks }, contract.Training.Seed, _ => { }, cancel);
            using var model = fit.Load([days], [.. rows.Exogenous.Select(e => e.Symbol)], ForecastKind.Network);
            var (from, until) = (known - 1, i + 1 < fits.Count ? fits[i + 1] - 1 : bars.Count);
            foreach (var (t, day) in model.Forecast(0, days, from, until - from).Index())
            {
                volatility[from + t] = Math.Sqrt(day.Variance);
                drift[from + t] = day.Ahead.Location / contract.Horizon;
            }
        }

        return new(bars, volatility, drift);
    }

    // How many days each fit knows.
    private static List<int> Fits(SymbolDays days, MarketContract contract, SizingRules sizing)
    {
        var fits = new List<int>();
        for (var known = sizing.MinDays; known <= days.Days.Length; known += sizing.RefitDays)
        {
            if (MarketTrainer.Learns(days, known, contract)) fits.Add(known);
        }

        return fits;
    }
}
