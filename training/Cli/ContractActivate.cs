using System.CommandLine;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Serving;

namespace Serverless.Cli;

internal static class ContractActivate
{
    public static Command Create(Terminal terminal)
    {
        var file = new Argument<FileInfo>("FILE") { Description = "Contract (JSON)." }.AcceptExistingOnly();
        var actor = Verb.Optional("--actor", "Who does it; is recorded. Else the name that you are signed in with here.");
        return new Command("activate", "Store a contract and make new drops keep to it.") { file, actor }.Runs(terminal, async (parsed, cancel) =>
        {
            return await Storage.UseAsync<Answer>(terminal, async stores =>
            {
                await stores.GetRequiredService<StorageAccount>().PrepareAsync(cancel);
                var json = await File.ReadAllBytesAsync(parsed.GetRequiredValue(file).FullName, cancel);
                var activation = new Activation(parsed.GetValue(actor) ?? Environment.UserName, TimeProvider.System.GetUtcNow());
                var activated = await stores.GetRequiredService<ContractStore>().ActivateAsync(json, activation, cancel);
                return activated.Then<Answer>(a => Told(a.Contract, a.Active, activation.Actor));
            });
        });
    }

    private static Answer Told(DataContract contract, ActiveContract active, string actor)
    {
        string[] warnings = active.EndsApproval
            ? [$"Approval by a second person ends: version {active.Replaced} asked for it (gate.approval) and {active.Version} does not, so what passes the gate goes live by itself. 'serverless contract list' shows that {actor} ended it."]
            : [];
        return new(
            new JsonObject { ["outcome"] = "done", ["family"] = contract.Family, ["portfolio"] = contract.Portfolio, ["version"] = contract.Version, ["actor"] = actor, ["replaced"] = active.Replaced, ["warnings"] = new JsonArray([.. warnings]) },
            string.Join('\n', [$"Contract {contract.Version} of {contract.Family}/{contract.Portfolio} is active: drop files at drops/{contract.Family}/{contract.Portfolio}/.", .. warnings]));
    }
}
