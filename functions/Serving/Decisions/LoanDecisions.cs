namespace Serverless.Serving.Decisions;

/// <summary>The scoring path: from the message of an application to its recorded and sent decision.</summary>
public sealed class LoanDecisions(LiveModels models, ApplicationStore applications, StorageAccount account, TimeProvider time)
{
    /// <summary>
    /// Decides on one application: <c>{applicationId, portfolio, submittedAt, fields{}}</c>. Rejected with every fault of the message;
    /// <see cref="Rejection.Conflict"/> when the id was decided with other content. Safe to repeat: the same message gives the same decision.
    /// </summary>
    public Task<Outcome<Decision>> DecideAsync(BinaryData message, CancellationToken cancel) => throw new NotImplementedException($"{models}{applications}{account}{time}");
}
