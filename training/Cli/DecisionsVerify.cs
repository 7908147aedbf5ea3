using System.CommandLine;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Serving;
using Serverless.Serving.Decisions;
using Serverless.Training;

namespace Serverless.Cli;

internal static class DecisionsVerify
{
    public static Command Create(Terminal terminal)
    {
        var folder = new Option<DirectoryInfo>("--folder") { Description = "A downloaded copy; else the storage account." }.AcceptExistingOnly();
        return new Command("verify", "Prove that the decision log is whole: chain, anchors, and a record for each decision.") { folder }.Runs(terminal, (parsed, cancel) =>
            parsed.GetValue(folder) is { } copy
                ? VerifyAsync(terminal, LogCopy.Of(copy.FullName), cancel)
                : Storage.UseAsync<Answer>(terminal, stores => VerifyAsync(terminal, LogCopy.Of(stores.GetRequiredService<StorageAccount>()), cancel)));
    }

    private static async Task<Outcome<Answer>> VerifyAsync(Terminal terminal, LogCopy copy, CancellationToken cancel)
    {
        var report = await terminal.WatchAsync(progress => new LogVerification(copy, TimeProvider.System).RunAsync(new Stages(progress), cancel), cancel);
        if (report.Faults.Count > 0) return Outcome<Answer>.Reject(report.Faults);
        var json = new JsonObject
        {
            ["outcome"] = "done",
            ["decisions"] = report.Decisions,
            ["reviews"] = report.Reviews,
            ["shards"] = report.Shards,
            ["anchors"] = report.Anchors,
            ["applications"] = report.Applications,
            ["erased"] = report.Erased,
        };
        return new Answer(json, $"The log is whole: {report.Decisions} decisions and {report.Reviews} reviews in {report.Shards} shards, {report.Anchors} anchors, {report.Applications} applications, {report.Erased} of them erased.");
    }

    private sealed class Stages(IProgress<TrainingProgress> progress) : IProgress<string>
    {
        public void Report(string value) => progress.Report(new(value));
    }
}
