using System.CommandLine;
using System.Diagnostics;
using Serverless.Serving;
using Serverless.Serving.Documents;

namespace Serverless.Cli;

internal static class Evaluate
{
    public static Command Create(Terminal terminal) => Create(
        terminal,
        "Measure a model on a file.",
        new Option<FileSystemInfo[]>("--data")
        {
            Description = "Rows with known outcome and the columns of the model's contract, as for training. Several files of one drop are read one after the other.",
            Required = true,
            AllowMultipleArgumentsPerToken = true,
        }.AcceptExistingOnly());

    /// <summary>The verb with its own words.</summary>
    public static Command Create(Terminal terminal, string description, Option<FileSystemInfo[]> data)
    {
        var folder = Verb.ExistingFolder("--model", "Folder with the model.");
        return new Command("evaluate", description) { folder, data }.Runs(terminal, async (parsed, cancel) =>
        {
            var given = parsed.GetRequiredValue(data);
            using var model = await Offline.LoadAsync(parsed.GetRequiredValue(folder).FullName, cancel);
            if (Offline.Families.FirstOrDefault(f => f.Serving.Name == model.Bundle.Manifest.Family) is not { } family)
                return Outcome<Answer>.Reject($"Models of family '{model.Bundle.Manifest.Family}' are not measured on rows: give a model that 'serverless train' wrote.");
            if (family.Serving.Name != DocumentContract.FamilyName && given.OfType<DirectoryInfo>().FirstOrDefault() is { } directory)
                return Outcome<Answer>.Reject($"'{directory.Name}' is a folder, and the model is of family '{family.Serving.Name}': give its files.");
            await using var file = await DocumentData.OpenAsync(given, cancel);
            var watch = Stopwatch.StartNew();
            var evaluated = await terminal.WatchAsync(progress => family.EvaluateAsync(model, file, TimeProvider.System.GetUtcNow(), progress, cancel), cancel);
            return evaluated.Then(e => (Outcome<Answer>)Offline.Figures(
                e.Rows, e.Metrics, model.Bundle.Version, null, ("rowsInError", e.RowsInError), ("evaluateSeconds", Math.Round(watch.Elapsed.TotalSeconds, 2))));
        });
    }
}
