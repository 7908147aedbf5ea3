using Microsoft.Extensions.Logging;
using Serverless.Serving;
using Serverless.Training.Drops;

namespace Serverless.Training;

/// <summary>The retrain path: from a drop to a model that is live, or to the reason why not.</summary>
public sealed class Retraining(
    DropStore drops, ContractStore contracts, ModelRegistry registry, RunStore runs, IEnumerable<ITrainingFamily> families, TimeProvider time, ILogger<Retraining> log)
{
    /// <summary>Retrains on one drop. Safe to repeat: the same data under the same contract is trained once.</summary>
    /// <param name="dropName">Name of the blob in container <c>drops</c>: <c>{family}/{portfolio}/{file}.csv</c>.</param>
    /// <param name="etag">The ETag that the run is for, or null for the present one.</param>
    /// <param name="progress">Told how far it is.</param>
    /// <param name="cancel">Stops it.</param>
    public Task<RetrainOutcome> RunAsync(string dropName, string? etag, IProgress<TrainingProgress> progress, CancellationToken cancel) =>
        throw new NotImplementedException($"{drops}{contracts}{registry}{runs}{families}{time}{log}");
}

/// <summary>How a retrain ended.</summary>
public enum RetrainResult
{
    /// <summary>The new version is live.</summary>
    Promoted,

    /// <summary>A check of the gate failed; the champion stays.</summary>
    Kept,

    /// <summary>Too few fresh rows to compare; the champion stays.</summary>
    NotEnoughEvidence,

    /// <summary>The same run was made before, or the drop is gone.</summary>
    NoOp,

    /// <summary>The drop is bad; it lies in container <c>rejected</c> with a report.</summary>
    Rejected,
}

/// <summary>The outcome of a retrain.</summary>
/// <param name="Result">How it ended.</param>
/// <param name="Drop">Name of the drop.</param>
/// <param name="RunId">Id of the run; absent when the drop was rejected before it was read.</param>
/// <param name="Version">The version that was trained, live or not; absent when none was.</param>
/// <param name="Reasons">Why it ended so, for people; empty when promoted.</param>
/// <param name="Metrics">Figures on the holdout, by metric.</param>
/// <param name="Gate">What the gate said; absent when it was not asked.</param>
public sealed record RetrainOutcome(
    RetrainResult Result,
    string Drop,
    string? RunId,
    string? Version,
    IReadOnlyList<string> Reasons,
    IReadOnlyDictionary<string, double> Metrics,
    GateVerdict? Gate)
{
    /// <summary>Rows used.</summary>
    public int Rows { get; init; }

    /// <summary>Rows left out because they could not be read.</summary>
    public int RowsInError { get; init; }
}
