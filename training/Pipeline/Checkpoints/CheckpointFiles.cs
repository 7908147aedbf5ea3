namespace Serverless.Training;

/// <summary>Where the checkpoints of the one run lie that may be under way there; the next run overwrites them.</summary>
/// <param name="every">How far apart two checkpoints of a part are.</param>
public abstract class CheckpointFiles(TimeSpan every)
{
    /// <summary>How far apart two checkpoints of a part are: so much work is lost at most.</summary>
    public TimeSpan Every => every;

    /// <summary>Everything that lies there, by name.</summary>
    public abstract Task<IReadOnlyDictionary<string, byte[]>> ReadAsync(CancellationToken cancel);

    /// <summary>Writes one, over an earlier one; wholly or not at all.</summary>
    public abstract Task WriteAsync(string name, byte[] content, CancellationToken cancel);

    /// <summary>Removes all of them: the run has ended.</summary>
    public abstract Task RemoveAsync(CancellationToken cancel);

    /// <summary>Told that training goes on from one.</summary>
    public abstract void Resumed(string name);

    /// <summary>Told that one is not used.</summary>
    public abstract void Ignored(string name, string why);

    /// <summary>Told that one could not be written; training goes on, and more is lost if it is killed.</summary>
    public abstract void NotWritten(string name, Exception error);
}
