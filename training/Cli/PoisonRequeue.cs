using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Serving;
using Serverless.Serving.Poison;

namespace Serverless.Cli;

internal static class PoisonRequeue
{
    public static Command Create(Terminal terminal)
    {
        var ids = new Argument<string[]>("ID") { Description = "Ids, or the beginnings of them.", Arity = ArgumentArity.ZeroOrMore };
        var all = new Option<bool>("--all") { Description = "All there is, with what still lies on the poison queues." };
        return new Command("requeue", "Give messages back to their queue and drops to their trigger.") { ids, all }.Runs(terminal, (parsed, cancel) =>
            parsed.GetValue(all) == parsed.GetRequiredValue(ids).Length > 0
                ? Task.FromResult(Outcome<Answer>.Reject("Give either ids or --all."))
                : Storage.UseAsync<Answer>(terminal, async stores =>
                {
                    var (queues, store) = (stores.GetRequiredService<PoisonQueues>(), stores.GetRequiredService<PoisonStore>());
                    if (parsed.GetValue(all)) await queues.CollectAsync(cancel).CountAsync(cancel);
                    var wanted = parsed.GetValue(all) ? await store.ListAsync(cancel).ToListAsync(cancel) : await store.FindAsync(parsed.GetRequiredValue(ids), cancel);
                    if (wanted is not Outcome<IReadOnlyList<PoisonRecord>>.Done { Value: var records }) return wanted.Pass<Answer>();
                    var (requeued, reasons) = (new List<string>(), new List<string>());
                    foreach (var record in records)
                    {
                        if (await queues.RequeueAsync(record, cancel) is Outcome<PoisonRecord>.Rejected rejected) reasons.AddRange(rejected.Reasons);
                        else requeued.Add(record.Id);
                    }

                    if (reasons.Count > 0) return Outcome<Answer>.Reject([.. reasons, $"The other {requeued.Count} were requeued."]);
                    return new Answer(new JsonObject { ["outcome"] = "done", ["requeued"] = JsonSerializer.SerializeToNode(requeued, Json.Options) }, $"Requeued {requeued.Count}.");
                }));
    }
}
