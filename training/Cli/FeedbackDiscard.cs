using System.CommandLine;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Serving;
using Serverless.Serving.Text;

namespace Serverless.Cli;

internal static class FeedbackDiscard
{
    public static Command Create(Terminal terminal)
    {
        var portfolio = new Argument<string>("PORTFOLIO") { Description = "Portfolio." };
        var id = new Argument<string>("ID") { Description = "Id of the feedback, as 'feedback list' and the API's answer name it." };
        return new Command("discard", "Delete a feedback that is wrong. Of one that is in a drop the row stays, until other feedback on the text replaces it.") { portfolio, id }.Runs(terminal, async (parsed, cancel) =>
        {
            var (named, written) = (parsed.GetRequiredValue(portfolio), parsed.GetRequiredValue(id));
            string[] faults = [.. Names.Portfolio.Allows(named) ? [] : new[] { Names.Portfolio.Fault }, .. Names.FeedbackId.Allows(written) ? [] : new[] { Names.FeedbackId.Fault }];
            if (faults.Length > 0) return Outcome<Answer>.Reject(faults);
            return await Storage.UseAsync<Answer>(terminal, async stores =>
            {
                var (store, which) = (stores.GetRequiredService<FeedbackStore>(), FeedbackId.Read(written)!);
                var (waited, gathered) = (await store.DeleteWaitingAsync(named, which, cancel), await store.DeleteGatheredAsync(named, which, cancel));
                return waited || gathered
                    ? new Answer(new JsonObject { ["outcome"] = "done", ["id"] = written }, $"Feedback {written} is deleted.")
                    : Outcome<Answer>.Reject($"There is no feedback {written} of portfolio '{named}': see 'serverless feedback list {named}'.");
            });
        });
    }
}
