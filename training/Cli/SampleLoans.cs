using System.CommandLine;
using System.Text.Json.Nodes;
using Serverless.Serving;
using Serverless.Training.Samples;

namespace Serverless.Cli;

internal static class SampleLoans
{
    public static Command Create(Terminal terminal)
    {
        var output = Verb.Out("CSV to write.");
        var rows = new Option<int>("--rows") { Description = "Number of loans.", DefaultValueFactory = _ => 10_000 };
        rows.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && int.TryParse(result.Tokens[0].Value, out var count) && count is < 1 or > 10_000_000) result.AddError("--rows must lie between 1 and 10000000.");
        });
        var seed = new Option<int>("--seed") { Description = "The only source of chance.", DefaultValueFactory = _ => 20261123 };
        var contract = Verb.Optional("--contract", "Where to write its contract (JSON).");
        return new Command("loans", "Write a generated loan export.") { output, rows, seed, contract }.Runs(terminal, async (parsed, cancel) =>
        {
            var path = parsed.GetRequiredValue(output);
            await using (var csv = Verb.CreateFile(path))
                await terminal.WatchAsync(_ => LoanSample.WriteAsync(csv, parsed.GetValue(rows), parsed.GetValue(seed), cancel), cancel);
            if (parsed.GetValue(contract) is { } beside) await File.WriteAllBytesAsync(beside, Json.File(LoanSample.Contract), cancel);
            return new Answer(new JsonObject { ["outcome"] = "done", ["rows"] = parsed.GetValue(rows), ["out"] = path }, $"Wrote {parsed.GetValue(rows)} loans: {path}");
        });
    }
}
