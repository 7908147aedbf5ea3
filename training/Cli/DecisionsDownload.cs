using System.CommandLine;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Serving;
using Serverless.Serving.Decisions;

namespace Serverless.Cli;

internal static class DecisionsDownload
{
    public static Command Create(Terminal terminal)
    {
        var output = Verb.Out("New folder for the copy.");
        return new Command("download", "Copy log, anchors and ids, without any applicant's data, to verify them offline.") { output }.Runs(terminal, (parsed, cancel) =>
            Storage.UseAsync<Answer>(terminal, async stores =>
            {
                var folder = parsed.GetRequiredValue(output);
                var files = await terminal.WatchAsync(_ => LogCopy.DownloadAsync(stores.GetRequiredService<StorageAccount>(), folder, TimeProvider.System, cancel), cancel);
                return new Answer(
                    new JsonObject { ["outcome"] = "done", ["folder"] = folder, ["files"] = files },
                    $"{files} files in '{folder}': verify them with 'serverless decisions verify --folder {folder}'.");
            }));
    }
}
