using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Microsoft.Extensions.Logging;
using Serverless.Serving;

namespace Serverless.Training;

/// <summary>Checkpoints of retraining: container <c>runs</c>, <c>{family}/{portfolio}/checkpoint/</c>, there only while a run is under way or waits to go on.</summary>
/// <remarks>
/// One run of a portfolio at a time has its lease, so the place is the portfolio's, and what a run leaves that nobody takes up is overwritten
/// by the next. A run that loses the lease stops writing; should a last write arrive late, it is a state of the run that it names, from
/// which that run comes to the same end, and which any other ignores. They hold weights, no text of anybody.
/// </remarks>
public sealed partial class RunCheckpoints(StorageAccount account, RetrainingOptions options, ILogger<RunCheckpoints> log)
{
    /// <summary>Whether a blob of container <c>runs</c> is one.</summary>
    public static bool Is(string name) => name.Split('/') is [_, _, "checkpoint", _];

    /// <summary>Those of a portfolio.</summary>
    public CheckpointFiles Of(string family, string portfolio) => new Blobs(
        account.Blobs.GetBlobContainerClient("runs"), $"{Names.Family.Check(family)}/{Names.Portfolio.Check(portfolio)}/checkpoint/", options.CheckpointEvery, log);

    [LoggerMessage(1, LogLevel.Information, "Training goes on from checkpoint runs/{Checkpoint}")]
    private static partial void LogResumed(ILogger log, string checkpoint);

    [LoggerMessage(2, LogLevel.Warning, "Checkpoint runs/{Checkpoint} is not used, since {Why}: training begins anew")]
    private static partial void LogIgnored(ILogger log, string checkpoint, string why);

    [LoggerMessage(3, LogLevel.Warning, "Checkpoint runs/{Checkpoint} could not be written; training goes on")]
    private static partial void LogNotWritten(ILogger log, string checkpoint, Exception error);

    private sealed class Blobs(BlobContainerClient runs, string prefix, TimeSpan every, ILogger log) : CheckpointFiles(every)
    {
        public override async Task<IReadOnlyDictionary<string, byte[]>> ReadAsync(CancellationToken cancel)
        {
            var found = new Dictionary<string, byte[]>();
            await foreach (var blob in ListAsync(cancel))
            {
                try
                {
                    found[blob.Name[prefix.Length..]] = (await runs.GetBlobClient(blob.Name).DownloadContentAsync(cancel)).Value.Content.ToArray();
                }
                catch (RequestFailedException error) when (error.Status == 404)
                {
                    // Retention removed it since it was listed.
                }
            }

            return found;
        }

        public override Task WriteAsync(string name, byte[] content, CancellationToken cancel) =>
            runs.GetBlobClient(prefix + name).UploadAsync(BinaryData.FromBytes(content), overwrite: true, cancel);

        public override async Task RemoveAsync(CancellationToken cancel)
        {
            await foreach (var blob in ListAsync(cancel)) await runs.GetBlobClient(blob.Name).DeleteIfExistsAsync(cancellationToken: cancel);
        }

        public override void Resumed(string name) => LogResumed(log, prefix + name);

        public override void Ignored(string name, string why) => LogIgnored(log, prefix + name, why);

        public override void NotWritten(string name, Exception error) => LogNotWritten(log, prefix + name, error);

        private AsyncPageable<BlobItem> ListAsync(CancellationToken cancel) => runs.GetBlobsAsync(new GetBlobsOptions { Prefix = prefix }, cancel);
    }
}
