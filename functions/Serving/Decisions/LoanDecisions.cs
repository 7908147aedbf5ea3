using System.Text.Json;
using Azure.Storage.Queues;
using Serverless.Serving.Credit;

namespace Serverless.Serving.Decisions;

/// <summary>The scoring path: from the message of an application to its recorded and sent decision.</summary>
public sealed class LoanDecisions(LiveModels models, ApplicationStore applications, StorageAccount account, TimeProvider time)
{
    private readonly QueueClient _decisions = account.Queues.GetQueueClient("loan-decisions");

    /// <summary>
    /// Decides on one application: <c>{applicationId, portfolio, submittedAt, fields{}}</c>. Rejected with every fault of the message;
    /// <see cref="Rejection.Conflict"/> when the id was decided with other content. Safe to repeat: the same message gives the same
    /// decision.
    /// </summary>
    /// <remarks>
    /// The order of writes: the application with its decision is created first, if it is not there, and sent afterwards. A crash
    /// between the two loses nothing: the message is delivered again, finds the application and sends that decision, whatever the
    /// live model says by then. So each application has one decision, sent at least once under one id. Nothing is looked up before
    /// the create, which tells by itself: an ordinary application costs two requests.
    /// </remarks>
    public async Task<Outcome<Decision>> DecideAsync(BinaryData message, CancellationToken cancel)
    {
        var parsed = LoanApplication.Parse(message.ToMemory());
        if (parsed is not Outcome<LoanApplication>.Done { Value: var application }) return parsed.Pass<Decision>();
        var scored = await ScoreAsync(application, cancel);
        if (scored is Outcome<Decision>.Done { Value: var decision }
            && await applications.CreateAsync(new(decision, application.PayloadHash, application.SubmittedAt, application.Fields), cancel))
            return await SendAsync(decision, cancel);

        // Decided before, or by a parallel delivery; also when the present model rejects what an earlier one decided.
        var earlier = await applications.FindAsync(application.Portfolio, application.ApplicationId, cancel);
        if (earlier is null) return scored is Outcome<Decision>.Rejected ? scored : throw Erased(application);
        return earlier.PayloadHash == application.PayloadHash ? await SendAsync(earlier.Decision, cancel) : Conflict(application);
    }

    private async Task<Outcome<Decision>> ScoreAsync(LoanApplication application, CancellationToken cancel)
    {
        using var lease = await models.RentAsync<CreditScorer>(CreditContract.FamilyName, application.Portfolio, cancel);
        if (lease is null)
            return Outcome<Decision>.Reject($"Portfolio '{application.Portfolio}' has no live model: drop data for it, or correct the name.");
        return lease.Model.Score(application.Fields)
            .Then<Decision>(score => DecisionRules.Decide(application, score, lease.Model.Contract, lease.Version, time.GetUtcNow()));
    }

    private async Task<Outcome<Decision>> SendAsync(Decision decision, CancellationToken cancel)
    {
        // Ids, verdict and reasons, never inputs: those stay in the application, where they can be erased.
        await _decisions.SendMessageAsync(BinaryData.FromBytes(JsonSerializer.SerializeToUtf8Bytes(decision, Json.Options)), cancellationToken: cancel);
        return decision;
    }

    private static Outcome<Decision> Conflict(LoanApplication application) => Outcome<Decision>.Conflict(
        $"Application '{application.ApplicationId}' of portfolio '{application.Portfolio}' was decided with other content: send a changed application under a new id.");

    private static InvalidOperationException Erased(LoanApplication application) =>
        new($"Application '{application.ApplicationId}' of portfolio '{application.Portfolio}' was erased while it was decided: deliver it again if it still applies.");
}
