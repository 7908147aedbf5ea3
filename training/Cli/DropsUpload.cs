using System.CommandLine;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Serving;
using Serverless.Training.Drops;

namespace Serverless.Cli;

internal static class DropsUpload
{
    public static Command Create(Terminal terminal)
    {
        var file = new Argument<FileInfo>("FILE") { Description = "CSV of up to 64 MB." }.AcceptExistingOnly();
        var family = Verb.Required("--family", "Family of the portfolio, such as credit or text.");
        var portfolio = Verb.Required("--portfolio", "Portfolio to retrain.");
        return new Command("upload", "Drop a file, which retrains the portfolio.") { file, family, portfolio }.Runs(terminal, async (parsed, cancel) =>
        {
            return await Storage.UseAsync<Answer>(terminal, async stores =>
            {
                await stores.GetRequiredService<StorageAccount>().PrepareAsync(cancel);
                await using var content = parsed.GetRequiredValue(file).OpenRead();
                var name = $"{parsed.GetRequiredValue(family)}/{parsed.GetRequiredValue(portfolio)}/{parsed.GetRequiredValue(file).Name}";
                var uploaded = await terminal.WatchAsync(_ => stores.GetRequiredService<DropStore>().UploadAsync(name, content, Offline.Families.Select(f => f.Serving.Name), cancel), cancel);
                return uploaded.Then<Answer>(drop => new Answer(
                    new JsonObject { ["outcome"] = "done", ["drop"] = $"drops/{drop}", ["bytes"] = content.Length },
                    $"Dropped drops/{drop} ({content.Length} bytes)."));
            });
        });
    }
}
