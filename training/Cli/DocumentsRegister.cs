using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Serving;
using Serverless.Serving.Documents;
using Serverless.Training;
using Serverless.Training.Documents;

namespace Serverless.Cli;

internal static class DocumentsRegister
{
    public static Command Create(Terminal terminal)
    {
        var folder = new Argument<DirectoryInfo?>("FOLDER") { Description = $"Folder with the graphs of a PP-OCR release; left out: the npm package {ReadingFolder.Package} in infra/local.", Arity = ArgumentArity.ZeroOrOne };
        var name = Verb.Required("--name", "Portfolio whose pages it reads, such as default.");
        var actor = Verb.Required("--actor", "Who registers it and makes it live; recorded.");
        var contract = new Option<FileInfo?>("--contract") { Description = "Contract of family 'reading' (JSON) with limits and thresholds; left out: the defaults." };
        return new Command("register", "Check graphs that read pages, store them and make them live.") { folder, name, actor, contract }.Runs(terminal, async (parsed, cancel) =>
        {
            var who = parsed.GetRequiredValue(actor);
            if (!Names.Actor.Allows(who) || who.Equals(Promotion.Actor, StringComparison.OrdinalIgnoreCase)) return Outcome<Answer>.Reject($"{Names.Actor.Fault} '{Promotion.Actor}' is the program's own name.");
            var read = await ContractAsync(parsed.GetValue(contract), parsed.GetRequiredValue(name), cancel);
            if (read is not Outcome<ReadingContract>.Done { Value: var valid }) return read.Pass<Answer>();
            var checkedFolder = await OpenAsync(terminal, parsed.GetValue(folder), valid, cancel);
            if (checkedFolder is not Outcome<ModelBundle>.Done { Value: var reader }) return checkedFolder.Pass<Answer>();
            return await Storage.UseAsync<Answer>(terminal, async stores =>
            {
                await stores.GetRequiredService<StorageAccount>().PrepareAsync(cancel);
                var registered = await ReadingRegistrations.RegisterAsync(reader, stores.GetRequiredService<ModelRegistry>(), stores.GetRequiredService<ModelChanges>(), who, cancel);
                return registered.Then<Answer>(waits => Describe(reader, waits));
            });
        });
    }

    /// <summary>The reader of a folder or, without one, of the installed package.</summary>
    public static async Task<Outcome<ModelBundle>> OpenAsync(Terminal terminal, DirectoryInfo? folder, ReadingContract contract, CancellationToken cancel)
    {
        var path = folder?.FullName ?? ReadingFolder.Installed(terminal.Folder) ?? ReadingFolder.Installed(AppContext.BaseDirectory);
        if (path is null || !Directory.Exists(path)) return Outcome<ModelBundle>.Reject(path is null ? ReadingFolder.HowToInstall : $"There is no folder '{path}'. {ReadingFolder.HowToInstall}");
        return await terminal.WatchAsync(_ => ReadingFolder.ReadAsync(path, contract, TimeProvider.System.GetUtcNow(), cancel), cancel);
    }

    /// <summary>Reads pages as the program does where nothing else is said.</summary>
    public static ReadingContract Default(string portfolio) => new() { Family = ReadingContract.FamilyName, Portfolio = portfolio, Version = "default" };

    private static async Task<Outcome<ReadingContract>> ContractAsync(FileInfo? file, string portfolio, CancellationToken cancel)
    {
        if (!Names.Portfolio.Allows(portfolio)) return Outcome<ReadingContract>.Reject($"--name: {Names.Portfolio.Fault}");
        if (file is null) return Default(portfolio);
        return ReadingContract.Read(await File.ReadAllBytesAsync(file.FullName, cancel)).Then<ReadingContract>(read => read.Portfolio == portfolio
            ? (ReadingContract)read
            : Outcome<ReadingContract>.Reject($"The contract is of portfolio '{read.Portfolio}' and --name says '{portfolio}': give the same."));
    }

    private static Answer Describe(ModelBundle reader, bool waits) => new(
        new JsonObject { ["outcome"] = "done", ["name"] = reader.Manifest.Portfolio, ["version"] = reader.Version, ["live"] = !waits, ["figures"] = JsonSerializer.SerializeToNode(reader.Manifest.Metrics, Json.Options) },
        $"Reader '{reader.Manifest.Portfolio}' is stored as version {reader.Version} ({reader.Manifest.Metrics["megabytes"]:0.##} MB) and "
        + (waits ? $"waits for a second person: 'serverless models approve {ReadingContract.FamilyName} {reader.Manifest.Portfolio} {reader.Version}'." : "is live."));
}
