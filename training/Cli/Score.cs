using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Serverless.Serving;
using Serverless.Serving.Credit;
using Serverless.Training.Credit;

namespace Serverless.Cli;

internal static class Score
{
    public static Command Create(Terminal terminal)
    {
        var folder = Verb.ExistingFolder("--model", "Folder with a scorecard.");
        var data = Verb.Drop("Applications with the columns of the model");
        var output = Verb.Out("CSV to write: id, points, probability, verdict, reasons.");
        return new Command("score", "Score a file of loan applications.") { folder, data, output }.Runs(terminal, async (parsed, cancel) =>
        {
            using var model = await Offline.LoadAsync(parsed.GetRequiredValue(folder).FullName, cancel);
            if (model is not CreditScorer scorer) return Outcome<Answer>.Reject("The model is no scorecard: give the folder that 'serverless train credit' wrote.");
            var watch = Stopwatch.StartNew();
            await using var file = await Verb.OpenAsync(parsed.GetRequiredValue(data), cancel);
            await using var written = new StreamWriter(Verb.CreateFile(parsed.GetRequiredValue(output)), bufferSize: 1 << 16);
            var scored = await terminal.WatchAsync(progress => FileScoring.RunAsync(scorer, file, written, progress, cancel), cancel);
            return scored.Then<Answer>(file => Describe(file, watch.Elapsed.TotalSeconds, scorer.Bundle.Version, parsed.GetRequiredValue(output)));
        });
    }

    private static Answer Describe(FileScoring file, double seconds, string version, string path)
    {
        var rate = Math.Round(file.Rows / seconds);
        var json = new JsonObject { ["outcome"] = "done", ["rows"] = file.Rows, ["rejected"] = file.Rejected, ["scoreRowsPerSecond"] = rate, ["version"] = version, ["out"] = path };
        return new Answer(json, string.Create(CultureInfo.InvariantCulture, $"Scored {file.Rows} rows ({file.Rejected} rejected) at {rate} rows a second with version {version}: {path}"));
    }
}
