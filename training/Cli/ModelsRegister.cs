using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Serving;
using Serverless.Serving.Credit;
using Serverless.Training;
using Serverless.Training.Credit;

namespace Serverless.Cli;

internal static class ModelsRegister
{
    public static Command Create(Terminal terminal)
    {
        var contract = Verb.ExistingFile("--contract", "Credit contract (JSON). The graph takes its inputs in its order: a number as it is, a date as days, a category as one number (0 or 1) for each of its allowed values.");
        var graph = Verb.ExistingFile("--graph", $"ONNX file from PyTorch, Keras or TensorFlow, up to {ImportedGraph.MostBytes >> 20} MB: one input, float [n, inputs]; an output, float [n], [n, 1] or [n, 2], that tells of a bad loan.");
        var data = Verb.Drop("Loans with their outcomes that the graph was not trained on: half of them calibrate it, the others measure it");
        var output = Verb.Out("Folder for the model and its card.");
        var reads = Verb.Optional("--output", "Name of the graph's output; needed where several would do.");
        var gives = new Option<GraphGives?>("--gives") { Description = "What the output is: probability or logit; needed where its last operator does not say it." };
        var missing = new Option<MissingValue>("--missing") { Description = "What the graph gets for a missing value, and for a special code that is no number: the median of the calibrating rows, or NaN.", DefaultValueFactory = _ => MissingValue.Median };
        var actor = Verb.Optional("--actor", "Who registers it: then it also goes through the gate of the active contract, which has to be the given one, into the registry, and live if it passes.");
        return new Command("register", "Check a credit model that was trained elsewhere, calibrate and measure it, and write it as a model.") { contract, graph, data, output, reads, gives, missing, actor }.Runs(terminal, async (parsed, cancel) =>
        {
            var who = parsed.GetValue(actor);
            if (who is not null && (!Names.Actor.Allows(who) || who.Equals(Promotion.Actor, StringComparison.OrdinalIgnoreCase))) return Outcome<Answer>.Reject($"{Names.Actor.Fault} '{Promotion.Actor}' is the program's own name.");
            var read = new CreditFamily().ReadContract(await File.ReadAllBytesAsync(parsed.GetRequiredValue(contract).FullName, cancel));
            if (read is not Outcome<DataContract>.Done { Value: CreditContract valid }) return read.Pass<Answer>();
            var file = parsed.GetRequiredValue(graph);
            if (file.Length > ImportedGraph.MostBytes) return Outcome<Answer>.Reject($"The graph has more than {ImportedGraph.MostBytes >> 20} MB: take a smaller one.");
            var checkedGraph = ImportedSource.Read(await File.ReadAllBytesAsync(file.FullName, cancel), valid, parsed.GetValue(reads), parsed.GetValue(gives), parsed.GetValue(missing));
            if (checkedGraph is not Outcome<ImportedSource>.Done { Value: var source }) return checkedGraph.Pass<Answer>();
            using var trainer = new ImportedTrainer(source, valid);
            Task<Outcome<(NewModel Model, Answer Figures)>> BuildAsync() =>
                Offline.BuildAsync(terminal, trainer, ImportedTrainer.Halved(valid), parsed.GetRequiredValue(data), parsed.GetRequiredValue(output), baseModel: null, cancel);
            return who is null ? (await BuildAsync()).Then<Answer>(built => built.Figures) : await Storage.UseAsync(terminal, stores => DecideAsync(stores, trainer, valid, BuildAsync, who, cancel));
        });
    }

    // Whoever registers a model does not choose the gate that it passes: the contract has to be the active one.
    private static async Task<Outcome<Answer>> DecideAsync(
        IServiceProvider stores, ImportedTrainer trainer, CreditContract contract, Func<Task<Outcome<(NewModel Model, Answer Figures)>>> build, string actor, CancellationToken cancel)
    {
        await stores.GetRequiredService<StorageAccount>().PrepareAsync(cancel);
        var active = await stores.GetRequiredService<ContractStore>().ActiveAsync(contract.Family, contract.Portfolio, cancel);
        if (active is null) return Outcome<Answer>.Reject(ContractStore.HowToActivate(contract.Family, contract.Portfolio));
        if (!JsonNode.DeepEquals(JsonSerializer.SerializeToNode(contract, Json.Options), JsonSerializer.SerializeToNode((CreditContract)active, Json.Options)))
            return Outcome<Answer>.Reject($"The contract is not the active one of {contract.Family}/{contract.Portfolio}, whose gate decides: give what 'serverless contract show {contract.Family} {contract.Portfolio}' prints, or activate this one.");
        var built = await build();
        if (built is not Outcome<(NewModel Model, Answer Figures)>.Done { Value: var (model, figures) }) return built.Pass<Answer>();
        var registration = new Dictionary<string, byte[]> { [ImportedRegistration.FileName] = Json.File(new ImportedRegistration(actor, TimeProvider.System.GetUtcNow())) };
        var decided = await stores.GetRequiredService<Promotion>().DecideAsync(trainer, contract.Portfolio, model with { Beside = registration }, contract.Gate, actor, cancel);
        figures.Json["result"] = JsonSerializer.SerializeToNode(decided.Result, Json.Options);
        figures.Json["reasons"] = new JsonArray([.. decided.Reasons.Select(r => (JsonNode)r)]);
        return figures with { Text = string.Join('\n', [figures.Text, $"{"result",-20} {decided.Result}", .. decided.Reasons]) };
    }
}
