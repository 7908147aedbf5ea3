using System.CommandLine;
using System.Diagnostics;
using Serverless.Serving;

namespace Serverless.Cli;

internal static class Evaluate
{
    public static Command Create(Terminal terminal)
    {
        var folder = Verb.ExistingFolder("--model", "Folder with the model.");
        var data = Verb.Drop("Rows with known outcome and the columns of the model's contract");
        return new Command("evaluate", "Measure a model on a file.") { folder, data }.Runs(terminal, async (parsed, cancel) =>
        {
            using var model = await Offline.LoadAsync(parsed.GetRequiredValue(folder).FullName, cancel);
            if (Offline.Families.FirstOrDefault(f => f.Serving.Name == model.Bundle.Manifest.Family) is not { } family)
                return Outcome<Answer>.Reject($"Models of family '{model.Bundle.Manifest.Family}' are not measured on rows: give a model that 'serverless train' wrote.");
            await using var file = await Verb.OpenAsync(parsed.GetRequiredValue(data), cancel);
            var watch = Stopwatch.StartNew();
            var evaluated = await terminal.WatchAsync(progress => family.EvaluateAsync(model, file, TimeProvider.System.GetUtcNow(), progress, cancel), cancel);
            return evaluated.Then(e => (Outcome<Answer>)Offline.Figures(
                e.Rows, e.Metrics, model.Bundle.Version, null, ("rowsInError", e.RowsInError), ("evaluateSeconds", Math.Round(watch.Elapsed.TotalSeconds, 2))));
        });
    }
}
