using System.CommandLine;
using System.Text.Json.Nodes;
using Serverless.Serving;
using Serverless.Training.Documents;

namespace Serverless.Cli;

internal static class DocumentsTrainFields
{
    public static Command Create(Terminal terminal)
    {
        var output = Verb.Out("JSON file for the weights.");
        var papers = new Option<int>("--papers") { Description = "Papers to make and learn from.", DefaultValueFactory = _ => FieldTrainer.IncludedPapers };
        var seed = new Option<int>("--seed") { Description = "The only source of chance.", DefaultValueFactory = _ => FieldTrainer.IncludedSeed };
        var check = new Option<int>("--check") { Description = "Papers of another seed, read with simulated mistakes, to measure on.", DefaultValueFactory = _ => 1_000 };
        return new Command("train-fields", "Train what finds key fields, on made-up papers; without options the model that comes with the program.") { output, papers, seed, check }.Runs(terminal, async (parsed, cancel) =>
        {
            var (path, count) = (parsed.GetRequiredValue(output), parsed.GetValue(papers));
            if (count is < 60 or > 1_000_000) return Outcome<Answer>.Reject("--papers must lie between 60 and 1000000.");
            var model = await terminal.WatchAsync(progress => Task.Run(() => FieldTrainer.Train(count, parsed.GetValue(seed), progress, cancel), cancel), cancel);
            await using (var file = Verb.CreateFile(path)) await file.WriteAsync(Json.File(model), cancel);
            var weights = model.Fields.Values.Sum(f => f.Weights.Count) + model.Kinds.Weights.Count;
            var measured = await terminal.WatchAsync(_ => Task.Run(() => ReadingEvaluation.Simulated(Math.Max(3, parsed.GetValue(check)), parsed.GetValue(seed) + 1_000_000, mistakes: true, model), cancel), cancel);
            return new Answer(new JsonObject { ["outcome"] = "done", ["papers"] = count, ["weights"] = weights, ["measured"] = ReadingTable.Json(measured), ["out"] = path }, $"{ReadingTable.Text(measured)}\nWrote {weights} weights: {path}");
        });
    }
}
