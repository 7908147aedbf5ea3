using Microsoft.Extensions.Logging;
using Serverless.Serving;
using Serverless.Training.Drops;
using Serverless.Training.Quality;

namespace Serverless.Training;

/// <summary>The retrain path: from a drop to a model that is live, or to the reason why not.</summary>
public sealed partial class Retraining(
    DropStore drops, DropOutcomes outcomes, DropBacklog backlog, TrainingSets sets, PortfolioLease lease, RunCheckpoints checkpoints, ContractStore contracts, ModelRegistry registry,
    Promotion promotion, RunStore runs, IEnumerable<ITrainingFamily> families, TimeProvider time, ILogger<Retraining> log)
{
    /// <summary>What retraining does in the storage; the host puts the drops that it gives up on the poison queue.</summary>
    public static IReadOnlyList<StorageNeed> Needs { get; } =
    [
        .. StorageNeeds.Failures, new("contracts", StorageAccess.Read), new("datasets", StorageAccess.Write), new("drops", StorageAccess.Own), new("models", StorageAccess.Write),
        new("outcomes", StorageAccess.Write), new("rejected", StorageAccess.Write), new("runs", StorageAccess.Write), new("webjobs-blobtrigger-poison", StorageAccess.Send),
    ];

    private readonly Dictionary<string, ITrainingFamily> _families = families.ToDictionary(f => f.Serving.Name);
    private readonly IReadOnlyDictionary<string, DropForms> _forms = DropForms.Of(families);

    /// <summary>
    /// Retrains on one drop, after the older ones of its portfolio: whichever is delivered first, the result is that of one after the
    /// other. Safe to repeat: a drop is worked off once, and the same data under the same contract is trained once.
    /// </summary>
    /// <param name="dropName">Name of the blob in container <c>drops</c>: <c>{family}/{portfolio}/{file}</c>, a file or a manifest; a part is left to its manifest.</param>
    /// <param name="etag">The ETag that the run is for, or null for the present one.</param>
    /// <param name="progress">Told how far it is.</param>
    /// <param name="cancel">Stops it, without an outcome: the drop still waits.</param>
    /// <exception cref="IOException">The portfolio's lease was lost to another run: try again.</exception>
    /// <exception cref="InvalidModelException">The champion cannot be compared with: it was changed or is incomplete.</exception>
    /// <exception cref="InvalidDataException">The active contract or the current dataset cannot be read.</exception>
    public async Task<RetrainOutcome> RunAsync(string dropName, string? etag, IProgress<TrainingProgress> progress, CancellationToken cancel)
    {
        if (DropName.IsPart(dropName)) return NoOp(dropName, "It is part of a drop; its manifest starts the run.");
        var drop = await drops.FindAsync(dropName, etag, cancel);
        if (drop is null) return Gone(dropName);
        if (await outcomes.FindAsync(drop, cancel) is { } ended) return await SettledAsync(drop, ended.Outcome, cancel);
        var read = DropName.Read(drop.Name, drop.Bytes, _forms);
        if (read is not Outcome<DropName>.Done { Value: var name }) return await RejectAsync(drop, null, read, null, cancel);
        return await lease.HoldAsync(name.Family, name.Portfolio, drop.Name, held => InTurnAsync(drop, name, progress, held), cancel);
    }

    private async Task<RetrainOutcome> InTurnAsync(DropBlob drop, DropName name, IProgress<TrainingProgress> progress, CancellationToken held)
    {
        // Another run, which held the lease until now, may have worked this drop off before its own.
        if (await outcomes.FindAsync(drop, held) is { } ended) return await SettledAsync(drop, ended.Outcome, held);
        foreach (var (older, olderName) in await backlog.BeforeAsync(name, drop, _forms, held))
        {
            try
            {
                LogOlder(drop.Name, older.Name);
                await WorkOffAsync(older, olderName, progress, held);
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
    /// The order of writes: the dataset, then the version with its manifest last, then the champion pointer, then the checkpoints
    /// go, then the run, then the drop's outcome, its report before it. A crash before the version leaves a dataset that nothing was trained on; one before the pointer
    /// leaves a version that nobody serves; one before the run leaves it live; one before the outcome leaves the run. Each time the drop
    /// still waits, is delivered again or found by the reconciliation, finds or makes the same dataset, trains the same version, from
    /// its checkpoints where it left some, unless the run is there, finds it stored or live, and goes on from there.
    /// </remarks>
    private async Task<RetrainOutcome> StagesAsync(DropBlob drop, DropName name, IProgress<TrainingProgress> progress, CancellationToken cancel)
    {
        var started = time.GetTimestamp();
        var family = _families[name.Family];
        var contract = await contracts.ActiveAsync(name.Family, name.Portfolio, cancel);
        if (contract is null) return await RejectAsync(drop, null, Outcome<DataContract>.Reject(ContractStore.HowToActivate(name.Family, name.Portfolio)), null, cancel);

        progress.Report(new("download"));
        var current = await sets.CurrentAsync(name, contract, cancel);
        if (current?.Superseding(drop) is { } why) return await SettleAsync(drop, NoOp(drop.Name, why), null, cancel);
        var loaded = await sets.LoadAsync(drop, name, contract, current, cancel);
        if (loaded is null) return Gone(drop.Name);
        if (loaded is not Outcome<TrainingSet>.Done { Value: var data }) return await RejectAsync(drop, null, loaded, null, cancel);
        await using var files = data;
        var runId = RunId.Of(data.Sha256, contract, family);
        if (await runs.FindAsync(name.Family, name.Portfolio, runId, cancel) is { } earlier)
        {
            await sets.KeepAsync(name, data, cancel);
            return await SettleAsync(drop, earlier.OutcomeOf(drop), null, cancel);
        }

        LogStarted(drop.Name, runId, data.Files.Bytes, contract.Version);
        var champion = await registry.ChampionAsync(name.Family, name.Portfolio, cancel);
        var reading = await data.ReadAsync(family, contract, await ContextAsync(name, data, champion?.Version, cancel), progress, cancel);
        if (reading.Rows is not Outcome<TrainingRows>.Done { Value: var rows }) return await RejectAsync(drop, runId, reading.Rows, reading.Quality, cancel);

        var kept = checkpoints.Of(name.Family, name.Portfolio);
        var model = await ModelTraining.TrainAsync(family, contract, rows, data.Sha256, champion?.Version, kept, time, progress, cancel);
        await sets.KeepAsync(name, data, cancel);

        progress.Report(new("gate"));
        var decided = await promotion.DecideAsync(family, name.Portfolio, model, contract.Gate, cancel);
        await kept.RemoveAsync(cancel);
        var ended = new RunRecord(Concluded(drop.Name, data, model, decided), data.Sha256, contract.Version, time.GetUtcNow()) { DropETag = drop.ETag.ToString() };
        var run = await runs.KeepAsync(name.Family, name.Portfolio, ended, cancel);
        if (decided.Gate is { } verdict && ReferenceEquals(run, ended)) RetrainTelemetry.Judged(family.Serving.Name, verdict.Decision);
        LogEnded(runId, run.Outcome.Version, run.Outcome.Result, time.GetElapsedTime(started).TotalSeconds);
        return await SettleAsync(drop, run.OutcomeOf(drop), reading.Quality, cancel);
    }

    private async Task<ReadingContext> ContextAsync(DropName name, TrainingSet data, string? champion, CancellationToken cancel)
    {
        var profile = champion is null ? null : await registry.BesideAsync(name.Family, name.Portfolio, champion, ModelProfile.FileName, cancel);
        return new(time.GetUtcNow()) { BaseModel = registry.FindAsync, ObservedOn = data.ObservedOn, ChampionVersion = champion, Champion = profile is null ? null : ModelProfile.Read(profile.Value.Span) };
    }

    private async Task<RetrainOutcome> RejectAsync<T>(DropBlob drop, string? runId, Outcome<T> rejected, DropQuality? quality, CancellationToken cancel)
    {
        var reasons = ((Outcome<T>.Rejected)rejected).Reasons;
        var outcome = new RetrainOutcome(RetrainResult.Rejected, drop.Name, runId, null, reasons, new Dictionary<string, double>(), null);
        await drops.CopyToRejectedAsync(drop, DropReport.Files(drop, reasons, quality, time.GetUtcNow()), cancel);
        LogRejected(drop.Name, drop.Bytes, reasons.Count);
        return await SettleAsync(drop, outcome, null, cancel);
    }

    /// <summary>
    /// The outcome comes before a rejected drop is removed: the other order would lose it to a crash in between, since nobody works off a
    /// drop that is gone. So a crash leaves a settled drop, which its next delivery only removes.
    /// </summary>
    private async Task<RetrainOutcome> SettleAsync(DropBlob drop, RetrainOutcome outcome, DropQuality? accepted, CancellationToken cancel)
    {
        if (accepted is not null) await outcomes.WriteReportAsync(drop, DropReport.Files(drop, [], accepted, time.GetUtcNow()), cancel);
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

    private static RetrainOutcome Concluded(string drop, TrainingSet data, NewModel model, PromotionResult decided)
    {
        var manifest = model.Bundle.Manifest;
        var version = model.SelfTestFault is null ? manifest.Version : null;
        IReadOnlyList<string> reasons = [.. decided.Reasons, .. model.SelfTestFault is { } fault ? [fault] : Array.Empty<string>()];
        return new(decided.Result, drop, manifest.RunId, version, reasons, manifest.Metrics, decided.Gate)
        {
            Rows = manifest.Rows,
            RowsInError = model.RowsInError,
            Drops = data.Dataset.Drops.Count,
            RowsReplaced = data.Files.Rows?.Replaced ?? 0,
            LateRows = data.Files.Rows?.Late ?? 0,
        };
    }

    private static RetrainOutcome Gone(string drop) => NoOp(drop, "The drop is gone or was overwritten: nothing to do, new content has its own run.");

    private static RetrainOutcome NoOp(string drop, string why) => new(RetrainResult.NoOp, drop, null, null, [why], new Dictionary<string, double>(), null);

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
