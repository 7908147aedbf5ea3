using System.CommandLine;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Serving;
using Serverless.Serving.Decisions;

namespace Serverless.Cli;

internal static class ReviewsShow
{
    public static Command Create(Terminal terminal) => DecidedApplication.Verb(
        "show", "Show a review with the decision and what the application said: give it to nobody else.", terminal, async (stores, _, portfolio, id, cancel) =>
            (await stores.GetRequiredService<DecisionReviews>().ShowAsync(portfolio, id, cancel)).Then<Answer>(shown => new Answer(
                new JsonObject
                {
                    ["outcome"] = "done",
                    ["review"] = JsonSerializer.SerializeToNode(shown.Review, Json.Options),
                    ["decision"] = JsonSerializer.SerializeToNode(shown.Decision, Json.Options),
                    ["inputs"] = JsonSerializer.SerializeToNode(shown.Inputs, Json.Options),
                },
                Encoding.UTF8.GetString(Json.File(shown)).TrimEnd())));
}
