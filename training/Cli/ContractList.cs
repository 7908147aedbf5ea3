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
        return new Command("list", "List the stored versions of a portfolio's contract, which one is active, and every activation.") { family, portfolio }.Runs(terminal, async (parsed, cancel) =>
        {
            var (of, named) = (parsed.GetRequiredValue(family), parsed.GetRequiredValue(portfolio));
            if (ContractStored.Faults(of, named) is { Count: > 0 } faults) return Outcome<Answer>.Reject(faults);
            return await Storage.UseAsync<Answer>(terminal, async stores =>
            {
                var contracts = stores.GetRequiredService<ContractStore>();
                var (versions, activations) = (await contracts.ListAsync(of, named, cancel), await contracts.HistoryAsync(of, named, cancel));
                return new Answer(
                    new JsonObject { ["outcome"] = "done", ["contracts"] = JsonSerializer.SerializeToNode(versions, Json.Options), ["activations"] = JsonSerializer.SerializeToNode(activations, Json.Options) },
                    versions.Count == 0 ? ContractStore.HowToActivate(of, named) : string.Join('\n', [.. versions.Select(Line), "Activations, latest first:", .. activations.Select(Line)]));
            });
        });
    }

    private static string Line(ContractListing version) => string.Create(
        CultureInfo.InvariantCulture,
        $"{version.Version,-24} stored {version.StoredAt:yyyy-MM-dd HH:mm}{(version.Active ? ", active" : "")}{(version.Activation is { } by ? string.Create(CultureInfo.InvariantCulture, $" since {by.At:yyyy-MM-dd HH:mm} by {by.Actor}") : "")}");

    private static string Line(ActiveContract active) => string.Create(
        CultureInfo.InvariantCulture,
        $"{active.Version,-24} {(active.Activation is { } by ? string.Create(CultureInfo.InvariantCulture, $"{by.At:yyyy-MM-dd HH:mm} by {by.Actor}") : "by whom was not recorded")}{(active.Replaced is { } before ? $", instead of {before}" : "")}{(active.EndsApproval ? ": ended approval by a second person" : "")}");
}
