using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Serverless.Serving;
using Serverless.Serving.Poison;
using Serverless.Training.Drops;

namespace Serverless.Training;

/// <summary>
/// No drop is missed: whatever became of its message, a drop without an outcome is found here, told, and worked off. Safe beside the
/// ordinary trigger: outcomes and the portfolio's lease let only one of them do the work.
/// </summary>
public sealed partial class DropReconciliation(
    DropBacklog backlog, PortfolioLease lease, Retraining retraining, PoisonStore poison, IEnumerable<ITrainingFamily> families, RetrainingOptions options, TimeProvider time,
    ILogger<DropReconciliation> log)
{
    private const int Attempts = 5; // as host.json says for blobs
    private static readonly TimeSpan PartsWait = TimeSpan.FromDays(1);
    private static readonly Gauge<double> OldestAge = Telemetry.Meter.CreateGauge<double>("serverless.drops.oldest_age", "s", "Age of the oldest drop without an outcome; 0 when there is none.");
    private static readonly Gauge<int> Waiting = Telemetry.Meter.CreateGauge<int>("serverless.drops.waiting", "{drop}", "Drops without an outcome.");

    private readonly IReadOnlyDictionary<string, DropForms> _families = DropForms.Of(families);

    /// <summary>Looks once: measures, tells, and works off what its trigger missed, oldest first.</summary>
    /// <param name="progress">Told how far a run is.</param>
    /// <param name="cancel">Stops it.</param>
    public async Task RunAsync(IProgress<TrainingProgress> progress, CancellationToken cancel)
    {
        var waiting = new List<DropBlob>();
        await foreach (var drop in backlog.WaitingAsync("", cancel)) waiting.Add(drop);
        var found = Look(waiting, time.GetUtcNow(), options.MissedAfter);
        OldestAge.Record(found.OldestAge.TotalSeconds);
        Waiting.Record(found.Waiting);
        if (found.Missed.Count > 0) LogMissed(found.Waiting, found.OldestAge, found.Missed.Count);
        else LogWaiting(found.Waiting, found.OldestAge);
        if (await backlog.MissingManifestsAsync(time.GetUtcNow() - PartsWait, cancel) is { Count: > 0 } missing) LogMissingManifests(missing.Count, missing[0]);
        foreach (var drop in found.Missed)
        {
            await WorkOffAsync(drop, progress, cancel);
        }
    }

    /// <summary>What the waiting drops come to.</summary>
    internal static Backlog Look(IReadOnlyCollection<DropBlob> waiting, DateTimeOffset now, TimeSpan missedAfter)
    {
        var oldest = waiting.Count > 0 ? now - waiting.Min(d => d.LastModified) : TimeSpan.Zero;
        var missed = waiting.Where(d => now - d.LastModified >= missedAfter).OrderBy(d => d.LastModified).ThenBy(d => d.Name, StringComparer.Ordinal);
        return new(waiting.Count, oldest > TimeSpan.Zero ? oldest : TimeSpan.Zero, [.. missed]);
    }

    // A run under way works off what came before its drop, and may take long: the next look is soon enough for the rest.
    private async Task<bool> IsBusyAsync(DropBlob drop, CancellationToken cancel) =>
        DropName.Read(drop.Name, drop.Bytes, _families) is Outcome<DropName>.Done { Value: var name }
        && await lease.IsHeldAsync(name.Family, name.Portfolio, cancel);

    private async Task WorkOffAsync(DropBlob drop, IProgress<TrainingProgress> progress, CancellationToken cancel)
    {
        try
        {
            if (await IsBusyAsync(drop, cancel)) return;
            var outcome = await retraining.RunAsync(drop.Name, drop.ETag.ToString(), progress, cancel);
            LogWorkedOff(drop.Name, outcome.Result);
        }
        catch (Exception error) when (!cancel.IsCancellationRequested)
        {
            // Wide, because one drop that keeps failing must not keep the others waiting: it is told and counted here, and the next look tries
            // again, until it has failed as often as a delivered one may and lies in the poison store for a person.
            LogFailed(drop.Name, error);
            if (!StorageAccount.IsOutage(error) && await poison.NoteBlobAsync(DropStore.Container, drop.Name, drop.ETag.ToString(), FailureReason.Of(error), Attempts, cancel)) LogGivenUp(drop.Name);
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "{Waiting} drops have no outcome, the oldest for {Age}; {Missed} of them for so long that they count as missed by their trigger")]
    private partial void LogMissed(int waiting, TimeSpan age, int missed);

    [LoggerMessage(2, LogLevel.Debug, "{Waiting} drops have no outcome, the oldest for {Age}")]
    private partial void LogWaiting(int waiting, TimeSpan age);

    [LoggerMessage(3, LogLevel.Information, "Drop {Drop}, which its trigger missed: {Result}")]
    private partial void LogWorkedOff(string drop, RetrainResult result);

    [LoggerMessage(4, LogLevel.Warning, "Drop {Drop}, which its trigger missed, failed; the next look tries again")]
    private partial void LogFailed(string drop, Exception error);

    [LoggerMessage(5, LogLevel.Error, "Drop {Drop} is given up: see 'serverless poison list'")]
    private partial void LogGivenUp(string drop);

    [LoggerMessage(6, LogLevel.Warning, "Parts of {Drops} drops have lain for more than a day without a manifest, which would start the run; the first that is missing is {Manifest}: upload it, or delete the parts")]
    private partial void LogMissingManifests(int drops, string manifest);

    /// <summary>What a look found.</summary>
    /// <param name="Waiting">Drops without an outcome.</param>
    /// <param name="OldestAge">Of the oldest of them; zero when there is none.</param>
    /// <param name="Missed">Those that wait too long, oldest first.</param>
    internal sealed record Backlog(int Waiting, TimeSpan OldestAge, IReadOnlyList<DropBlob> Missed);
}
