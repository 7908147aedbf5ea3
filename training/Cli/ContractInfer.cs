using System.CommandLine;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Serverless.Serving;
using Serverless.Training.Credit;

namespace Serverless.Cli;

internal static class ContractInfer
{
    public static Command Create(Terminal terminal)
    {
        var file = new Argument<FileInfo>("FILE") { Description = "Loan export: CSV with a header, UTF-8." }.AcceptExistingOnly();
        var target = Verb.Required("--target", "Column with the outcome.");
        var id = Verb.Optional("--id", "Column that identifies a row; else the first one whose values are all different.");
        var date = Verb.Optional("--date", "Column with the date of the application: the last rows become the holdout.");
        var bad = new Option<string[]>("--bad") { Description = "Values of the target that mean a bad loan; else guessed.", AllowMultipleArgumentsPerToken = true };
        var suspect = new Option<double>("--leak-auc") { Description = "Area under the ROC curve of one column alone from which on it is ignored as a likely leak.", DefaultValueFactory = _ => new InferenceOptions { Target = "", Portfolio = "" }.LeakAuc };
        var portfolio = Verb.Optional("--portfolio", "Portfolio; else from the file's name.");
        var output = Verb.Out("Contract to write (JSON).");
        return new Command("infer", "Infer a credit contract from a loan export.") { file, target, id, date, bad, suspect, portfolio, output }.Runs(terminal, async (parsed, cancel) =>
        {
            var options = new InferenceOptions
            {
                Target = parsed.GetRequiredValue(target),
                Id = parsed.GetValue(id),
                Date = parsed.GetValue(date),
                Bad = parsed.GetValue(bad) is { Length: > 0 } values ? values : null,
                LeakAuc = parsed.GetValue(suspect),
                Portfolio = parsed.GetValue(portfolio) ?? PortfolioName.Of(parsed.GetRequiredValue(file).Name),
            };
            await using var csv = parsed.GetRequiredValue(file).OpenRead();
            var inferred = await terminal.WatchAsync(progress => ContractInference.InferAsync(csv, options, progress, cancel), cancel);
            if (inferred is Outcome<InferredContract>.Done { Value.Contract: var contract })
            {
                await using var written = Verb.CreateFile(parsed.GetRequiredValue(output));
                await written.WriteAsync(Json.File(contract), cancel);
            }

            return inferred.Then<Answer>(made => Describe(made, parsed.GetRequiredValue(output)));
        });
    }

    private static Answer Describe(InferredContract inferred, string path)
    {
        var contract = inferred.Contract;
        var roles = contract.Columns.GroupBy(c => c.Role).OrderBy(g => g.Key).ToList();
        var json = new JsonObject { ["outcome"] = "done", ["out"] = path, ["portfolio"] = contract.Portfolio };
        var text = new StringBuilder();
        foreach (var column in contract.Columns) text.AppendLine($"{column.Name,-24} {column.Role,-10} {column.Type,-9} {column.Note}");
        foreach (var role in roles) json[role.Key.ToString().ToLowerInvariant()] = new JsonArray([.. role.Select(c => (JsonNode)c.Name)]);
        json["warnings"] = JsonSerializer.SerializeToNode(inferred.Warnings, Json.Options);
        foreach (var (column, warning) in inferred.Warnings) text.AppendLine($"Look at '{column}'. {warning}");
        return new Answer(json, text.Append($"Wrote {path}. Read the notes, then: serverless train credit --contract {path} --data FILE --out DIR").ToString());
    }
}
