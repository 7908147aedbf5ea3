namespace Serverless.Training;

/// <summary>Settings of the retrain path.</summary>
public sealed record RetrainingOptions
{
    /// <summary>
    /// How long a run that was killed keeps its portfolio from the next one; a living run renews at a third of it. Storage allows 15 to
    /// 60 seconds.
    /// </summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How old a drop without an outcome is when it counts as missed by its trigger and is run on a schedule.</summary>
    public TimeSpan MissedAfter { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How far apart the checkpoints of a long training are: so much of its work a killed run loses at most.</summary>
    public TimeSpan CheckpointEvery { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Everything that is wrong, with what to do.</summary>
    public IEnumerable<string> Faults()
    {
        if (Lease < TimeSpan.FromSeconds(15) || Lease > TimeSpan.FromSeconds(60)) yield return "Retraining:Lease must be 15 to 60 seconds, as 00:01:00.";
        if (MissedAfter < TimeSpan.Zero) yield return "Retraining:MissedAfter must not be negative.";
        if (CheckpointEvery < TimeSpan.Zero) yield return "Retraining:CheckpointEvery must not be negative: 00:00:20 is usual.";
    }
}
