using Microsoft.Extensions.Logging;
using Serverless.Serving;
using Serverless.Training.Drops;

namespace Serverless.Training;

/// <summary>The retrain path: from a drop to a model that is live, or to the reason why not.</summary>
public sealed partial class Retraining(
    DropStore drops, ContractStore contracts, ModelRegistry registry, RunStore runs, IEnumerable<ITrainingFamily> families, TimeProvider time, ILogger<Retraining> log)
{
    private const string Actor = "retraining";
    private readonly Dictionary<string, ITrainingFamily> _families = families.ToDictionary(f => f.Serving.Name);

    /// <summary>Retrains on one drop. Safe to repeat: the same data under the same contract is trained once.</summary>
    /// <param name="dropName">Name of the blob in container <c>drops</c>: <c>{family}/{portfolio}/{file}.csv</c>.</param>
    /// <param name="etag">The ETag that the run is for, or null for the present one.</param>
    /// <param name="progress">Told how far it is.</param>
    /// <param name="cancel">Stops it.</param>
    /// <exception cref="InvalidModelException">The champion cannot be compared with: it was changed or is incomplete.</exception>
    /// <exception cref="InvalidDataException">The active contract cannot be read.</exception>
    /// <remarks>
    /// The order of writes: the version with its manifest last, then the champion pointer, then the run. A crash before the pointer
    /// leaves a version that nobody serves; a crash before the run leaves it live. Either way the drop is delivered again, trains the
    /// same version, finds it stored or live, and goes on from there.
    /// </remarks>
    public async Task<RetrainOutcome> RunAsync(string dropName, string? etag, IProgress<TrainingProgress> progress, CancellationToken cancel)
    {
        var started = time.GetTimestamp();
        var drop = await drops.FindAsync(dropName, etag, cancel);
        if (drop is null) return Gone(dropName);
        var read = DropName.Read(drop, _families.Keys);
        if (read is not Outcome<DropName>.Done { Value: var name }) return await RejectAsync(drop, null, read, cancel);
        var family = _families[name.Family];
        var contract = await contracts.ActiveAsync(name.Family, name.Portfolio, cancel);
        if (contract is null) return await RejectAsync(drop, null, Outcome<DataContract>.Reject(ContractStore.HowToActivate(name.Family, name.Portfolio)), cancel);

        progress.Report(new("download"));
        await using var data = await drops.DownloadAsync(drop, cancel);
        if (data is null) return Gone(dropName);
        var runId = RunId.Of(data.Sha256, contract, family);
        if (await runs.FindAsync(name.Family, name.Portfolio, runId, cancel) is { } earlier) return Repeated(dropName, earlier.Outcome);
        LogStarted(dropName, runId, drop.Bytes, contract.Version);

        var champion = await registry.ChampionAsync(name.Family, name.Portfolio, cancel);
        var training = await ModelTraining.RunAsync(family, contract, data, champion?.Version, time, progress, cancel);
        if (training is not Outcome<NewModel>.Done { Value: var model }) return await RejectAsync(drop, runId, training, cancel);

        progress.Report(new("gate"));
        var verdict = await PromoteAsync(family, name.Portfolio, model, contract.Gate, cancel);
        var outcome = Concluded(dropName, model, verdict);
        var run = new RunRecord(outcome, data.Sha256, contract.Version, time.GetUtcNow());
        if (!await runs.CreateAsync(name.Family, name.Portfolio, run, cancel))
            return Repeated(dropName, (await runs.FindAsync(name.Family, name.Portfolio, runId, cancel) ?? run).Outcome);
        LogEnded(runId, outcome.Version, outcome.Result, time.GetElapsedTime(started).TotalSeconds);
        return outcome;
    }

    /// <summary>Compares with the champion, publishes and switches; once more when another run switched meanwhile.</summary>
    /// <returns>The verdict that decided; null when the version was live already.</returns>
    private async Task<GateVerdict?> PromoteAsync(ITrainingFamily family, string portfolio, NewModel model, GateRules rules, CancellationToken cancel)
    {
        var (name, version) = (family.Serving.Name, model.Bundle.Version);
        while (true)
        {
            var champion = await registry.ChampionAsync(name, portfolio, cancel);
            if (champion?.Version == version) return null;
            var comparison = champion is null ? null : await CompareAsync(family, portfolio, model.Trained, champion.Version, cancel);
            var verdict = Gate.Decide(rules, model.Bundle.Manifest.Metrics, model.SelfTestFault is null, comparison);

            // What cannot be served is not stored. A version that stays behind is, for people to look at.
            if (model.SelfTestFault is not null) return verdict;
            await registry.PublishAsync(model.Seal(verdict), cancel);
            if (verdict.Decision != GateDecision.Promote) return verdict;
            if (await registry.PromoteAsync(name, portfolio, version, champion, Actor, time.GetUtcNow(), cancel)) return verdict;
            LogOvertaken(name, portfolio, version);
        }
    }

    private async Task<Comparison> CompareAsync(ITrainingFamily family, string portfolio, TrainedModel trained, string champion, CancellationToken cancel)
    {
        var bundle = await registry.OpenAsync(family.Serving.Name, portfolio, champion, cancel);
        var rows = await registry.BesideAsync(family.Serving.Name, portfolio, champion, NewModel.TrainedRowsFile, cancel)
            ?? throw new InvalidModelException($"Champion {champion} has no {NewModel.TrainedRowsFile}, so nothing fresh can be told from what it knows: restore the file.");
        using var served = family.Serving.Load(bundle);
        return trained.CompareWith(served, RowKeys.FromBytes(rows.Span));
    }

    private async Task<RetrainOutcome> RejectAsync<T>(DropBlob drop, string? runId, Outcome<T> rejected, CancellationToken cancel)
    {
        var reasons = ((Outcome<T>.Rejected)rejected).Reasons;
        await drops.RejectAsync(drop, new DropReport(drop.Name, drop.Bytes, time.GetUtcNow(), reasons), cancel);
        LogRejected(drop.Name, drop.Bytes, reasons.Count);
        return new(RetrainResult.Rejected, drop.Name, runId, null, reasons, new Dictionary<string, double>(), null);
    }

    private static RetrainOutcome Concluded(string drop, NewModel model, GateVerdict? verdict)
    {
        var result = verdict?.Decision switch
        {
            null or GateDecision.Promote => RetrainResult.Promoted,
            GateDecision.NotEnoughEvidence => RetrainResult.NotEnoughEvidence,
            _ => RetrainResult.Kept,
        };
        var manifest = model.Bundle.Manifest;
        var version = model.SelfTestFault is null ? manifest.Version : null;
        IReadOnlyList<string> reasons = [.. verdict is null ? [] : Gate.Reasons(verdict), .. model.SelfTestFault is { } fault ? [fault] : Array.Empty<string>()];
        return new(result, drop, manifest.RunId, version, reasons, manifest.Metrics, verdict) { Rows = manifest.Rows, RowsInError = model.RowsInError };
    }

    private static RetrainOutcome Repeated(string drop, RetrainOutcome earlier) => earlier with
    {
        Result = RetrainResult.NoOp,
        Drop = drop,
        Reasons = [$"The same data was trained under the same contract in run {earlier.RunId}, which ended as {earlier.Result}: nothing to do.", .. earlier.Reasons],
    };

    private static RetrainOutcome Gone(string drop) => new(
        RetrainResult.NoOp, drop, null, null, ["The drop is gone or was overwritten: nothing to do, new content has its own run."], new Dictionary<string, double>(), null);

    [LoggerMessage(1, LogLevel.Information, "Drop {Drop}: run {RunId} started, {Bytes} bytes under contract {Contract}")]
    private partial void LogStarted(string drop, string runId, long bytes, string contract);

    [LoggerMessage(3, LogLevel.Information, "Run {RunId}: version {Version} {Result} after {Seconds:0.0} s")]
    private partial void LogEnded(string runId, string? version, RetrainResult result, double seconds);

    [LoggerMessage(4, LogLevel.Information, "{Family}/{Portfolio}: another version went live while {Version} was compared; comparing with that one")]
    private partial void LogOvertaken(string family, string portfolio, string version);

    [LoggerMessage(5, LogLevel.Warning, "Drop {Drop} ({Bytes} bytes) rejected for {Faults} reasons; its report is in container rejected")]
    private partial void LogRejected(string drop, long bytes, int faults);
}
