using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Serving;
using Serverless.Serving.Decisions;

namespace Serverless.Cli;

internal static class DecisionsErase
{
    public static Command Create(Terminal terminal)
    {
        var actor = Verb.Required("--actor", "Who asks for it; is recorded.");
        return DecidedApplication.Verb(
            "erase", "Erase all that is known of an application; the log's chain stays whole.", terminal, async (stores, parsed, portfolio, id, cancel) =>
                (await stores.GetRequiredService<DecisionErasure>().RunAsync(portfolio, id, parsed.GetRequiredValue(actor), cancel)).Then<Answer>(erased => new Answer(
                    new JsonObject { ["outcome"] = "done", ["erased"] = JsonSerializer.SerializeToNode(erased, Json.Options) },
                    $"Application '{id}' of portfolio '{portfolio}' is erased: {(erased.DecisionId is { } decision ? $"decision {decision}" : "no decision")}, {erased.Refused} refused messages.")),
            actor);
    }
}
