using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Serverless.Serving;
using Serverless.Training;
using Serverless.Training.Quality;

namespace Serverless.Cli;

internal static class DropsCheck
{
    public static Command Create(Terminal terminal)
    {
        var contract = Verb.ExistingFile("--contract", "Contract of the portfolio (JSON).");
        var data = new Option<FileSystemInfo[]>("--data") { Description = "The drop to check; of several files all of them, of documents a folder too.", Required = true, AllowMultipleArgumentsPerToken = true }.AcceptExistingOnly();
        var model = new Option<DirectoryInfo>("--model") { Description = "Folder with a model to compare the data with." }.AcceptExistingOnly();
        var output = Verb.Optional("--out", "Folder for report.json and report.html.");
        return new Command("check", "Check a file as a drop would be, and profile it; trains nothing and needs no storage.") { contract, data, model, output }.Runs(terminal, async (parsed, cancel) =>
        {
            var given = Offline.ReadContract(await File.ReadAllBytesAsync(parsed.GetRequiredValue(contract).FullName, cancel));
            if (given is not Outcome<(ITrainingFamily Family, DataContract Contract)>.Done { Value: var (family, valid) }) return given.Pass<Answer>();
            var context = new ReadingContext(TimeProvider.System.GetUtcNow()) { KeepRows = false };
            if (parsed.GetValue(model) is { } folder) context = await ComparedAsync(context, folder.FullName, cancel);
            await using var drop = await DocumentData.OpenAsync(parsed.GetRequiredValue(data), cancel);
            var read = await terminal.WatchAsync(progress => family.ReadAsync(valid, drop, context, progress, cancel), cancel);
            if (read.Quality is { } quality && parsed.GetValue(output) is { } written)
            {
                Directory.CreateDirectory(written);
                foreach (var (file, content) in QualityReport.Files(quality)) await File.WriteAllBytesAsync(Path.Combine(written, file), content, cancel);
            }

            return read.Rows.Then<Answer>(rows => Describe(rows, read.Quality, parsed.GetValue(output)));
        });
    }

    private static async Task<ReadingContext> ComparedAsync(ReadingContext context, string folder, CancellationToken cancel)
    {
        var bundle = await ModelBundle.ReadFolderAsync(folder, cancel);
        var profile = Path.Combine(folder, ModelProfile.FileName);
        return context with { ChampionVersion = bundle.Version, Champion = File.Exists(profile) ? ModelProfile.Read(await File.ReadAllBytesAsync(profile, cancel)) : null };
    }

    private static Answer Describe(TrainingRows rows, DropQuality? quality, string? folder)
    {
        var findings = quality?.Findings ?? [];
        var json = new JsonObject { ["outcome"] = "done", ["rows"] = rows.Count, ["rowsInError"] = rows.RowsInError, ["findings"] = JsonSerializer.SerializeToNode(findings, Serving.Json.Options) };
        if (folder is not null) json["out"] = folder;
        return new Answer(json, string.Join('\n',
        [
            string.Create(CultureInfo.InvariantCulture, $"{rows.Count} rows can be used, {rows.RowsInError} cannot."),
            .. findings.Select(f => $"{f.Gravity.ToString().ToLowerInvariant(),-6}{(f.Column is null ? "" : $"'{f.Column}': ")}{f.Text}"),
            .. folder is null ? [] : new[] { $"Wrote {Path.Combine(folder, QualityReport.Page)}" },
        ]));
    }
}
