using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using Serverless.Serving;

namespace Serverless.Functions.Embedded;

/// <summary>What a listener keeps to.</summary>
/// <param name="BatchSize">Messages received at a time.</param>
/// <param name="NewBatchThreshold">A new batch is received when this many or fewer are under way.</param>
/// <param name="MaxDequeueCount">Attempts before the poison queue.</param>
/// <param name="RetryAfter">How long a message that failed waits.</param>
/// <param name="LongestPoll">The longest wait between two looks at an empty queue.</param>
/// <param name="InFlight">How long a message under way is invisible; renewed at half of it.</param>
internal sealed record QueuePolicy(int BatchSize, int NewBatchThreshold, int MaxDequeueCount, TimeSpan RetryAfter, TimeSpan LongestPoll, TimeSpan InFlight);

/// <summary>
/// Polls a queue as the Functions host does. The clients read and write the text of messages as it is, so that a message of any
/// encoding reaches the poison queue unchanged; <paramref name="handle"/> decodes.
/// </summary>
internal sealed partial class QueueListener(
    QueueClient queue, QueueClient poison, QueuePolicy policy, Func<string, CancellationToken, Task> handle, TimeProvider time, Random random, ILogger log)
{
    /// <summary>Listens until <paramref name="stopping"/>; returns when no message is under way any more.</summary>
    /// <param name="stopping">No new message is begun.</param>
    /// <param name="abort">Messages under way are cancelled and given back.</param>
    public async Task RunAsync(CancellationToken stopping, CancellationToken abort)
    {
        var delay = new PollingDelay(policy.LongestPoll, random);
        var underWay = new HashSet<Task>();
        while (!stopping.IsCancellationRequested)
        {
            var messages = await ReceiveAsync(abort);
            foreach (var message in messages) underWay.Add(stopping.IsCancellationRequested ? GiveBackAsync(message) : ProcessAsync(message, abort));
            if (messages.Length > 0) delay.Reset();
            else await Task.Delay(delay.Next(), time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            underWay.RemoveWhere(t => t.IsCompleted);
            while (underWay.Count > policy.NewBatchThreshold) underWay.Remove(await Task.WhenAny(underWay));
        }

        await Task.WhenAll(underWay);
    }

    /// <summary>
    /// An outage of the storage ends no listener: it counts as an empty queue. The sign to stop does not cancel the request: the
    /// messages of an answer that nobody reads would be invisible for as long as one under way.
    /// </summary>
    private async Task<QueueMessage[]> ReceiveAsync(CancellationToken abort)
    {
        try
        {
            return await queue.ReceiveMessagesAsync(policy.BatchSize, policy.InFlight, abort);
        }
        catch (OperationCanceledException) when (abort.IsCancellationRequested)
        {
            return [];
        }
        catch (Exception error) when (StorageAccount.IsOutage(error))
        {
            NotReceived(queue.Name, error);
            return [];
        }
    }

    /// <summary>
    /// Handles a message and settles it. If settling fails, the message comes back when its invisibility ends; between the two writes
    /// of a poisoned message a crash leaves it on both queues, never on none.
    /// </summary>
    private async Task ProcessAsync(QueueMessage message, CancellationToken abort)
    {
        var lease = new Lease(queue, message, policy.InFlight);
        try
        {
            if (message.DequeueCount > policy.MaxDequeueCount || !await HandleAsync(message, lease, abort))
            {
                if (message.DequeueCount < policy.MaxDequeueCount)
                {
                    await lease.ReturnAsync(abort.IsCancellationRequested ? TimeSpan.Zero : policy.RetryAfter);
                    return;
                }

                await MoveAsync(message, abort);
            }

            await lease.DeleteAsync();
        }
        catch (Exception error) when (StorageAccount.IsOutage(error))
        {
            NotSettled(message.MessageId, queue.Name, error);
        }
    }

    /// <summary>To the poison queue; but a last attempt that the stop cut short did not fail, and its message starts over.</summary>
    private async Task MoveAsync(QueueMessage message, CancellationToken abort)
    {
        var interrupted = abort.IsCancellationRequested && message.DequeueCount == policy.MaxDequeueCount;
        await (interrupted ? queue : poison).SendMessageAsync(message.Body, cancellationToken: CancellationToken.None);
        if (!interrupted) Poisoned(message.MessageId, queue.Name, poison.Name, message.DequeueCount);
    }

    /// <summary>It came while the host was stopping; one whose last attempt this would have been starts over.</summary>
    private async Task GiveBackAsync(QueueMessage message)
    {
        var lease = new Lease(queue, message, policy.InFlight);
        try
        {
            if (message.DequeueCount < policy.MaxDequeueCount)
            {
                await lease.ReturnAsync(TimeSpan.Zero);
                return;
            }

            await queue.SendMessageAsync(message.Body, cancellationToken: CancellationToken.None);
            await lease.DeleteAsync();
        }
        catch (Exception error) when (StorageAccount.IsOutage(error))
        {
            NotSettled(message.MessageId, queue.Name, error);
        }
    }

    private async Task<bool> HandleAsync(QueueMessage message, Lease lease, CancellationToken abort)
    {
        using var done = new CancellationTokenSource();
        var renewing = RenewAsync(message, lease, done.Token);
        try
        {
            await handle(message.Body.ToString(), abort);
            return true;
        }
        catch (Exception error)
        {
            // The one wide catch of the listener: whatever fails in a function fails its message, which is tried again and then poisoned.
            Failed(message.MessageId, queue.Name, message.DequeueCount, error);
            return false;
        }
        finally
        {
            await done.CancelAsync();
            await renewing; // so that settling uses the last pop receipt
        }
    }

    private async Task RenewAsync(QueueMessage message, Lease lease, CancellationToken done)
    {
        while (true)
        {
            await Task.Delay(policy.InFlight / 2, time, done).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (done.IsCancellationRequested) return;
            try
            {
                await lease.RenewAsync();
            }
            catch (Exception error) when (StorageAccount.IsOutage(error))
            {
                NotRenewed(message.MessageId, queue.Name, error);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "Queue {Queue} cannot be read; trying again")]
    private partial void NotReceived(string queue, Exception error);

    [LoggerMessage(LogLevel.Warning, "Message {Id} of {Queue} failed at attempt {Attempt}")]
    private partial void Failed(string id, string queue, long attempt, Exception error);

    [LoggerMessage(LogLevel.Error, "Message {Id} of {Queue} went to {Poison} after {Attempts} attempts")]
    private partial void Poisoned(string id, string queue, string poison, long attempts);

    [LoggerMessage(LogLevel.Warning, "Message {Id} of {Queue} could not be renewed; it may be delivered again")]
    private partial void NotRenewed(string id, string queue, Exception error);

    [LoggerMessage(LogLevel.Warning, "Message {Id} of {Queue} could not be settled; it will be delivered again")]
    private partial void NotSettled(string id, string queue, Exception error);

    /// <summary>A message under way; every change gives it a new pop receipt. Not stopped half-way by a shutdown.</summary>
    private sealed class Lease(QueueClient queue, QueueMessage message, TimeSpan inFlight)
    {
        private string _receipt = message.PopReceipt;

        public async Task RenewAsync() =>
            _receipt = (await queue.UpdateMessageAsync(message.MessageId, _receipt, visibilityTimeout: inFlight)).Value.PopReceipt;

        public async Task ReturnAsync(TimeSpan after) => await queue.UpdateMessageAsync(message.MessageId, _receipt, visibilityTimeout: after);

        public async Task DeleteAsync() => await queue.DeleteMessageAsync(message.MessageId, _receipt);
    }
}
