using System.Text.Json;
using System.Text.Json.Nodes;
using Serverless.Functions.Http;
using Serverless.Serving;
using Serverless.Serving.Decisions;

namespace Serverless.Functions.Triggers;

/// <summary>GET decisions/{portfolio}/{id}: what was decided, and what a person who reviewed it decided.</summary>
internal sealed class GetDecision(ApplicationStore applications)
{
    public async Task<IResult> RunAsync(string portfolio, string id, CancellationToken cancel)
    {
        string[] faults = [.. Faults(Names.Portfolio, portfolio), .. Faults(Names.ApplicationId, id)];
        if (faults.Length > 0) return new Problem(400, "The address names no application.", faults);
        return await applications.FindAsync(portfolio, id, cancel) switch
        {
            { Case: { Review: { } review } made } => TypedResults.Json(Reviewed(made.Decision, review), Json.Options),
            { Case: { } made } => TypedResults.Json(made.Decision, Json.Options),
            { } => new Problem(410, $"Application '{id}' of portfolio '{portfolio}' was decided and then erased."),
            null => new Problem(404, $"No application '{id}' was decided in portfolio '{portfolio}': check both, or wait until the queue is worked off."),
        };
    }

    private static JsonObject Reviewed(Decision decision, ReviewOutcome review)
    {
        var answer = JsonSerializer.SerializeToNode(decision, Json.Options)!.AsObject();
        answer["review"] = JsonSerializer.SerializeToNode(review, Json.Options);
        return answer;
    }

    private static IEnumerable<string> Faults(NameRule rule, string name) => rule.Allows(name) ? [] : [rule.Fault];
}
