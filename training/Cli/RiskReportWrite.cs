using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Serverless.Serving;
using Serverless.Serving.Credit;
using Serverless.Training.Credit.Risk;

namespace Serverless.Cli;

internal static class RiskReportWrite
{
    public static Command Create(Terminal terminal)
    {
        var folder = Verb.ExistingFolder("--model", "Folder with a credit model.");
        var data = Verb.Drop("Loans with the columns of the model, with or without outcomes");
        var rules = new Option<FileInfo>("--contract") { Description = "Contract whose risk rules are used; absent: that of the model." }.AcceptExistingOnly();
        var output = Verb.Out("Folder for risk.html and risk.json.");
        return new Command("report", "Probability by grade, expected loss and stress of a file of loans.") { folder, data, rules, output }.Runs(terminal, async (parsed, cancel) =>
        {
            using var model = await Offline.LoadAsync(parsed.GetRequiredValue(folder).FullName, cancel);
            if (model is not CreditScorer scorer) return Outcome<Answer>.Reject("The model is no credit model: give the folder that 'serverless train credit' wrote.");
            var read = parsed.GetValue(rules) is { } file ? new CreditFamily().ReadContract(await File.ReadAllBytesAsync(file.FullName, cancel)) : scorer.Contract;
            if (read is not Outcome<DataContract>.Done { Value: CreditContract contract }) return read.Pass<Answer>();
            await using var loans = await Verb.OpenAsync(parsed.GetRequiredValue(data), cancel);
            var valued = await terminal.WatchAsync(progress => RiskReport.RunAsync(scorer, contract, loans, TimeProvider.System.GetUtcNow(), progress, cancel), cancel);
            if (valued is not Outcome<RiskFigures>.Done { Value: var figures }) return valued.Pass<Answer>();
            var target = parsed.GetRequiredValue(output);
            Directory.CreateDirectory(target);
            foreach (var (name, content) in RiskReport.Files(figures)) await File.WriteAllBytesAsync(Path.Combine(target, name), content, cancel);
            var total = (JsonObject)JsonSerializer.SerializeToNode(figures.Total, Json.Options)!;
            var json = new JsonObject { ["outcome"] = "done", ["rows"] = figures.Rows, ["rowsInError"] = figures.RowsInError, ["total"] = total, ["version"] = figures.ModelVersion, ["out"] = target };
            return new Answer(json, $"Valued {figures.Total.Loans} loans ({figures.RowsInError} rows in error) with version {figures.ModelVersion}: {Path.Combine(target, "risk.html")}");
        });
    }
}
