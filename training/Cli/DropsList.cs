using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Serving;
using Serverless.Training.Drops;

namespace Serverless.Cli;

internal static class DropsList
{
    public static Command Create(Terminal terminal)
    {
        var family = new Argument<string?>("FAMILY") { Description = "Family; all if left out.", Arity = ArgumentArity.ZeroOrOne };
        var portfolio = new Argument<string?>("PORTFOLIO") { Description = "Portfolio; all if left out.", Arity = ArgumentArity.ZeroOrOne };
        return new Command("list", "List the drops: which wait, how each ended and when.") { family, portfolio }.Runs(terminal, (parsed, cancel) =>
            Storage.UseAsync<Answer>(terminal, async stores =>
            {
                var prefix = string.Concat(new[] { parsed.GetValue(family), parsed.GetValue(portfolio) }.OfType<string>().Select(part => $"{part}/"));
                var drops = await stores.GetRequiredService<DropCatalog>().ListAsync(prefix, cancel);
                return new Answer(
                    new JsonObject { ["outcome"] = "done", ["drops"] = JsonSerializer.SerializeToNode(drops, Json.Options) },
                    drops.Count == 0 ? "No drops." : string.Join('\n', drops.Select(d => $"{d.Drop}  {d.State}  {d.At:u}{(d.Version is null ? "" : $"  {d.Version}")}{(d.Reasons.Count == 0 ? "" : $"  {d.Reasons[0]}")}")));
            }));
    }
}
