using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Serving;
using Serverless.Serving.Poison;

namespace Serverless.Cli;

internal static class PoisonList
{
    public static Command Create(Terminal terminal) => new Command("list", "List what failed, with the reasons and without content.").Runs(terminal, (_, cancel) =>
        Storage.UseAsync<Answer>(terminal, async stores =>
        {
            // What the app has not collected yet is part of the list.
            await stores.GetRequiredService<PoisonQueues>().CollectAsync(cancel).CountAsync(cancel);
            var records = await stores.GetRequiredService<PoisonStore>().ListAsync(cancel).Select(r => r with { Message = null }).ToListAsync(cancel);
            return new Answer(
                new JsonObject { ["outcome"] = "done", ["records"] = JsonSerializer.SerializeToNode(records, Json.Options) },
                records.Count == 0 ? "There is no poison." : string.Join('\n', records.Select(Line)));
        }));

    private static string Line(PoisonRecord record) => string.Create(CultureInfo.InvariantCulture,
        $"{record.Id} {Subject(record),-40} {record.Count,3} failed {record.FirstFailure:yyyy-MM-dd HH:mm} to {record.LastFailure:yyyy-MM-dd HH:mm}  {string.Join(" ", record.Reasons)}");

    private static string Subject(PoisonRecord record) =>
        record.BlobName is { } blob ? $"{record.Source}/{blob}" : $"{record.Source} {record.Portfolio ?? "?"}/{record.ApplicationId ?? "?"}";
}
