using System.CommandLine;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Serving;

namespace Serverless.Cli;

internal static class ModelsShow
{
    public static Command Create(Terminal terminal)
    {
        var family = new Argument<string>("FAMILY") { Description = "Family, such as credit or text." };
        var portfolio = new Argument<string>("PORTFOLIO") { Description = "Portfolio." };
        var version = new Argument<string?>("VERSION") { Description = "Version; else the live one.", Arity = ArgumentArity.ZeroOrOne };
        return new Command("show", "Show what is live, proposed and paused, every change of it, and a model's manifest: figures, origin, gate.") { family, portfolio, version }.Runs(terminal, async (parsed, cancel) =>
        {
            var (of, named) = (parsed.GetRequiredValue(family), parsed.GetRequiredValue(portfolio));
            if (!Names.Family.Allows(of) || !Names.Portfolio.Allows(named)) return Outcome<Answer>.Reject(Names.Family.Fault, Names.Portfolio.Fault);
            if (parsed.GetValue(version) is { } given && !Names.ModelVersion.Allows(given)) return Outcome<Answer>.Reject(Names.ModelVersion.Fault);
            return await Storage.UseAsync<Answer>(terminal, async stores =>
            {
                var registry = stores.GetRequiredService<ModelRegistry>();
                var state = await registry.StateAsync(of, named, cancel);
                if ((parsed.GetValue(version) ?? state.Version ?? state.Proposal?.Version) is not { } found)
                    return Outcome<Answer>.Reject($"No model of {of}/{named} is live: see 'serverless models list'.");
                var manifest = (await registry.OpenAsync(of, named, found, cancel)).Manifest;
                var history = await registry.HistoryAsync(of, named, cancel);
                IEnumerable<string> text =
                [
                    .. PortfolioText.Of(state, of, named),
                    "",
                    "Changes, latest first:",
                    .. PortfolioText.Of(history),
                    "",
                    Encoding.UTF8.GetString(Json.File(manifest)).TrimEnd(),
                ];
                return new Answer(
                    new JsonObject
                    {
                        ["outcome"] = "done",
                        ["state"] = JsonSerializer.SerializeToNode(state, Json.Options),
                        ["history"] = JsonSerializer.SerializeToNode(history, Json.Options),
                        ["model"] = JsonSerializer.SerializeToNode(manifest, Json.Options),
                    },
                    string.Join('\n', text));
            });
        });
    }
}
