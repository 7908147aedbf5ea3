namespace Serverless.Serving.Decisions;

/// <summary>The place of a decision, or of its review, in the log before its entry is there: from here on an entry of it is noticed, whoever writes it.</summary>
public sealed class LogReservation : IDisposable
{
    private readonly ShardWriter _writer;
    private readonly TaskCompletionSource _written = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal LogReservation(ShardWriter writer, string entryId, LogPlace place) => (_writer, EntryId, Place) = (writer, entryId, place);

    /// <summary>The place at or behind which the entry will stand.</summary>
    public LogPlace Place { get; }

    internal string EntryId { get; }

    internal LogLine? Line { get; private set; }

    internal Task Written => _written.Task;

    /// <summary>Writes the entry, unless it is there; ends when it is in the log.</summary>
    /// <param name="entry">Of the decision that was reserved for.</param>
    /// <param name="cancel">Ends the wait; the entry may be written all the same.</param>
    public Task WriteAsync(LogEntry entry, CancellationToken cancel) => WriteAsync(new LogLine(0, "") { Decision = entry }, cancel);

    internal async Task WriteAsync(LogLine line, CancellationToken cancel)
    {
        Line = line;
        _writer.Add(this);
        await Written.WaitAsync(cancel);
    }

    /// <summary>Ends it; an entry that waits to be written no longer does.</summary>
    public void Dispose() => _writer.Release(this);

    internal void Done() => _written.TrySetResult();

    internal void Fail(Exception error) => _written.TrySetException(error);
}
