using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Serverless.Serving;
using Serverless.Training.Market.Strategies;

namespace Serverless.Cli;

internal static class TrialsList
{
    public static Command Create(Terminal terminal)
    {
        var ledger = MarketStudies.Ledger();
        var symbol = Verb.Optional("--symbol", "Trials of one symbol alone.");
        return new Command("trials", "Show every strategy that was ever tried, the best first.") { ledger, symbol }.Runs(terminal, async (parsed, cancel) =>
        {
            var path = MarketStudies.LedgerAt(terminal, parsed.GetValue(ledger));
            var known = await TrialLedger.ReadAsync(path, cancel);
            var names = known.Trials.Select(t => t.Symbol).Distinct().Order(StringComparer.Ordinal).ToList();
            var asked = parsed.GetValue(symbol);
            if (asked is not null && !names.Contains(asked)) return Outcome<Answer>.Reject($"The ledger '{path}' has no trial of '{asked}': it has {(names.Count == 0 ? "none at all" : string.Join(", ", names))}.");
            var shown = names.Where(n => asked is null || n == asked).SelectMany(n => known.Of(n).OrderByDescending(t => t.Sharpe)).ToList();
            return new Answer(
                new JsonObject { ["outcome"] = "done", ["ledger"] = path, ["trials"] = shown.Count, ["bySymbol"] = JsonSerializer.SerializeToNode(shown.GroupBy(t => t.Symbol).ToDictionary(g => g.Key, g => g.ToList()), Json.Options) },
                shown.Count == 0 ? $"No trial yet in {path}: 'serverless backtest' adds them." : string.Join('\n', shown.Select(t => string.Create(CultureInfo.InvariantCulture, $"{t.Symbol,-8} {t.Sharpe,6:0.00}  {t.At:yyyy-MM-dd}  {t.Words}"))));
        });
    }
}
