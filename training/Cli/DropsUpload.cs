using System.CommandLine;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Serving;
using Serverless.Training.Drops;

namespace Serverless.Cli;

internal static class DropsUpload
{
    public static Command Create(Terminal terminal)
    {
        var files = new Argument<FileInfo[]>("FILE") { Description = "CSV, CSV.gz or Parquet; of documents a ZIP, pictures with a CSV of labels, or two IDX files. Several, or one above 64 MB, are dropped as parts with a manifest.", Arity = ArgumentArity.OneOrMore }.AcceptExistingOnly();
        var family = Verb.Required("--family", "Family of the portfolio, such as credit, text or documents.");
        var portfolio = Verb.Required("--portfolio", "Portfolio to retrain.");
        var name = Verb.Optional("--name", "Name of the drop, without an ending; that of the first file if left out.");
        var observed = new Option<DateOnly?>("--observed-on") { Description = "Day on which the outcomes were looked up, as 2026-03-31; wins over the contract's." };
        var mode = new Option<DropMode?>("--mode") { Description = "full (all rows) or increment (adds to the earlier drops); as the contract says if left out." };
        return new Command("upload", "Drop files, which retrains the portfolio; repeat it to go on after a break.") { files, family, portfolio, name, observed, mode }.Runs(terminal, (parsed, cancel) =>
            Storage.UseAsync<Answer>(terminal, async stores =>
            {
                await stores.GetRequiredService<StorageAccount>().PrepareAsync(cancel);
                var drop = new FilesToDrop(parsed.GetRequiredValue(family), parsed.GetRequiredValue(portfolio), parsed.GetValue(name), parsed.GetRequiredValue(files), parsed.GetValue(observed), parsed.GetValue(mode));
                var upload = stores.GetRequiredService<DropUpload>();
                var uploaded = await terminal.WatchAsync(progress => upload.RunAsync(drop, Offline.Families, progress, cancel), cancel);
                return uploaded.Then<Answer>(done => new Answer(
                    new JsonObject { ["outcome"] = "done", ["drop"] = $"drops/{done.Drop}", ["files"] = done.Files, ["skipped"] = done.Skipped, ["bytes"] = done.Bytes },
                    $"Dropped drops/{done.Drop} ({done.Files} files, {done.Bytes} bytes{(done.Skipped > 0 ? $"; {done.Skipped} lay there already" : "")}). See 'serverless drops list'."));
            }));
    }
}
