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
            "erase", "Erase inputs, decision and reasons of an application; the log's chain stays whole.", terminal, async (stores, parsed, portfolio, id, cancel) =>
                (await stores.GetRequiredService<DecisionErasure>().RunAsync(portfolio, id, parsed.GetRequiredValue(actor), cancel)).Then<Answer>(left => new Answer(
                    new JsonObject { ["outcome"] = "done", ["decisionId"] = left.DecisionId, ["erased"] = JsonSerializer.SerializeToNode(left.Erased, Json.Options) },
                    $"Application '{id}' of portfolio '{portfolio}' is erased (decision {left.DecisionId}, at {left.Erased!.At:u} by {left.Erased.Actor}).")),
            actor);
    }
}
