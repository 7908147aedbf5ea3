using System.Text.Json.Serialization;
using Serverless.Serving;

namespace Serverless.Training;

/// <summary>How a retrain ended.</summary>
public enum RetrainResult
{
    /// <summary>The new version is live.</summary>
    Promoted,

    /// <summary>A check of the gate failed; the champion stays.</summary>
    Kept,

    /// <summary>Too few fresh rows to compare; the champion stays.</summary>
    NotEnoughEvidence,

    /// <summary>The new version passed the gate and goes live when a person approves it.</summary>
    AwaitingApproval,

    /// <summary>The new version passed the gate and is stored; promotion is paused, so the champion stays.</summary>
    Paused,

    /// <summary>The drop was worked off or the same run made before, or the drop is gone.</summary>
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
/// <param name="Gate">What the gate said; with the champion it compared with last; absent when it was not asked, as when the version was live already.</param>
public sealed record RetrainOutcome(
    RetrainResult Result,
    string Drop,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? RunId,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Version,
    IReadOnlyList<string> Reasons,
    IReadOnlyDictionary<string, double> Metrics,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] GateVerdict? Gate)
{
    /// <summary>Rows used.</summary>
    public int Rows { get; init; }

    /// <summary>Rows left out because they could not be read.</summary>
    public int RowsInError { get; init; }

    /// <summary>Drops that the rows came from: more than one in the mode of increments.</summary>
    public int Drops { get; init; } = 1;

    /// <summary>Rows of earlier drops that a later row for the same id took the place of.</summary>
    public int RowsReplaced { get; init; }

    /// <summary>Rows of this drop that are dated before a row of an earlier one.</summary>
    public int LateRows { get; init; }

    /// <summary>This outcome for another delivery, which does nothing.</summary>
    internal RetrainOutcome Again(string drop, string why) => this with { Result = RetrainResult.NoOp, Drop = drop, Reasons = [why, .. Reasons] };
}
