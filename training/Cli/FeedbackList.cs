using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Serving;
using Serverless.Serving.Text;
using Serverless.Training.Text;

namespace Serverless.Cli;

internal static class FeedbackList
{
    public static Command Create(Terminal terminal)
    {
        var portfolio = new Argument<string>("PORTFOLIO") { Description = "Portfolio." };
        return new Command("list", "List what waits: what can be trained on, what contradicts other feedback on the same text, and new intents with too few texts.") { portfolio }.Runs(terminal, async (parsed, cancel) =>
        {
            var named = parsed.GetRequiredValue(portfolio);
            if (!Names.Portfolio.Allows(named)) return Outcome<Answer>.Reject(Names.Portfolio.Fault);
            return await Storage.UseAsync<Answer>(terminal, async stores => (await stores.GetRequiredService<FeedbackGathering>().LookAsync(named, cancel)).Then<Answer>(batch => Describe(batch)));
        });
    }

    private static Answer Describe(FeedbackBatch batch)
    {
        (string State, FeedbackRecord Record)[] all = [.. batch.Rows.Select(r => ("waits", r)), .. batch.Conflicts.Select(r => ("conflict", r)), .. batch.TooFew.Select(r => ("too few", r))];
        string[] lines =
        [
            .. all.Select(a => string.Create(CultureInfo.InvariantCulture, $"{a.Record.Id}  {a.State,-8}  {a.Record.At:yyyy-MM-dd HH:mm}  {a.Record.Source}  {a.Record.Intent}  <- {a.Record.Text}")),
            .. batch.Against.Select(id => $"{id}  gathered  contradicts the one above or below that begins alike"),
        ];
        return new(
            new JsonObject
            {
                ["outcome"] = "done",
                ["due"] = batch.Due,
                ["feedback"] = JsonSerializer.SerializeToNode(all.Select(a => new { a.State, Id = a.Record.Id.ToString(), a.Record }), Json.Options),
                ["against"] = JsonSerializer.SerializeToNode(batch.Against.Select(id => id.ToString()), Json.Options),
            },
            lines.Length == 0 ? "No feedback waits." : string.Join('\n', lines.Order(StringComparer.Ordinal)));
    }
}
