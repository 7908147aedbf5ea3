using Serverless.Serving.Poison;

namespace Serverless.Functions;

/// <summary>
/// Notes that a function failed on a message or a blob, before the exception goes on to the host, which tells nobody why it gave one
/// up. In between every host and every function with a queue or blob trigger. The host's own count of attempts is not used: a
/// message can forge it.
/// </summary>
internal sealed partial class FailureNotes(PoisonStore poison, ScriptRoot root, ILogger<FailureNotes> log)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>The function with its failures noted.</summary>
    public Function Noting(Function function) => function switch
    {
        Function.OnQueue queue => queue with
        {
            RunAsync = (message, cancel) => RunAsync(
                queue.Name, () => queue.RunAsync(message, cancel), trigger => (trigger.QueueName!, PoisonId.Of(message.ToString())), cancel),
        },
        Function.OnBlob blob => blob with
        {
            RunAsync = (name, etag, cancel) => RunAsync(
                blob.Name, () => blob.RunAsync(name, etag, cancel), trigger => (trigger.Container, PoisonId.Of(trigger.Container, name, etag)), cancel),
        },
        _ => function,
    };

    private async Task RunAsync(string function, Func<Task> run, Func<Binding, (string Source, string Id)> on, CancellationToken cancel)
    {
        try
        {
            await run();
        }
        catch (Exception error) when (error is not OperationCanceledException || !cancel.IsCancellationRequested)
        {
            // Wide, since whatever fails counts; it goes on to the host, which tries again.
            var (source, id) = on(root.Functions.Single(f => f.Name == function).Trigger);
            await NoteAsync(function, source, id, error, cancel);
            throw;
        }
    }

    private async Task NoteAsync(string function, string source, string id, Exception error, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(Patience);
        try
        {
            await poison.NoteAsync(source, id, FailureReason.Of(error), limit.Token);
            Failed(function, source, id, FailureReason.Of(error));
        }
        catch (Exception unnoted)
        {
            // Wide, because nothing that keeps the note from being written may take the place of what failed: the host must see that.
            NotNoted(function, source, id, FailureReason.Of(error), unnoted);
        }
    }

    [LoggerMessage(LogLevel.Warning, "{Function} failed on {Source} {Id}: {Reason}")]
    private partial void Failed(string function, string source, string id, string reason);

    [LoggerMessage(LogLevel.Warning, "{Function} failed on {Source} {Id}: {Reason}; the attempt could not be noted")]
    private partial void NotNoted(string function, string source, string id, string reason, Exception error);
}
