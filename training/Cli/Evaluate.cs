using System.CommandLine;
using System.Diagnostics;
using Serverless.Serving;
using Serverless.Serving.Documents;

namespace Serverless.Cli;

internal static class Evaluate
{
    public static Command Create(Terminal terminal)
    {
        var folder = Verb.ExistingFolder("--model", "Folder with the model.");
        var data = new Option<FileSystemInfo[]>("--data")
        {
            Description = "Rows with known outcome and the columns of the model's contract, as for training. Several files of one drop are read one after the other.",
            Required = true,
            AllowMultipleArgumentsPerToken = true,
        }.AcceptExistingOnly();
        return new Command("evaluate", "Measure a model on a file.") { folder, data }.Runs(terminal, (parsed, cancel) =>
            RunAsync(terminal, parsed.GetRequiredValue(folder), parsed.GetRequiredValue(data), cancel));
    }

    /// <summary>Measures the model of a folder.</summary>
    public static async Task<Outcome<Answer>> RunAsync(Terminal terminal, DirectoryInfo folder, FileSystemInfo[] given, CancellationToken cancel)
    {
        using var model = await Offline.LoadAsync(folder.FullName, cancel);
        if (Offline.Families.FirstOrDefault(f => f.Serving.Name == model.Bundle.Manifest.Family) is not { } family)
            return Outcome<Answer>.Reject($"Models of family '{model.Bundle.Manifest.Family}' are not measured on rows: give a model that 'serverless train' wrote.");
        if (family.Serving.Name != DocumentContract.FamilyName && given.OfType<DirectoryInfo>().FirstOrDefault() is { } directory)
            return Outcome<Answer>.Reject($"'{directory.Name}' is a folder, and the model is of family '{family.Serving.Name}': give its files.");
        await using var file = await DocumentData.OpenAsync(given, cancel);
        var watch = Stopwatch.StartNew();
        var evaluated = await terminal.WatchAsync(progress => family.EvaluateAsync(model, file, TimeProvider.System.GetUtcNow(), progress, cancel), cancel);
        return evaluated.Then(e => (Outcome<Answer>)Offline.Figures(
            e.Rows, e.Metrics, model.Bundle.Version, null, ("rowsInError", e.RowsInError), ("evaluateSeconds", Math.Round(watch.Elapsed.TotalSeconds, 2))));
    }
}
