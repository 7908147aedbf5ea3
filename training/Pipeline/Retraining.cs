using Microsoft.Extensions.Logging;
using Serverless.Serving;
using Serverless.Training.Drops;

namespace Serverless.Training;

/// <summary>The retrain path: from a drop to a model that is live, or to the reason why not.</summary>
public sealed partial class Retraining(
    DropStore drops, DropOutcomes outcomes, DropBacklog backlog, PortfolioLease lease, ContractStore contracts, ModelRegistry registry,
    Promotion promotion, RunStore runs, IEnumerable<ITrainingFamily> families, TimeProvider time, ILogger<Retraining> log)
{
    /// <summary>What retraining does in the storage; the host puts the drops that it gives up on the poison queue.</summary>
    public static IReadOnlyList<StorageNeed> Needs { get; } =
    [
        .. StorageNeeds.Failures, new("contracts", StorageAccess.Read), new("drops", StorageAccess.Own), new("models", StorageAccess.Write), new("outcomes", StorageAccess.Write),
        new("rejected", StorageAccess.Write), new("runs", StorageAccess.Write), new("webjobs-blobtrigger-poison", StorageAccess.Send),
    ];

    private readonly Dictionary<string, ITrainingFamily> _families = families.ToDictionary(f => f.Serving.Name);

    /// <summary>
    /// Retrains on one drop, after the older ones of its portfolio: whichever is delivered first, the result is that of one after the
    /// other. Safe to repeat: a drop is worked off once, and the same data under the same contract is trained once.
    /// </summary>
    /// <param name="dropName">Name of the blob in container <c>drops</c>: <c>{family}/{portfolio}/{file}.csv</c>.</param>
    /// <param name="etag">The ETag that the run is for, or null for the present one.</param>
    /// <param name="progress">Told how far it is.</param>
    /// <param name="cancel">Stops it, without an outcome: the drop still waits.</param>
    /// <exception cref="IOException">The portfolio's lease was lost to another run: try again.</exception>
    /// <exception cref="InvalidModelException">The champion cannot be compared with: it was changed or is incomplete.</exception>
    /// <exception cref="InvalidDataException">The active contract cannot be read.</exception>
    public async Task<RetrainOutcome> RunAsync(string dropName, string? etag, IProgress<TrainingProgress> progress, CancellationToken cancel)
    {
        var drop = await drops.FindAsync(dropName, etag, cancel);
        if (drop is null) return Gone(dropName);
        if (await outcomes.FindAsync(drop, cancel) is { } ended) return await SettledAsync(drop, ended.Outcome, cancel);
        var read = DropName.Read(drop.Name, drop.Bytes, _families.Keys);
        if (read is not Outcome<DropName>.Done { Value: var name }) return await RejectAsync(drop, null, read, cancel);
        return await lease.HoldAsync(name.Family, name.Portfolio, drop.Name, held => InTurnAsync(drop, name, progress, held), cancel);
    }

    private async Task<RetrainOutcome> InTurnAsync(DropBlob drop, DropName name, IProgress<TrainingProgress> progress, CancellationToken held)
    {
        // Another run, which held the lease until now, may have worked this drop off before its own.
        if (await outcomes.FindAsync(drop, held) is { } ended) return await SettledAsync(drop, ended.Outcome, held);
        foreach (var older in await backlog.BeforeAsync(name, drop, _families.Keys, held))
        {
            try
            {
                LogOlder(drop.Name, older.Name);
                await WorkOffAsync(older, name, progress, held);
            }
            catch (Exception error) when (!held.IsCancellationRequested)
            {
                // Wide, because whatever keeps an older drop from an outcome must not hold up this one: it still waits, has its own
                // deliveries, and is told here. Only a stop, a host's timeout or a lost lease ends this run too.
                LogOlderFailed(drop.Name, older.Name, error);
            }
        }

        return await WorkOffAsync(drop, name, progress, held);
    }

    private Task<RetrainOutcome> WorkOffAsync(DropBlob drop, DropName name, IProgress<TrainingProgress> progress, CancellationToken cancel) => RetrainTelemetry.WatchAsync(
        name.Family, name.Portfolio, drop.Name, drop.TraceParent, progress, time, watched => StagesAsync(drop, name, watched, cancel));

    /// <summary>One drop, a line a stage.</summary>
    /// <remarks>
    /// The order of writes: the version with its manifest last, then the champion pointer, then the run, then the drop's outcome. A crash
    /// before the pointer leaves a version that nobody serves; one before the run leaves it live; one before the outcome leaves the run.
    /// Each time the drop still waits, is delivered again or found by the reconciliation, trains the same version unless the run is there,
    /// finds it stored or live, and goes on from there.
    /// </remarks>
    private async Task<RetrainOutcome> StagesAsync(DropBlob drop, DropName name, IProgress<TrainingProgress> progress, CancellationToken cancel)
    {
        var started = time.GetTimestamp();
        var family = _families[name.Family];
        var contract = await contracts.ActiveAsync(name.Family, name.Portfolio, cancel);
        if (contract is null) return await RejectAsync(drop, null, Outcome<DataContract>.Reject(ContractStore.HowToActivate(name.Family, name.Portfolio)), cancel);

        progress.Report(new("download"));
        await using var data = await drops.DownloadAsync(drop, cancel);
        if (data is null) return Gone(drop.Name);
        var runId = RunId.Of(data.Sha256, contract, family);
        if (await runs.FindAsync(name.Family, name.Portfolio, runId, cancel) is { } earlier) return await SettleAsync(drop, earlier.OutcomeOf(drop), cancel);
        LogStarted(drop.Name, runId, drop.Bytes, contract.Version);

        var champion = await registry.ChampionAsync(name.Family, name.Portfolio, cancel);
        var training = await ModelTraining.RunAsync(family, contract, data, champion?.Version, time, progress, cancel);
        if (training is not Outcome<NewModel>.Done { Value: var model }) return await RejectAsync(drop, runId, training, cancel);

        progress.Report(new("gate"));
        var decided = await promotion.DecideAsync(family, name.Portfolio, model, contract.Gate, cancel);
        var ended = new RunRecord(Concluded(drop.Name, model, decided), data.Sha256, contract.Version, time.GetUtcNow()) { DropETag = drop.ETag.ToString() };
        var run = await runs.KeepAsync(name.Family, name.Portfolio, ended, cancel);
        if (decided.Gate is { } verdict && ReferenceEquals(run, ended)) RetrainTelemetry.Judged(family.Serving.Name, verdict.Decision);
        LogEnded(runId, run.Outcome.Version, run.Outcome.Result, time.GetElapsedTime(started).TotalSeconds);
        return await SettleAsync(drop, run.OutcomeOf(drop), cancel);
    }

    private async Task<RetrainOutcome> RejectAsync<T>(DropBlob drop, string? runId, Outcome<T> rejected, CancellationToken cancel)
    {
        var reasons = ((Outcome<T>.Rejected)rejected).Reasons;
        await drops.CopyToRejectedAsync(drop, new DropReport(drop.Name, drop.Bytes, time.GetUtcNow(), reasons), cancel);
        var outcome = new RetrainOutcome(RetrainResult.Rejected, drop.Name, runId, null, reasons, new Dictionary<string, double>(), null);
        LogRejected(drop.Name, drop.Bytes, reasons.Count);
        return await SettleAsync(drop, outcome, cancel);
    }

    /// <summary>
    /// The outcome comes before a rejected drop is removed: the other order would lose it to a crash in between, since nobody works off a
    /// drop that is gone. So a crash leaves a settled drop, which its next delivery only removes.
    /// </summary>
    private async Task<RetrainOutcome> SettleAsync(DropBlob drop, RetrainOutcome outcome, CancellationToken cancel)
    {
        await outcomes.WriteAsync(drop, outcome, time.GetUtcNow(), cancel);
        RetrainTelemetry.Settled(_families.Keys.FirstOrDefault(f => drop.Name.StartsWith($"{f}/", StringComparison.Ordinal)), outcome.Result);
        if (outcome.Result == RetrainResult.Rejected) await drops.RemoveAsync(drop, cancel);
        return outcome;
    }

    private async Task<RetrainOutcome> SettledAsync(DropBlob drop, RetrainOutcome earlier, CancellationToken cancel)
    {
        if (earlier.Result == RetrainResult.Rejected) await drops.RemoveAsync(drop, cancel);
        return earlier.Again(drop.Name, $"The drop was worked off before and ended as {earlier.Result}: nothing to do.");
    }

    private static RetrainOutcome Concluded(string drop, NewModel model, PromotionResult decided)
    {
        var manifest = model.Bundle.Manifest;
        var version = model.SelfTestFault is null ? manifest.Version : null;
        IReadOnlyList<string> reasons = [.. decided.Reasons, .. model.SelfTestFault is { } fault ? [fault] : Array.Empty<string>()];
        return new(decided.Result, drop, manifest.RunId, version, reasons, manifest.Metrics, decided.Gate) { Rows = manifest.Rows, RowsInError = model.RowsInError };
    }

    private static RetrainOutcome Gone(string drop) => new(
        RetrainResult.NoOp, drop, null, null, ["The drop is gone or was overwritten: nothing to do, new content has its own run."], new Dictionary<string, double>(), null);

    [LoggerMessage(1, LogLevel.Information, "Drop {Drop}: run {RunId} started, {Bytes} bytes under contract {Contract}")]
    private partial void LogStarted(string drop, string runId, long bytes, string contract);

    [LoggerMessage(3, LogLevel.Information, "Run {RunId}: version {Version} {Result} after {Seconds:0.0} s")]
    private partial void LogEnded(string runId, string? version, RetrainResult result, double seconds);

    [LoggerMessage(5, LogLevel.Warning, "Drop {Drop} ({Bytes} bytes) rejected for {Faults} reasons; its report is in container rejected")]
    private partial void LogRejected(string drop, long bytes, int faults);

    [LoggerMessage(6, LogLevel.Information, "Drop {Drop}: drop {Older} came before it and is worked off first")]
    private partial void LogOlder(string drop, string older);

    [LoggerMessage(7, LogLevel.Warning, "Drop {Drop}: drop {Older}, which came before it, failed and is left to its own deliveries")]
    private partial void LogOlderFailed(string drop, string older, Exception error);
}
