using System.CommandLine;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Serving;
using Serverless.Serving.Decisions;
using Serverless.Serving.Documents;

namespace Serverless.Cli;

internal static class DecisionsShow
{
    public static Command Create(Terminal terminal)
    {
        var page = Verb.Optional("--html", "File to write the decision to as a page.");
        return DecidedApplication.Verb("show", "Show the decision on an application, with its reasons and what would have led to approval.", terminal, async (stores, parsed, portfolio, id, cancel) =>
        {
            var record = await stores.GetRequiredService<ApplicationStore>().FindAsync(portfolio, id, cancel);
            if (record is null) return Outcome<Answer>.Reject($"There is no decision on application '{id}' in portfolio '{portfolio}'.");
            var json = new JsonObject { ["outcome"] = "done", ["log"] = JsonSerializer.SerializeToNode(record.Log, Json.Options) };
            var html = parsed.GetValue(page);
            if (record.Case is { } made)
            {
                var explained = await stores.GetRequiredService<DecisionExplanations>().ExplainAsync(made, cancel);
                json["decision"] = JsonSerializer.SerializeToNode(explained.Decision, Json.Options);
                json["review"] = JsonSerializer.SerializeToNode(made.Review, Json.Options);
                if (html is null) return new Answer(json, Text(explained.Decision, made.Review));
                await using var file = Verb.CreateFile(html);
                await file.WriteAsync(DecisionPage.Html(record, explained, await stores.GetRequiredService<DocumentStore>().PapersAsync(portfolio, id, cancel)), cancel);
                json["html"] = html;
                return new Answer(json, $"The decision on '{id}' is in '{html}'.");
            }

            if (html is not null) return Outcome<Answer>.Reject($"Application '{id}' of portfolio '{portfolio}' was erased, so there is no page: leave --html out to see what is left.");
            json["decisionId"] = record.DecisionId;
            json["erased"] = JsonSerializer.SerializeToNode(record.Erased, Json.Options);
            return new Answer(json, $"Decision {record.DecisionId} was erased at {record.Erased?.At:u} by {record.Erased?.Actor}.");
        }, page);
    }

    private static string Text(Decision decision, ReviewOutcome? review)
    {
        var text = Encoding.UTF8.GetString(Json.File(decision)).TrimEnd();
        return review is null ? text : $"{text}\nReviewed by {review.By} at {review.At:u}: {review.Verdict.ToString().ToLowerInvariant()}. {review.Reason}";
    }
}
