using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Serving;
using Serverless.Training.Backup;

namespace Serverless.Cli;

internal static class Restore
{
    public static Command Create(Terminal terminal)
    {
        var from = Verb.ExistingFolder("--from", "Folder that 'serverless backup' wrote.");
        return new Command("restore", "Put a backup into an account that holds none of it yet, with the app stopped; repeat it if it was interrupted.") { from }.Runs(terminal, (parsed, cancel) =>
            Storage.UseAsync<Answer>(terminal, async stores =>
            {
                var folder = parsed.GetRequiredValue(from).FullName;
                var restore = new AccountRestore(stores.GetRequiredService<StorageAccount>());
                var restored = await terminal.WatchAsync(progress => restore.RunAsync(folder, progress, cancel), cancel);
                return restored.Then<Answer>(report => new Answer(
                    new JsonObject { ["outcome"] = "done", ["files"] = report.Files, ["bytes"] = report.Bytes },
                    string.Create(CultureInfo.InvariantCulture, $"{report.Files} files, {report.Bytes} bytes are restored. Verify them with 'serverless decisions verify', erase again what was erased since the backup, then start the app.")));
            }));
    }
}
