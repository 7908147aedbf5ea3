using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Serverless.Serving;
using Serverless.Training;
using Serverless.Training.Contracts;

namespace Serverless.Cli;

internal static class ContractCompare
{
    public static Command Create(Terminal terminal)
    {
        var which = new Argument<string[]>("CONTRACTS") { Description = "Two files, or FAMILY PORTFOLIO VERSION VERSION for stored ones.", Arity = new ArgumentArity(2, 4) };
        return new Command("diff", "Tell what is different in the second contract, and what follows from it.") { which }.Runs(terminal, async (parsed, cancel) =>
        {
            var named = parsed.GetRequiredValue(which);
            var read = named.Length switch
            {
                2 => await ReadAsync(named, cancel),
                4 => await StoredAsync(terminal, named, cancel),
                _ => Outcome<(byte[] Old, byte[] New)>.Reject("Name two files, or FAMILY PORTFOLIO VERSION VERSION."),
            };
            return read.Then(pair => Contract(pair.Old, "first").Then(old => Contract(pair.New, "second").Then(now => old.Family == now.Family
                ? Describe(ContractDiff.Of(old, now))
                : Outcome<Answer>.Reject($"The first contract is of family '{old.Family}' and the second of '{now.Family}': compare two of one family."))));
        });
    }

    /// <summary>Changes as lines, with when they come.</summary>
    public static string Text(IReadOnlyList<ContractChange> changes) => string.Join('\n', changes.Select(c => $"{c.What} {c.Consequence}").Append(ContractDiff.When));

    private static Outcome<Answer> Describe(IReadOnlyList<ContractChange> changes) => new Answer(
        new JsonObject { ["outcome"] = "done", ["changes"] = JsonSerializer.SerializeToNode(changes, Json.Options) },
        changes.Count == 0 ? "The contracts say the same, but perhaps for their versions." : Text(changes));

    private static async Task<Outcome<(byte[] Old, byte[] New)>> ReadAsync(string[] files, CancellationToken cancel) =>
        (await File.ReadAllBytesAsync(files[0], cancel), await File.ReadAllBytesAsync(files[1], cancel));

    private static Task<Outcome<(byte[] Old, byte[] New)>> StoredAsync(Terminal terminal, string[] named, CancellationToken cancel) =>
        Storage.UseAsync<(byte[] Old, byte[] New)>(terminal, async stores =>
        {
            var old = await ContractStored.FindAsync(stores, named[0], named[1], named[2], cancel);
            var now = await ContractStored.FindAsync(stores, named[0], named[1], named[3], cancel);
            return old.Then(before => now.Then<(byte[] Old, byte[] New)>(after => (before, after)));
        });

    private static Outcome<DataContract> Contract(byte[] json, string place) => Offline.ReadContract(json) switch
    {
        Outcome<(ITrainingFamily, DataContract Contract)>.Done done => done.Value.Contract,
        Outcome<(ITrainingFamily, DataContract)>.Rejected rejected => Outcome<DataContract>.Reject([.. rejected.Reasons.Select(r => $"In the {place} contract: {r}")]),
        _ => throw new InvalidOperationException("An outcome is done or rejected."),
    };
}
