using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Serving;
using Serverless.Training.Backup;

namespace Serverless.Cli;

internal static class Backup
{
    public static Command Create(Terminal terminal)
    {
        var output = Verb.Out("New folder for the backup.");
        return new Command("backup", "Copy models, contracts, runs, applications and the decision log into a folder; the app may go on.") { output }.Runs(terminal, (parsed, cancel) =>
            Storage.UseAsync<Answer>(terminal, async stores =>
            {
                var folder = parsed.GetRequiredValue(output);
                var backup = new AccountBackup(stores.GetRequiredService<StorageAccount>(), TimeProvider.System);
                var taken = await terminal.WatchAsync(progress => backup.TakeAsync(folder, progress, cancel), cancel);
                return taken.Then<Answer>(report => Describe(folder, report));
            }));
    }

    private static Answer Describe(string folder, BackupReport report) => new(
        new JsonObject
        {
            ["outcome"] = "done",
            ["folder"] = folder,
            ["files"] = report.Files,
            ["bytes"] = report.Bytes,
            ["sha256"] = report.Sha256,
            ["leftOut"] = JsonSerializer.SerializeToNode(report.LeftOut, Json.Options),
        },
        string.Create(CultureInfo.InvariantCulture, $"{report.Files} files, {report.Bytes} bytes in '{folder}', applicants' data among them: keep it as safe as the account.")
        + $"\nSHA-256 of its backup.json: {report.Sha256}. Kept elsewhere, it shows whether the backup was changed."
        + (report.LeftOut.Count > 0 ? $"\nLeft out, since they are none of the app's or not complete: {string.Join(", ", report.LeftOut)}" : "")
        + $"\nPut it into an empty account with 'serverless restore --from {folder}'.");
}
