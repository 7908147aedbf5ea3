using System.CommandLine;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Serving;
using Serverless.Serving.Decisions;

namespace Serverless.Cli;

internal static class DecisionsShow
{
    public static Command Create(Terminal terminal) => DecidedApplication.Verb(
        "show", "Show the decision on an application, with its reasons.", terminal, async (stores, _, portfolio, id, cancel) =>
        {
            var record = await stores.GetRequiredService<ApplicationStore>().FindAsync(portfolio, id, cancel);
            if (record is null) return Outcome<Answer>.Reject($"There is no decision on application '{id}' in portfolio '{portfolio}'.");
            var json = new JsonObject { ["outcome"] = "done", ["log"] = JsonSerializer.SerializeToNode(record.Log, Json.Options) };
            if (record.Case is { } made)
            {
                json["decision"] = JsonSerializer.SerializeToNode(made.Decision, Json.Options);
                json["review"] = JsonSerializer.SerializeToNode(made.Review, Json.Options);
                var text = Encoding.UTF8.GetString(Json.File(made.Decision)).TrimEnd();
                return new Answer(json, made.Review is { } review ? $"{text}\nReviewed by {review.By} at {review.At:u}: {review.Verdict.ToString().ToLowerInvariant()}. {review.Reason}" : text);
            }

            json["decisionId"] = record.DecisionId;
            json["erased"] = JsonSerializer.SerializeToNode(record.Erased, Json.Options);
            return new Answer(json, $"Decision {record.DecisionId} was erased at {record.Erased?.At:u} by {record.Erased?.Actor}.");
        });
}
