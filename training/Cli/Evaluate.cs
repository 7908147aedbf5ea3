using System.CommandLine;
using System.Diagnostics;
using Serverless.Serving;
using Serverless.Serving.Credit;
using Serverless.Training;
using Serverless.Training.Credit;

namespace Serverless.Cli;

internal static class Evaluate
{
    public static Command Create(Terminal terminal)
    {
        var folder = Verb.ExistingFolder("--model", "Folder with the model.");
        var data = Verb.ExistingFile("--data", "Rows with known outcome: CSV with the columns of the model's contract.");
        return new Command("evaluate", "Measure a model on a file.") { folder, data }.Runs(terminal, async (parsed, cancel) =>
        {
            using var model = await Offline.LoadAsync(parsed.GetRequiredValue(folder).FullName, cancel);
            var family = Offline.Families.Single(f => f.Serving.Name == model.Bundle.Manifest.Family);
            var contract = family.Serving.ReadContract(model.Bundle.Read("contract.json").Span);
            if (contract is not Outcome<DataContract>.Done { Value: var valid }) return contract.Pass<Answer>();
            await using var csv = parsed.GetRequiredValue(data).OpenRead();
            var read = await terminal.WatchAsync(progress => family.ReadAsync(valid, csv, progress, cancel), cancel);
            if (read is not Outcome<TrainingRows>.Done { Value: var rows }) return read.Pass<Answer>();
            var watch = Stopwatch.StartNew();
            var metrics = await terminal.WatchAsync(_ => Task.FromResult(Measure(model, rows)), cancel);
            return Offline.Figures(rows.Count, metrics, model.Bundle.Version, null, ("rowsInError", rows.RowsInError), ("scoreRowsPerSecond", Math.Round(rows.Count / watch.Elapsed.TotalSeconds)));
        });
    }

    private static IReadOnlyDictionary<string, double> Measure(IServedModel model, TrainingRows rows) => (model, rows) switch
    {
        (CreditScorer scorer, CreditRows loans) => CreditEvaluation.Evaluate(scorer, loans),
        _ => throw new InvalidOperationException($"Family '{model.Bundle.Manifest.Family}' has no evaluation."),
    };
}
