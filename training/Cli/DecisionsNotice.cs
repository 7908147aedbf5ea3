using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Serving;
using Serverless.Serving.Decisions;

namespace Serverless.Cli;

internal static class DecisionsNotice
{
    public static Command Create(Terminal terminal) => DecidedApplication.Verb(
        "notice", "Write the notice of adverse action of a declined application (12 CFR 1002.9), from the 'notice' of the active contract.", terminal, async (stores, _, portfolio, id, cancel) =>
            (await stores.GetRequiredService<DecisionNotices>().WriteAsync(portfolio, id, cancel)).Then<Answer>(notice => new Answer(
                new JsonObject { ["outcome"] = "done", ["notice"] = JsonSerializer.SerializeToNode(notice, Json.Options) }, NoticeText.Of(notice).TrimEnd())));
}
