using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Serving;
using Serverless.Serving.Decisions;

namespace Serverless.Cli;

internal static class ReviewsDecide
{
    public static Command Create(Terminal terminal)
    {
        var verdict = Verb.Required("--verdict", "What is decided.").AcceptOnlyFromAmong("approve", "decline");
        var reason = Verb.Required("--reason", "Why; is recorded, and told to the applicant where a referred application is declined.");
        var actor = Verb.Required("--actor", "Who decides, and has taken the review; is recorded.");
        return DecidedApplication.Verb("decide", "Decide a review, whatever the program decided; it stands in the decision log and goes on queue loan-decisions. The same decision again is sent again.", terminal, async (stores, parsed, portfolio, id, cancel) =>
        {
            var decided = parsed.GetRequiredValue(verdict) == "approve" ? DecisionVerdict.Approve : DecisionVerdict.Decline;
            var outcome = await stores.GetRequiredService<DecisionReviews>().DecideAsync(portfolio, id, parsed.GetRequiredValue(actor), decided, parsed.GetRequiredValue(reason), cancel);
            return outcome.Then<Answer>(review => new Answer(
                new JsonObject { ["outcome"] = "done", ["review"] = JsonSerializer.SerializeToNode(review, Json.Options) },
                $"Application '{id}' of portfolio '{portfolio}' is decided by '{review.Outcome!.By}': {parsed.GetRequiredValue(verdict)}."));
        }, verdict, reason, actor);
    }
}
