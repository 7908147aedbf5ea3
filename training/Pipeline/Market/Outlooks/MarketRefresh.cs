using Microsoft.Extensions.Logging;
using Serverless.Serving;
using Serverless.Serving.Market;
using Serverless.Training.Drops;
using Serverless.Training.Market.Strategies;

namespace Serverless.Training.Market;

/// <summary>Makes the outlook of every market portfolio whose live model or data changed since the last one.</summary>
public sealed partial class MarketRefresh(
    ModelRegistry registry, LiveModels models, DatasetStore datasets, OutlookStore outlooks, LedgerStore ledgers, TimeProvider time, ILogger<MarketRefresh> log)
{
    /// <summary>What it does in the storage.</summary>
    public static IReadOnlyList<StorageNeed> Needs { get; } = [.. StorageNeeds.Models, new(DatasetStore.Container, StorageAccess.Read), new(OutlookStore.Container, StorageAccess.Write)];

    /// <summary>Looks at every portfolio once.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        var portfolios = new List<string>();
        await foreach (var model in registry.ListAsync(cancel))
        {
            if (model is { Family: MarketContract.FamilyName, Live: true }) portfolios.Add(model.Portfolio);
        }

        foreach (var portfolio in portfolios)
        {
            try
            {
                if (await RefreshAsync(portfolio, cancel) is Outcome<MarketOutlook>.Rejected rejected) LogNone(portfolio, rejected.Reasons[0]);
            }
            catch (Exception error) when (!cancel.IsCancellationRequested)
            {
                // Wide, because what keeps one portfolio from being looked at must not keep the others: the next look tries again, and the old outlook tells its age.
                LogFailed(portfolio, error);
            }
        }
    }

    /// <summary>Makes the outlook of a portfolio, unless the last one is of the same model and data; rejected when there is nothing to make it from.</summary>
    /// <exception cref="InvalidDataException">The current dataset is not complete, or a line of the ledger is no trial.</exception>
    public async Task<Outcome<MarketOutlook>> RefreshAsync(string portfolio, CancellationToken cancel)
    {
        using var lease = await models.RentAsync<MarketForecaster>(MarketContract.FamilyName, portfolio, cancel);
        if (lease is null) return Outcome<MarketOutlook>.Reject(Rejection.Missing, $"No model of market/{portfolio} is live: drop bars first.");
        if (await datasets.CurrentAsync(MarketContract.FamilyName, portfolio, cancel) is not { Dataset: var dataset, Pointer.Sha256: var data })
            return Outcome<MarketOutlook>.Reject(Rejection.Missing, $"market/{portfolio} keeps no bars, since its contract says \"drops\": \"full\": say \"increment\" and drop them again.");
        if (await outlooks.FindAsync(portfolio, cancel) is { } last && (last.Version, last.DataSha256) == (lease.Version, data)) return last;
        var read = await ReadAsync(lease.Model.Contract, portfolio, dataset, cancel);
        if (read is not Outcome<MarketRows>.Done { Value: var rows }) return read.Pass<MarketOutlook>();
        var now = time.GetUtcNow();
        var (forecasts, strategies, left) = (new List<SymbolForecast>(), new List<StrategyOutlook>(), new List<string>());
        var ledger = await ledgers.OpenAsync(portfolio, cancel);
        var signals = SizingForecasts.Of(rows, new Progress<TrainingProgress>(), cancel);
        foreach (var (bars, seen) in rows.Symbols.Zip(signals))
        {
            Add(lease.Model.Forecast(bars, rows.Exogenous, DateOnly.FromDateTime(now.UtcDateTime)), forecasts, left);
            var study = await StrategyStudy.RunAsync(bars, rows.Exogenous, seen, lease.Model.Contract, trials => ledger.AddAsync(trials, cancel), now, cancel);
            Add(study.Then<StrategyOutlook>(s => Describe(s)), strategies, left);
        }

        var outlook = new MarketOutlook(portfolio, lease.Version, data, now, forecasts, strategies, left);
        await outlooks.WriteAsync(outlook, cancel);
        LogMade(portfolio, forecasts.Count, strategies.Count(s => s.Promoted), left.Count);
        return outlook;
    }

    private async Task<Outcome<MarketRows>> ReadAsync(MarketContract contract, string portfolio, Dataset dataset, CancellationToken cancel)
    {
        var parts = new List<DropPart>();
        try
        {
            for (var source = 0; source < dataset.Drops.Count; source++)
            {
                foreach (var part in dataset.Drops[source].Parts) parts.Add(await datasets.DownloadAsync(MarketContract.FamilyName, portfolio, part, source, cancel));
            }

            await using var drop = LocalDrop.Of([.. parts]);
            parts.Clear(); // the drop has them now
            return await MarketDrop.ReadAsync(contract, drop, new ReadingContext(time.GetUtcNow()).Latest, new Progress<TrainingProgress>(), cancel);
        }
        finally
        {
            foreach (var part in parts) await part.DisposeAsync();
        }
    }

    private static void Add<T>(Outcome<T> outcome, List<T> made, List<string> left)
    {
        if (outcome is Outcome<T>.Done { Value: var value }) made.Add(value);
        else left.AddRange(((Outcome<T>.Rejected)outcome).Reasons);
    }

    private static StrategyOutlook Describe(StrategyStudy study)
    {
        var (strategy, held, evidence) = (study.Strategy(study.From), study.Held(study.From), study.Evidence);
        return new(
            study.Bars.Symbol, study.Bars.Days[^1], study.TargetWeight, evidence.Promoted, evidence.Reasons, study.Bars.Days[study.From], strategy.Sharpe, held.Sharpe,
            strategy.MaxDrawdown, held.MaxDrawdown, evidence.DeflatedSharpe, evidence.Trials, evidence.BreakEven);
    }

    [LoggerMessage(1, LogLevel.Information, "market/{Portfolio}: outlook of {Symbols} symbols, {Promoted} strategies promoted, {Left} left out")]
    private partial void LogMade(string portfolio, int symbols, int promoted, int left);

    [LoggerMessage(2, LogLevel.Warning, "market/{Portfolio} has no outlook: {Reason}")]
    private partial void LogNone(string portfolio, string reason);

    [LoggerMessage(3, LogLevel.Error, "market/{Portfolio}: its outlook failed and is tried again at the next look")]
    private partial void LogFailed(string portfolio, Exception error);
}
