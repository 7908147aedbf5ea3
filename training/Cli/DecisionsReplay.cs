using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Serving;
using Serverless.Serving.Decisions;

namespace Serverless.Cli;

internal static class DecisionsReplay
{
    public static Command Create(Terminal terminal) => DecidedApplication.Verb(
        "replay", "Make a decision once more from its inputs and its model, and compare.", terminal, async (stores, _, portfolio, id, cancel) =>
            (await stores.GetRequiredService<DecisionReplay>().RunAsync(portfolio, id, cancel)).Then(replayed => Answer(replayed, id)));

    private static Outcome<Answer> Answer(ReplayedDecision replayed, string id)
    {
        if (replayed.Result == ReplayResult.Different)
            return Outcome<Answer>.Reject([$"The decision on '{id}' is not what replaying it gives. Verify the log, and whether this program is of another version.", .. replayed.Differences]);
        var json = new JsonObject { ["outcome"] = "done", ["replay"] = JsonSerializer.SerializeToNode(replayed.Result, Json.Options) };
        if (replayed.Replayed is { } decision) json["decision"] = JsonSerializer.SerializeToNode(decision, Json.Options);
        return new Answer(json, replayed.Result switch
        {
            ReplayResult.Identical => $"identical: decision {replayed.Recorded!.DecisionId} by model {replayed.Recorded.ModelVersion} is given again, byte for byte.",
            ReplayResult.Equivalent => $"equivalent: decision {replayed.Recorded!.DecisionId} by model {replayed.Recorded.ModelVersion} is given again; the probability differs by 1e-6 at most, as on another processor.",
            _ => "erased: the inputs were erased, so there is nothing to replay.",
        });
    }
}
