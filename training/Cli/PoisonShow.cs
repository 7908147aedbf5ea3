using System.CommandLine;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Serving;
using Serverless.Serving.Poison;

namespace Serverless.Cli;

internal static class PoisonShow
{
    public static Command Create(Terminal terminal)
    {
        var id = new Argument<string>("ID") { Description = "Id, or the beginning of one." };
        return new Command("show", "Show a record with its message, which may hold what an applicant said.") { id }.Runs(terminal, (parsed, cancel) =>
            Storage.UseAsync<Answer>(terminal, async stores =>
                (await stores.GetRequiredService<PoisonStore>().FindAsync([parsed.GetRequiredValue(id)], cancel)).Then<Answer>(found => new Answer(
                    new JsonObject { ["outcome"] = "done", ["record"] = JsonSerializer.SerializeToNode(found[0], Json.Options) },
                    Encoding.UTF8.GetString(Json.File(found[0])).TrimEnd()))));
    }
}
