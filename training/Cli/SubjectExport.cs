using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Serving;
using Serverless.Training.Subjects;

namespace Serverless.Cli;

internal static class SubjectExport
{
    public static Command Create(Terminal terminal)
    {
        var id = Verb.Required("--id", "Id of the application, and of the rows in exports.");
        var portfolio = Verb.Optional("--portfolio", "Portfolio; all if left out.");
        var output = Verb.Out("Folder for subject.json.");
        return new Command("export", "Write everything that is known under an id: applications, decisions with reasons, refused messages, feedback, rows of exports.") { id, portfolio, output }.Runs(terminal, (parsed, cancel) =>
            Storage.UseAsync<Answer>(terminal, async stores =>
            {
                var access = stores.GetRequiredService<SubjectAccess>();
                var collected = await terminal.WatchAsync(progress => access.RunAsync(parsed.GetRequiredValue(id), parsed.GetValue(portfolio), progress, cancel), cancel);
                if (collected is not Outcome<SubjectData>.Done { Value: var data }) return collected.Pass<Answer>();
                var path = Path.Combine(parsed.GetRequiredValue(output), "subject.json");
                await using (var file = Verb.CreateFile(path)) await file.WriteAsync(Json.File(data), cancel);
                return Describe(path, data);
            }));
    }

    private static Answer Describe(string path, SubjectData data) => new(
        new JsonObject
        {
            ["outcome"] = "done",
            ["file"] = path,
            ["applications"] = data.Applications.Count,
            ["papers"] = data.Pictures.Count,
            ["refused"] = data.Refused.Count,
            ["feedbacks"] = data.Feedback.Count,
            ["rows"] = data.Rows.Count,
            ["notSearched"] = JsonSerializer.SerializeToNode(data.NotSearched, Json.Options),
        },
        string.Join('\n', [
            $"{data.Applications.Count} applications, {data.Pictures.Count} papers, {data.Refused.Count} refused messages, {data.Feedback.Count} feedbacks and {data.Rows.Count} rows of exports are in '{path}': give it to nobody else.",
            .. data.NotSearched.Select(export => $"Could not be searched: {export}"),
        ]));
}
