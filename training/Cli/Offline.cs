using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Serving;
using Serverless.Training;
using Serverless.Training.Drops;

namespace Serverless.Cli;

/// <summary>What the verbs that need no storage have in common: families by name, training into a folder, figures as an answer.</summary>
internal static class Offline
{
    /// <summary>Every family that can be trained, from the one composition.</summary>
    public static IReadOnlyList<ITrainingFamily> Families { get; } = [.. new ServiceCollection().AddTraining().BuildServiceProvider().GetServices<ITrainingFamily>()];

    /// <summary>Every family that has contracts and models, those whose models are only registered too.</summary>
    public static IReadOnlyList<IModelFamily> Served { get; } = [.. new ServiceCollection().AddTraining().BuildServiceProvider().GetServices<IModelFamily>()];

    /// <summary>Reads and checks a contract of any family.</summary>
    public static Outcome<(ITrainingFamily Family, DataContract Contract)> ReadContract(byte[] json)
    {
        string? name;
        try
        {
            name = JsonNode.Parse(json) is JsonObject contract && contract["family"] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
        }
        catch (JsonException error)
        {
            return Outcome<(ITrainingFamily, DataContract)>.Reject($"The contract is no JSON: {error.Message}");
        }

        return Families.FirstOrDefault(f => f.Serving.Name == name) is { } family
            ? family.Serving.ReadContract(json).Then<(ITrainingFamily, DataContract)>(contract => (family, contract))
            : Outcome<(ITrainingFamily, DataContract)>.Reject($"The contract must name its 'family': {string.Join(" or ", Families.Select(f => $"'{f.Serving.Name}'"))}.");
    }

    /// <summary>Loads a model from the folder that training wrote.</summary>
    public static async Task<IServedModel> LoadAsync(string folder, CancellationToken cancel)
    {
        var bundle = await ModelBundle.ReadFolderAsync(folder, cancel);
        var family = Served.FirstOrDefault(f => f.Name == bundle.Manifest.Family)
            ?? throw new InvalidModelException($"The model is of family '{bundle.Manifest.Family}', which this program does not know.");
        return family.Load(bundle);
    }

    /// <summary>
    /// Trains a model into a folder; the figures are those of the holdout. A long training that was killed or cancelled goes on, when it is given again,
    /// from what it left beside the folder.
    /// </summary>
    /// <param name="terminal">Shows how far it is.</param>
    /// <param name="family">The contract's family.</param>
    /// <param name="contract">What the data keeps to.</param>
    /// <param name="data">The files of the drop.</param>
    /// <param name="folder">Where the model is written.</param>
    /// <param name="baseModel">The model that the contract builds on; null for none.</param>
    /// <param name="cancel">Stops it.</param>
    public static async Task<Outcome<Answer>> TrainAsync(
        Terminal terminal, ITrainingFamily family, DataContract contract, FileInfo[] data, string folder, ModelBundle? baseModel, CancellationToken cancel) =>
        (await BuildAsync(terminal, family, contract, data, folder, baseModel, cancel)).Then<Answer>(built => built.Figures);

    /// <summary>The same, with the model itself; arguments as above.</summary>
    public static async Task<Outcome<(NewModel Model, Answer Figures)>> BuildAsync(
        Terminal terminal, ITrainingFamily family, DataContract contract, FileInfo[] data, string folder, ModelBundle? baseModel, CancellationToken cancel)
    {
        await using var drop = await Verb.OpenAsync(data, cancel);
        return await BuildAsync(terminal, family, contract, drop, folder, baseModel, cancel);
    }

    /// <summary>The same of a drop that is open; other arguments as above.</summary>
    public static async Task<Outcome<(NewModel Model, Answer Figures)>> BuildAsync(
        Terminal terminal, ITrainingFamily family, DataContract contract, LocalDrop drop, string folder, ModelBundle? baseModel, CancellationToken cancel)
    {
        var watch = Stopwatch.StartNew();
        var context = new ReadingContext(TimeProvider.System.GetUtcNow()) { Profiled = false, BaseModel = (_, _, version, _) => Task.FromResult(baseModel?.Version == version ? baseModel : null) };
        var checkpoints = new FolderCheckpoints($"{Path.TrimEndingDirectorySeparator(folder)}.checkpoint", new RetrainingOptions().CheckpointEvery, terminal.Error.WriteLine);
        var outcome = await terminal.WatchAsync(progress => ModelTraining.RunAsync(family, contract, drop, context, parent: null, checkpoints, TimeProvider.System, progress, cancel), cancel);
        if (outcome is not Outcome<NewModel>.Done { Value: var model }) return outcome.Pass<(NewModel, Answer)>();
        var written = await WriteAsync(contract, model, folder, watch, cancel);
        await checkpoints.RemoveAsync(cancel);
        return (model, written);
    }

    /// <summary>The same on rows that were read, of a training that is short enough to begin again.</summary>
    public static async Task<Outcome<Answer>> TrainAsync(Terminal terminal, ITrainingFamily family, DataContract contract, TrainingRows rows, string dataSha256, string folder, CancellationToken cancel)
    {
        var watch = Stopwatch.StartNew();
        var model = await terminal.WatchAsync(progress => ModelTraining.TrainAsync(family, contract, rows, dataSha256, parent: null, checkpoints: null, TimeProvider.System, progress, cancel), cancel);
        return await WriteAsync(contract, model, folder, watch, cancel);
    }

    private static async Task<Answer> WriteAsync(DataContract contract, NewModel model, string folder, Stopwatch watch, CancellationToken cancel)
    {
        if (model.SelfTestFault is { } fault) throw new InvalidOperationException($"The trained model fails its self-test: {fault}");
        var bundle = model.Seal(gate: null);
        await bundle.WriteFolderAsync(folder, cancel);
        var figures = Figures(bundle.Manifest.Rows, bundle.Manifest.Metrics, bundle.Version, folder, ("trainSeconds", Math.Round(watch.Elapsed.TotalSeconds, 3)), ("rowsInError", model.RowsInError));

        // What the gate would say of it without a champion, so that nobody has to drop it to learn that.
        var warnings = Gate.Reasons(Gate.Decide(contract.Gate, model.Evidence, comparison: null));
        if (warnings.Count == 0) return figures;
        figures.Json["warnings"] = new JsonArray([.. warnings.Select(w => (JsonNode)w)]);
        return figures with { Text = string.Join('\n', warnings.Select(w => $"warning: {w}").Prepend(figures.Text)) };
    }

    /// <summary>Figures as an answer.</summary>
    public static Answer Figures(int rows, IReadOnlyDictionary<string, double> metrics, string version, string? folder, params (string Name, double Figure)[] more)
    {
        var json = new JsonObject { ["outcome"] = "done", ["rows"] = rows };
        foreach (var (name, figure) in metrics.Where(m => double.IsFinite(m.Value))) json[name] = figure;
        foreach (var (name, figure) in more) json[name] = figure;
        json["version"] = version;
        if (folder is not null) json["out"] = folder;
        return new Answer(json, string.Join('\n', json.Skip(1).Select(f => string.Create(CultureInfo.InvariantCulture, $"{f.Key,-20} {Shown(f.Value!)}"))));
    }

    private static string Shown(JsonNode value) => value.GetValueKind() == JsonValueKind.Number
        ? Math.Round(double.Parse(value.ToJsonString(), CultureInfo.InvariantCulture), 4).ToString(CultureInfo.InvariantCulture)
        : value.ToString();
}
