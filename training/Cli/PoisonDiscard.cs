using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Serving;
using Serverless.Serving.Poison;

namespace Serverless.Cli;

internal static class PoisonDiscard
{
    public static Command Create(Terminal terminal)
    {
        var ids = new Argument<string[]>("ID") { Description = "Ids, or the beginnings of them.", Arity = ArgumentArity.OneOrMore };
        return new Command("discard", "Give records up: a message is deleted, a drop stays where it is and is not tried again.") { ids }.Runs(terminal, (parsed, cancel) => Storage.UseAsync<Answer>(terminal, async stores =>
        {
            var store = stores.GetRequiredService<PoisonStore>();
            var wanted = await store.FindAsync(parsed.GetRequiredValue(ids), cancel);
            if (wanted is not Outcome<IReadOnlyList<PoisonRecord>>.Done { Value: var records }) return wanted.Pass<Answer>();
            foreach (var record in records) await store.DiscardAsync(record, cancel);
            return new Answer(
                new JsonObject { ["outcome"] = "done", ["discarded"] = JsonSerializer.SerializeToNode(records.Select(r => r.Id), Json.Options) }, $"Discarded {records.Count}.");
        }));
    }
}
