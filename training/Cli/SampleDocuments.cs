using System.CommandLine;
using System.Text.Json.Nodes;
using Serverless.Serving;
using Serverless.Serving.Documents;
using Serverless.Training.Samples;

namespace Serverless.Cli;

internal static class SampleDocuments
{
    public static Command Create(Terminal terminal)
    {
        var output = Verb.Out("Folder to write into.");
        var count = new Option<int>("--count") { Description = "Number of documents.", DefaultValueFactory = _ => 100 };
        var seed = new Option<int>("--seed") { Description = "The only source of chance.", DefaultValueFactory = _ => 20261129 };
        var kind = new Option<string?>("--kind") { Description = "Only this kind; without it all kinds in turn." }.AcceptOnlyFromAmong([.. Enum.GetNames<PaperKind>().Select(n => n.ToLowerInvariant())]);
        var degraded = new Option<bool>("--degraded") { Description = "Turned, folded, unevenly lit, blurred and noisy, as JPEG." };
        var severity = new Option<double>("--severity") { Description = "How bad degraded ones are at most, 0 to 1.", DefaultValueFactory = _ => 1 };
        var fonts = new Option<string>("--fonts") { Description = "Folder with the fonts.", DefaultValueFactory = _ => Typefaces.DefaultFolder };
        return new Command("documents", "Draw made-up payslips, statements, receipts, identity pages and forms, with the truth about them.") { output, count, seed, kind, degraded, severity, fonts }.Runs(terminal, async (parsed, cancel) =>
        {
            var options = new DocumentSampleOptions(parsed.GetValue(count), parsed.GetValue(seed))
            {
                Kind = parsed.GetValue(kind) is { } name ? Enum.Parse<PaperKind>(name, ignoreCase: true) : null,
                Degraded = parsed.GetValue(degraded),
                Severity = parsed.GetValue(severity),
            };
            if (options.Count is < 1 or > 100_000) return Outcome<Answer>.Reject("--count must lie between 1 and 100000.");
            if (options.Severity is not (>= 0 and <= 1)) return Outcome<Answer>.Reject("--severity must lie between 0 and 1.");
            using var faces = Typefaces.Load(parsed.GetRequiredValue(fonts));
            var folder = parsed.GetRequiredValue(output);
            var counts = await terminal.WatchAsync(progress => DocumentSample.WriteAsync(folder, options, faces, progress, cancel), cancel);
            var kinds = new JsonObject(counts.Select(c => KeyValuePair.Create(c.Key.ToString().ToLowerInvariant(), (JsonNode?)c.Value)));
            return new Answer(new JsonObject { ["outcome"] = "done", ["documents"] = options.Count, ["kinds"] = kinds, ["out"] = folder }, $"Wrote {options.Count} documents with {DocumentSample.TruthFile} and {DocumentSample.LabelsFile}: {folder}");
        });
    }
}
