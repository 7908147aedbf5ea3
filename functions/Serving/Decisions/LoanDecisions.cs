using Serverless.Serving.Credit;

namespace Serverless.Serving.Decisions;

/// <summary>The scoring path: from the message of an application to its recorded and sent decision.</summary>
public sealed class LoanDecisions(LiveModels models, ApplicationStore applications, ReviewStore reviews, DecisionLog log, DecisionMessages messages, TimeProvider time)
{
    /// <summary>
    /// Decides on one application: <c>{applicationId, portfolio, submittedAt, fields{}}</c>. Rejected with every fault of the message;
    /// <see cref="Rejection.Conflict"/> when the id was decided with other content, <see cref="Rejection.Erased"/> when the application
    /// was erased. Safe to repeat: the same message gives the same decision.
    /// </summary>
    /// <exception cref="InvalidDataException">The decision log is damaged, so nothing can be recorded.</exception>
    /// <remarks>
    /// The order of writes, and what a crash behind each of them leaves:
    /// 1. The application with its decision and the log's present end, if it is not there. It decides: whoever creates it made the decision.
    ///    After a crash the message is delivered again, finds it, and goes on with that decision, whatever the live model says by then.
    /// 2. Its entry in the log. A retry looks from the end that step 1 noted whether the entry is there, so it is written once.
    /// 3. Where it is referred, a case in the queue of reviews, if none is there. A crash before it opens the case late, when the message is
    ///    delivered again; a case that somebody works on by then is left as it is.
    /// 4. The decision on the queue. A crash before it sends late, a crash behind it sends twice: at least once, under one id.
    /// Then the host deletes the message; before that, everything is repeated. Nothing is looked up before step 1, which tells by
    /// itself: an ordinary application costs two requests and its share in an append for many, a referred one another request.
    /// </remarks>
    public async Task<Outcome<Decision>> DecideAsync(BinaryData message, CancellationToken cancel)
    {
        var parsed = LoanApplication.Parse(message.ToMemory());
        if (parsed is not Outcome<LoanApplication>.Done { Value: var application }) return parsed.Pass<Decision>();
        return await DecisionTelemetry.WatchAsync(application, time, () => DecideAsync(application, cancel));
    }

    private async Task<Outcome<Decision>> DecideAsync(LoanApplication application, CancellationToken cancel)
    {
        var scored = await ScoreAsync(application, cancel);
        if (scored is Outcome<Decision>.Done { Value: var decision } && await RecordAsync(application, decision, cancel)) return await PassOnAsync(decision, cancel);

        // Decided before, or by a parallel delivery; also when the present model rejects what an earlier one decided.
        return await applications.FindAsync(application.Portfolio, application.ApplicationId, cancel) switch
        {
            null => scored is Outcome<Decision>.Rejected ? scored : throw Removed(application),
            { Case: null } => Erased(application),
            { Case: var made } when made.Inputs.PayloadHash != application.PayloadHash => Conflict(application),
            { Case: var made, Log: var place } => await CompleteAsync(made, place, cancel),
        };
    }

    private async Task<Outcome<Decision>> ScoreAsync(LoanApplication application, CancellationToken cancel)
    {
        using var stage = Telemetry.Source.StartActivity("score");
        using var lease = await models.RentAsync<CreditScorer>(CreditContract.FamilyName, application.Portfolio, cancel);
        if (lease is null)
            return Outcome<Decision>.Reject($"Portfolio '{application.Portfolio}' has no live model: drop data for it, or correct the name.");
        return DecisionRules.Decide(application, lease.Model, time.GetUtcNow());
    }

    /// <summary>Steps 1 and 2; false when the application is there already.</summary>
    private async Task<bool> RecordAsync(LoanApplication application, Decision decision, CancellationToken cancel)
    {
        using var stage = Telemetry.Source.StartActivity("record");

        // Reserved before the application is there: nobody writes its entry earlier, so none can stand before that place.
        using var reservation = await log.ReserveAsync(application.Portfolio, application.ApplicationId, decision.DecisionId, cancel);
        var record = ApplicationRecord.Of(application, decision, reservation.Place);
        if (!await applications.CreateAsync(record, cancel)) return false;
        DecisionTelemetry.Made(decision);
        await reservation.WriteAsync(record.Case!.Entry, cancel);
        return true;
    }

    /// <summary>Steps 2 to 4 for a decision that was made earlier.</summary>
    private async Task<Outcome<Decision>> CompleteAsync(DecidedCase made, LogPlace place, CancellationToken cancel)
    {
        await log.EnsureAsync(made.Entry, place, cancel);
        return made.Review is null ? await PassOnAsync(made.Decision, cancel) : await SendAsync(made.Decision, cancel);
    }

    private async Task<Outcome<Decision>> PassOnAsync(Decision decision, CancellationToken cancel)
    {
        if (decision.Verdict == DecisionVerdict.Refer) await reviews.OpenAsync(ReviewCase.OfReferral(decision, time.GetUtcNow()), cancel);
        return await SendAsync(decision, cancel);
    }

    private async Task<Outcome<Decision>> SendAsync(Decision decision, CancellationToken cancel)
    {
        await messages.SendAsync(decision, cancel);
        return decision;
    }

    private static Outcome<Decision> Conflict(LoanApplication application) => Outcome<Decision>.Reject(
        Rejection.Conflict, $"Application '{application.ApplicationId}' of portfolio '{application.Portfolio}' was decided with other content: send a changed application under a new id.");

    private static Outcome<Decision> Erased(LoanApplication application) => Outcome<Decision>.Reject(
        Rejection.Erased, $"Application '{application.ApplicationId}' of portfolio '{application.Portfolio}' was decided and then erased: send a new application under a new id.");

    private static InvalidOperationException Removed(LoanApplication application) =>
        new($"Application '{application.ApplicationId}' of portfolio '{application.Portfolio}' was removed while it was decided: deliver it again if it still applies.");
}
