using System.CommandLine;
using System.Text;
using System.Text.Json.Nodes;
using Serverless.Serving;
using Serverless.Serving.Credit;
using Serverless.Training.Credit;
using Serverless.Training.Drops;

namespace Serverless.Cli;

internal static class ContractInfer
{
    public static Command Create(Terminal terminal)
    {
        var file = new Argument<FileInfo>("FILE") { Description = "Loan export with a header: CSV, gzip of CSV, or Parquet." }.AcceptExistingOnly();
        var target = Verb.Required("--target", "Column with the outcome.");
        var id = Verb.Optional("--id", "Column that identifies a row; else the first one whose values are all different.");
        var date = Verb.Optional("--date", "Column with the date of the application: the last rows become the holdout.");
        var bad = new Option<string[]>("--bad") { Description = "Values of the target that mean a bad loan; else guessed.", AllowMultipleArgumentsPerToken = true };
        var portfolio = Verb.Optional("--portfolio", "Portfolio; else from the file's name.");
        var output = Verb.Out("Contract to write (JSON).");
        return new Command("infer", "Infer a credit contract from a loan export.") { file, target, id, date, bad, portfolio, output }.Runs(terminal, async (parsed, cancel) =>
        {
            var options = new InferenceOptions
            {
                Target = parsed.GetRequiredValue(target),
                Id = parsed.GetValue(id),
                Date = parsed.GetValue(date),
                Bad = parsed.GetValue(bad) is { Length: > 0 } values ? values : null,
                Portfolio = parsed.GetValue(portfolio) ?? PortfolioName.Of(parsed.GetRequiredValue(file).Name),
            };
            await using var export = await LocalDrop.OpenAsync(parsed.GetRequiredValue(file).FullName, cancel);
            var inferred = await terminal.WatchAsync(progress => ContractInference.InferAsync(export, options, progress, cancel), cancel);
            if (inferred is Outcome<CreditContract>.Done { Value: var contract })
            {
                await using var written = Verb.CreateFile(parsed.GetRequiredValue(output));
                await written.WriteAsync(Json.File(contract), cancel);
            }

            return inferred.Then(contract => (Outcome<Answer>)Describe(contract, parsed.GetRequiredValue(output)));
        });
    }

    private static Answer Describe(CreditContract contract, string path)
    {
        var roles = contract.Columns.GroupBy(c => c.Role).OrderBy(g => g.Key).ToList();
        var json = new JsonObject { ["outcome"] = "done", ["out"] = path, ["portfolio"] = contract.Portfolio };
        var text = new StringBuilder();
        foreach (var column in contract.Columns) text.AppendLine($"{column.Name,-24} {column.Role,-10} {column.Type,-9} {column.Note}");
        foreach (var role in roles) json[role.Key.ToString().ToLowerInvariant()] = new JsonArray([.. role.Select(c => (JsonNode)c.Name)]);
        return new Answer(json, text.Append($"Wrote {path}. Read the notes, then: serverless train credit --contract {path} --data FILE --out DIR").ToString());
    }
}
