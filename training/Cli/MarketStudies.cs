using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Serverless.Serving;
using Serverless.Serving.Market;
using Serverless.Training.Market;
using Serverless.Training.Market.Strategies;
using Serverless.Training.Market.TearSheets;

namespace Serverless.Cli;

/// <summary>Searches and judges the strategy of every symbol that a verb was given.</summary>
internal static class MarketStudies
{
    public static Option<string?> Ledger() => Verb.Optional("--ledger", "JSON lines file with every trial ever made, to which these are added; else .data/trials.jsonl.");

    /// <summary>Where the ledger lies.</summary>
    public static string LedgerAt(Terminal terminal, string? given) => given ?? Path.Combine(terminal.Folder, ".data", "trials.jsonl");

    /// <summary>Runs one symbol after the other.</summary>
    public static async Task<Outcome<IReadOnlyList<StrategyStudy>>> RunAsync(Terminal terminal, MarketRows rows, string ledger, CancellationToken cancel)
    {
        var studies = new List<StrategyStudy>();
        var signals = await terminal.WatchAsync(progress => Task.Run(() => SizingForecasts.Of(rows, progress, cancel), cancel), cancel);
        foreach (var (bars, seen) in rows.Symbols.Zip(signals))
        {
            var outcome = await terminal.WatchAsync(_ => StrategyStudy.RunAsync(bars, rows.Exogenous, seen, rows.Contract, trials => TrialLedger.AddAsync(ledger, trials, cancel), TimeProvider.System.GetUtcNow(), cancel), cancel);
            if (outcome is not Outcome<StrategyStudy>.Done { Value: var study }) return outcome.Pass<IReadOnlyList<StrategyStudy>>();
            studies.Add(study);
        }

        return studies;
    }

    /// <summary>The figures of all symbols, and their averages.</summary>
    public static JsonObject Describe(IReadOnlyList<TearSheetFigures> figures, PortfolioFigures? portfolio, MarketRows rows, string ledger)
    {
        JsonObject Average(Func<TearSheetFigures, PeriodFigures> period) => new()
        {
            ["sharpe"] = figures.Average(f => period(f).Net.Sharpe),
            ["benchmarkSharpe"] = figures.Average(f => period(f).Benchmark.Sharpe),
            ["maxDrawdown"] = figures.Average(f => period(f).Net.MaxDrawdown),
            ["benchmarkMaxDrawdown"] = figures.Average(f => period(f).Benchmark.MaxDrawdown),
        };
        return new()
        {
            ["outcome"] = "done",
            ["symbols"] = JsonSerializer.SerializeToNode(figures, Json.Options),
            ["average"] = new JsonObject { ["whole"] = Average(f => f.Whole), ["last"] = Average(f => f.Last) },
            ["portfolio"] = JsonSerializer.SerializeToNode(portfolio, Json.Options),
            ["rowsInError"] = rows.RowsInError,
            ["findings"] = JsonSerializer.SerializeToNode(rows.Findings, Json.Options),
            ["ledger"] = ledger,
            ["disclaimer"] = MarketOutlook.Disclaimer,
        };
    }
}
