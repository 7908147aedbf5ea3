using System.CommandLine;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Serving;
using Serverless.Training.Text;

namespace Serverless.Cli;

internal static class FeedbackGather
{
    public static Command Create(Terminal terminal)
    {
        var portfolio = new Argument<string>("PORTFOLIO") { Description = "Portfolio." };
        return new Command("gather", "Write a drop of what waits now, without waiting for more; the app does so by itself by size and time.") { portfolio }.Runs(terminal, async (parsed, cancel) =>
        {
            var named = parsed.GetRequiredValue(portfolio);
            if (!Names.Portfolio.Allows(named)) return Outcome<Answer>.Reject(Names.Portfolio.Fault);
            return await Storage.UseAsync<Answer>(terminal, async stores =>
                (await stores.GetRequiredService<FeedbackGathering>().GatherAsync(named, now: true, cancel)).Then<Answer>(gathered => Describe(gathered)));
        });
    }

    private static Answer Describe(GatheredFeedback done) => new(
        new JsonObject { ["outcome"] = "done", ["drop"] = done.Drop, ["gathered"] = done.Gathered, ["conflicts"] = done.Conflicts, ["tooFew"] = done.TooFew },
        $"{(done.Drop is null ? "There is nothing to gather." : $"{done.Gathered} feedbacks are in drops/{done.Drop}.")} {done.Conflicts} contradict others, {done.TooFew} are of new intents with too few texts.");
}
