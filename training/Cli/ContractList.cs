using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Serving;

namespace Serverless.Cli;

internal static class ContractList
{
    public static Command Create(Terminal terminal)
    {
        var (family, portfolio) = (ContractStored.Family(), ContractStored.Portfolio());
        return new Command("list", "List the stored versions of a portfolio's contract, and which one is active.") { family, portfolio }.Runs(terminal, async (parsed, cancel) =>
        {
            var (of, named) = (parsed.GetRequiredValue(family), parsed.GetRequiredValue(portfolio));
            if (ContractStored.Faults(of, named) is { Count: > 0 } faults) return Outcome<Answer>.Reject(faults);
            return await Storage.UseAsync<Answer>(terminal, async stores =>
            {
                var versions = await stores.GetRequiredService<ContractStore>().ListAsync(of, named, cancel);
                return new Answer(
                    new JsonObject { ["outcome"] = "done", ["contracts"] = JsonSerializer.SerializeToNode(versions, Json.Options) },
                    versions.Count == 0 ? ContractStore.HowToActivate(of, named) : string.Join('\n', versions.Select(Line)));
            });
        });
    }

    private static string Line(ContractListing version) => string.Create(
        CultureInfo.InvariantCulture,
        $"{version.Version,-24} stored {version.StoredAt:yyyy-MM-dd HH:mm}{(version.Active ? ", active" : "")}{(version.Activation is { } by ? string.Create(CultureInfo.InvariantCulture, $" since {by.At:yyyy-MM-dd HH:mm} by {by.Actor}") : "")}");
}
