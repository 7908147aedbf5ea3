using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Serving;
using Serverless.Serving.Decisions;

namespace Serverless.Cli;

internal static class ReviewsTake
{
    public static Command Create(Terminal terminal)
    {
        var actor = Verb.Required("--actor", "Who reviews it; is recorded.");
        var from = Verb.Optional("--from", "Whom to take it over from; else nobody may have it.");
        return DecidedApplication.Verb("take", "Take a review into hand; only who has it can decide it.", terminal, async (stores, parsed, portfolio, id, cancel) =>
            (await stores.GetRequiredService<DecisionReviews>().TakeAsync(portfolio, id, parsed.GetRequiredValue(actor), parsed.GetValue(from), cancel)).Then<Answer>(taken => new Answer(
                new JsonObject { ["outcome"] = "done", ["review"] = JsonSerializer.SerializeToNode(taken, Json.Options) },
                $"'{taken.Taken!.By}' has the review of application '{id}' of portfolio '{portfolio}'.")),
            actor, from);
    }
}
