namespace Serverless.Functions.Embedded;

/// <summary><c>functionTimeout</c> of host.json: an invocation that takes longer is cancelled, and has failed.</summary>
internal sealed class TimeLimit(TimeSpan limit, TimeProvider time)
{
    /// <exception cref="TimeoutException">It took longer.</exception>
    public async Task RunAsync(Func<CancellationToken, Task> run, CancellationToken cancel)
    {
        using var over = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, over.Token);
        try
        {
            await run(either.Token);
        }
        catch (OperationCanceledException error) when (over.IsCancellationRequested && !cancel.IsCancellationRequested)
        {
            throw new TimeoutException($"The function took longer than functionTimeout of host.json allows, {limit}.", error);
        }
    }
}
