namespace Serverless.Training;

/// <summary>
/// Where a family leaves how far its training is, and finds what an earlier run of the same left, so that a run which was killed goes on.
/// What is kept never decides what comes out: training goes on from there to the same bytes.
/// </summary>
public abstract class TrainingCheckpoints
{
    /// <summary>Keeps nothing.</summary>
    public static TrainingCheckpoints None { get; } = new Nothing();

    /// <summary>Takes what an earlier run of the same kept last under a name; null when there is none that can be relied on. Once: then it is gone from memory.</summary>
    /// <param name="name">Of a part of the training: lower-case letters, digits and dashes.</param>
    /// <param name="bytes">How long it must be.</param>
    public abstract byte[]? Take(string name, long bytes);

    /// <summary>Keeps how far a part is, where that is due; cheap where it is not. Does not wait for it, and does not fail with it.</summary>
    /// <param name="name">Of the part, as for <see cref="Take"/>.</param>
    /// <param name="state">Makes a copy of everything that the part goes on from; called at once, or not at all.</param>
    public abstract void Keep(string name, Func<byte[]> state);

    private sealed class Nothing : TrainingCheckpoints
    {
        public override byte[]? Take(string name, long bytes) => null;

        public override void Keep(string name, Func<byte[]> state)
        {
        }
    }
}

/// <summary>The place of one part of a training.</summary>
/// <param name="In">All of them.</param>
/// <param name="Name">Of the part.</param>
internal readonly record struct CheckpointSlot(TrainingCheckpoints In, string Name)
{
    /// <summary>The place of a part of this part.</summary>
    public CheckpointSlot Of(int number) => this with { Name = $"{Name}-{number}" };

    /// <summary>The place of a phase of this part.</summary>
    public CheckpointSlot Of(string phase) => this with { Name = $"{Name}-{phase}" };

    /// <inheritdoc cref="TrainingCheckpoints.Take"/>
    public byte[]? Take(long bytes) => In.Take(Name, bytes);

    /// <inheritdoc cref="TrainingCheckpoints.Keep"/>
    public void Keep(Func<byte[]> state) => In.Keep(Name, state);
}
