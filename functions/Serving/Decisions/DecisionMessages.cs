using System.Text.Json;
using Azure.Storage.Queues;
using Serverless.Serving.Poison;

namespace Serverless.Serving.Decisions;

/// <summary>
/// Messages on queue <c>loan-decisions</c>, from which the core banking system learns what was decided, by the program or by a person who reviewed it. Each
/// decision is sent at least once and under one id; which of two messages comes first is not promised.
/// </summary>
public sealed class DecisionMessages(StorageAccount account)
{
    private readonly QueueClient _queue = account.Queues.GetQueueClient("loan-decisions");

    /// <summary>Sends what the program decided.</summary>
    public Task SendAsync(Decision decision, CancellationToken cancel) => PutAsync(decision, null, cancel);

    /// <summary>
    /// Sends what a person decided: the program's decision with the verdict and the time that now hold, the review's id as its id, so that nobody takes
    /// it for the program's message once more, and a member <c>person</c>. Score, reasons and rules stay the program's. Why the person decided so is not
    /// in it: that may say anything of the applicant, and erasure does not reach the queue.
    /// </summary>
    /// <param name="reviewed">What the program decided.</param>
    /// <param name="outcome">What the person decided, recorded already.</param>
    /// <param name="cancel">Stops it.</param>
    /// <exception cref="UnsentDecisionException">The queue did not take it.</exception>
    public async Task SendAsync(Decision reviewed, ReviewOutcome outcome, CancellationToken cancel)
    {
        var id = ReviewOutcome.IdOf(reviewed);
        try
        {
            await PutAsync(
                reviewed with { DecisionId = id, Verdict = outcome.Verdict, DecidedAt = outcome.At }, new DecidedByPerson(outcome.By, id, reviewed.DecisionId, reviewed.Verdict), cancel);
        }
        catch (Exception error) when (StorageAccount.IsOutage(error))
        {
            throw new UnsentDecisionException(
                $"The decision on application '{reviewed.ApplicationId}' of portfolio '{reviewed.Portfolio}' is recorded and stands, but could not be put on queue '{_queue.Name}' ({FailureReason.Of(error)}): decide again with the same verdict and reason, which sends it.",
                error);
        }
    }

    private async Task PutAsync(Decision decision, DecidedByPerson? person, CancellationToken cancel)
    {
        using var stage = DecisionTelemetry.Send(_queue.Name);

        // Ids, verdict and reasons, never inputs: those stay in the application, where they can be erased. The trace goes on with it.
        var message = JsonSerializer.SerializeToNode(decision, Json.Options)!.AsObject();
        if (person is not null) message["person"] = JsonSerializer.SerializeToNode(person, Json.Options);
        if (stage is not null) message[Telemetry.TraceParent] = stage.Id;
        await _queue.SendMessageAsync(message.ToJsonString(Json.Options), cancel);
    }
}

/// <summary>Member <c>person</c> of the message of a person's decision; absent where the program decided.</summary>
/// <param name="By">Who decided.</param>
/// <param name="ReviewId">Id of the review, which is the decision's in the message too.</param>
/// <param name="Of">Id of the program's decision that was reviewed and no longer holds, whichever of the two messages comes first.</param>
/// <param name="OfVerdict">What the program had decided.</param>
public sealed record DecidedByPerson(string By, string ReviewId, string Of, DecisionVerdict OfVerdict);

/// <summary>A person's decision that is recorded and was not sent; the message says what to do.</summary>
public sealed class UnsentDecisionException(string message, Exception inner) : Exception(message, inner);
