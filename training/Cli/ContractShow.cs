using System.CommandLine;
using System.Text;
using System.Text.Json.Nodes;

namespace Serverless.Cli;

internal static class ContractShow
{
    public static Command Create(Terminal terminal)
    {
        var (family, portfolio) = (ContractStored.Family(), ContractStored.Portfolio());
        var version = new Argument<string?>("VERSION") { Description = "Version; else the active one.", Arity = ArgumentArity.ZeroOrOne };
        return new Command("show", "Print a stored contract as it was written.") { family, portfolio, version }.Runs(terminal, async (parsed, cancel) =>
        {
            return await Storage.UseAsync<Answer>(terminal, async stores =>
            {
                var found = await ContractStored.FindAsync(stores, parsed.GetRequiredValue(family), parsed.GetRequiredValue(portfolio), parsed.GetValue(version), cancel);
                return found.Then<Answer>(json => new Answer(new JsonObject { ["outcome"] = "done", ["contract"] = JsonNode.Parse(json) }, Encoding.UTF8.GetString(json).TrimEnd()));
            });
        });
    }
}
