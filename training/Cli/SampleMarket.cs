using System.CommandLine;
using System.Text.Json.Nodes;
using Serverless.Serving;
using Serverless.Training.Samples;

namespace Serverless.Cli;

internal static class SampleMarket
{
    public static Command Create(Terminal terminal)
    {
        var output = Verb.Out("CSV to write.");
        var days = new Option<int>("--days") { Description = "Trading days of each symbol.", DefaultValueFactory = _ => 5_800 };
        var symbols = new Option<int>("--symbols") { Description = "Number of symbols; their volatility is written as SIMVIX.", DefaultValueFactory = _ => 1 };
        Between(days, 10, 100_000);
        Between(symbols, 1, 1_000);
        var signal = new Option<double>("--signal") { Description = "Yearly Sharpe ratio of a planted rule; 0 is noise, on which nothing may be promoted." };
        var drift = new Option<double>("--drift") { Description = "Yearly mean return of holding, such as 0.05." };
        var seed = new Option<int>("--seed") { Description = "The only source of chance.", DefaultValueFactory = _ => 20261123 };
        var contract = Verb.Optional("--contract", "Where to write its contract (JSON).");
        return new Command("market", "Write made-up daily bars with a known truth.") { output, days, symbols, signal, drift, seed, contract }.Runs(terminal, async (parsed, cancel) =>
        {
            var (path, truth) = (parsed.GetRequiredValue(output), new MarketTruth(parsed.GetValue(days), parsed.GetValue(seed)) { Signal = parsed.GetValue(signal), Drift = parsed.GetValue(drift) });
            if (!(Math.Abs(truth.Signal) <= 10 && Math.Abs(truth.Drift) <= 1)) return Outcome<Answer>.Reject("--signal must lie between -10 and 10, and --drift between -1 and 1.");
            int rows;
            await using (var csv = Verb.CreateFile(path)) rows = await terminal.WatchAsync(_ => MarketSample.WriteAsync(csv, truth, parsed.GetValue(symbols), cancel), cancel);
            if (parsed.GetValue(contract) is { } beside) await File.WriteAllBytesAsync(beside, Json.File(MarketSample.Contract), cancel);
            return new Answer(new JsonObject { ["outcome"] = "done", ["rows"] = rows, ["out"] = path }, $"Wrote {rows} bars: {path}");
        });
    }

    private static void Between(Option<int> option, int least, int most) => option.Validators.Add(result =>
    {
        if (result.Tokens.Count == 1 && int.TryParse(result.Tokens[0].Value, out var count) && (count < least || count > most)) result.AddError($"{option.Name} must lie between {least} and {most}.");
    });
}
