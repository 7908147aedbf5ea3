using System.CommandLine;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Training.Drops;

namespace Serverless.Cli;

internal static class DropsRetry
{
    public static Command Create(Terminal terminal)
    {
        var name = DropArgument.Create();
        return new Command("retry", "Put a rejected drop back, with its parts, to be worked off again: after the contract was mended, for instance.") { name }.Runs(terminal, (parsed, cancel) =>
            Storage.UseAsync<Answer>(terminal, async stores =>
            {
                var drop = DropArgument.Read(parsed, name);
                return (await terminal.WatchAsync(_ => stores.GetRequiredService<DropCatalog>().RetryAsync(drop, cancel), cancel)).Then<Answer>(files => new Answer(
                    new JsonObject { ["outcome"] = "done", ["drop"] = $"drops/{drop}", ["files"] = files },
                    $"drops/{drop} is there again ({files} files). See 'serverless drops list'."));
            }));
    }
}
