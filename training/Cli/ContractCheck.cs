using System.CommandLine;
using System.Text.Json.Nodes;
using Serverless.Serving;
using Serverless.Training;

namespace Serverless.Cli;

internal static class ContractCheck
{
    public static Command Create(Terminal terminal)
    {
        var file = new Argument<FileInfo>("FILE") { Description = "Contract (JSON)." }.AcceptExistingOnly();
        var data = new Option<FileSystemInfo[]>("--data") { Description = "A drop to check against it: CSV, gzip of CSV, or Parquet; of documents a ZIP, a folder, or two IDX files.", AllowMultipleArgumentsPerToken = true }.AcceptExistingOnly();
        return new Command("check", "Check a contract, and a drop against it; all faults are listed.") { file, data }.Runs(terminal, async (parsed, cancel) =>
        {
            var given = Offline.ReadContract(await File.ReadAllBytesAsync(parsed.GetRequiredValue(file).FullName, cancel));
            if (given is not Outcome<(ITrainingFamily Family, DataContract Contract)>.Done { Value: var (family, contract) }) return given.Pass<Answer>();
            var json = new JsonObject { ["outcome"] = "done", ["family"] = contract.Family, ["portfolio"] = contract.Portfolio, ["version"] = contract.Version };
            var text = $"Contract {contract.Version} of {contract.Family}/{contract.Portfolio} is valid.";
            if (parsed.GetValue(data) is not { Length: > 0 } drop) return new Answer(json, text);
            await using var local = await DocumentData.OpenAsync(drop, cancel);
            var read = await terminal.WatchAsync(progress => family.ReadAsync(contract, local, new ReadingContext(TimeProvider.System.GetUtcNow()) { KeepRows = false }, progress, cancel), cancel);
            return read.Rows.Then<Answer>(kept =>
            {
                (json["rows"], json["rowsInError"]) = (kept.Count, kept.RowsInError);
                return new Answer(json, $"{text} {kept.Count} rows can be used, {kept.RowsInError} cannot.");
            });
        });
    }
}
