using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Serving;
using Serverless.Training.Drops;
using Serverless.Training.Quality;

namespace Serverless.Cli;

internal static class DropsReport
{
    public static Command Create(Terminal terminal)
    {
        var name = DropArgument.Create();
        var output = new Option<string?>("--out", "-o") { Description = "Folder for the report's JSON and HTML files." };
        return new Command("report", "Show how a drop ended and why, with the report on its quality.") { name, output }.Runs(terminal, (parsed, cancel) =>
            Storage.UseAsync<Answer>(terminal, async stores =>
            {
                var drop = DropArgument.Read(parsed, name);
                var found = await stores.GetRequiredService<DropCatalog>().ReportAsync(drop, cancel);
                if (found is not Outcome<ReportedDrop>.Done { Value: var reported }) return found.Pass<Answer>();
                var written = await WriteAsync(drop, parsed.GetValue(output), reported.Files, cancel);
                var json = new JsonObject { ["outcome"] = "done", ["drop"] = JsonSerializer.SerializeToNode(reported.State, Json.Options), ["ended"] = JsonSerializer.SerializeToNode(reported.Outcome, Json.Options) };
                if (reported.Files.TryGetValue(QualityReport.Data, out var report)) json["report"] = JsonNode.Parse(report);
                if (written.Count > 0) json["files"] = JsonSerializer.SerializeToNode(written, Json.Options);
                string[] lines = [$"{drop} ended as {reported.State.State} at {reported.State.At:u}.", .. reported.State.Reasons, .. written.Select(f => $"Written: {f}")];
                return new Answer(json, string.Join('\n', lines));
            }));
    }

    private static async Task<IReadOnlyList<string>> WriteAsync(string drop, string? folder, IReadOnlyDictionary<string, byte[]> files, CancellationToken cancel)
    {
        var written = new List<string>();
        if (folder is null) return written;
        foreach (var (file, content) in files.OrderBy(f => f.Key, StringComparer.Ordinal))
        {
            var path = Path.Combine(folder, $"{string.Concat(drop[(drop.LastIndexOf('/') + 1)..].Split(Path.GetInvalidFileNameChars()))}.{file}");
            await using var open = Verb.CreateFile(path);
            await open.WriteAsync(content, cancel);
            written.Add(path);
        }

        return written;
    }
}
