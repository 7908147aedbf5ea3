using Serverless.Serving.Credit;
using Serverless.Serving.Documents;

namespace Serverless.Serving.Decisions;

/// <summary>The scoring path: from the message of an application to its recorded and sent decision.</summary>
public sealed class LoanDecisions(LiveModels models, ApplicationStore applications, DocumentStore documents, DocumentIntake intake, ReviewStore reviews, DecisionLog log, DecisionMessages messages, TimeProvider time)
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
    /// itself: an ordinary application costs two requests and its share in an append for many, a referred one another request. Where the contract
    /// compares papers, they are listed before step 1, and once more behind step 3, for one that was read in between.
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
        if (scored is Outcome<Scored>.Done { Value: var made } && await RecordAsync(application, made, cancel)) return await PassOnAsync(made.Decision, made.Compared, cancel);

        // Decided before, or by a parallel delivery; also when the present model rejects what an earlier one decided.
        return await applications.FindAsync(application.Portfolio, application.ApplicationId, cancel) switch
        {
            null => scored is Outcome<Scored>.Rejected ? scored.Pass<Decision>() : throw Removed(application),
            { Case: null } => Erased(application),
            { Case: var earlier } when earlier.Inputs.PayloadHash != application.PayloadHash => Conflict(application),
            { Case: var earlier, Log: var place } => await CompleteAsync(earlier, place, cancel),
        };
    }

    private async Task<Outcome<Scored>> ScoreAsync(LoanApplication application, CancellationToken cancel)
    {
        using var stage = Telemetry.Source.StartActivity("score");
        using var lease = await models.RentAsync<CreditScorer>(CreditContract.FamilyName, application.Portfolio, cancel);
        if (lease is null)
            return Outcome<Scored>.Reject($"Portfolio '{application.Portfolio}' has no live model: drop data for it, or correct the name.");
        var rules = lease.Model.Contract.Documents ?? [];
        var papers = rules.Count > 0 ? await documents.ReadingsAsync(application.Portfolio, application.ApplicationId, cancel) : [];
        var contradictions = DocumentChecks.Of(rules, application.Fields, papers);
        return DecisionRules.Decide(application, lease.Model, time.GetUtcNow()).Then<Scored>(d => new Scored(DecisionRules.WithDocuments(d, contradictions), contradictions, rules.Count > 0));
    }

    /// <summary>Steps 1 and 2; false when the application is there already.</summary>
    private async Task<bool> RecordAsync(LoanApplication application, Scored scored, CancellationToken cancel)
    {
        var decision = scored.Decision;
        using var stage = Telemetry.Source.StartActivity("record");

        // Reserved before the application is there: nobody writes its entry earlier, so none can stand before that place.
        using var reservation = await log.ReserveAsync(application.Portfolio, application.ApplicationId, decision.DecisionId, cancel);
        var record = ApplicationRecord.Of(application, decision, reservation.Place, scored.Contradictions);
        if (!await applications.CreateAsync(record, cancel)) return false;
        DecisionTelemetry.Made(decision);
        await reservation.WriteAsync(record.Case!.Entry, cancel);
        return true;
    }

    /// <summary>Steps 2 to 4 for a decision that was made earlier.</summary>
    private async Task<Outcome<Decision>> CompleteAsync(DecidedCase made, LogPlace place, CancellationToken cancel)
    {
        await log.EnsureAsync(made.Entry, place, cancel);
        return made.Review is null ? await PassOnAsync(made.Decision, compared: true, cancel) : await SendAsync(made.Decision, cancel);
    }

    private async Task<Outcome<Decision>> PassOnAsync(Decision decision, bool compared, CancellationToken cancel)
    {
        if (decision.Verdict == DecisionVerdict.Refer) await reviews.OpenAsync(ReviewCase.OfReferral(decision, time.GetUtcNow()), cancel);
        if (compared) await intake.CompareAsync(decision.Portfolio, decision.ApplicationId, cancel);
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

    /// <summary>A decision with what papers said otherwise, and whether the contract compares papers.</summary>
    private sealed record Scored(Decision Decision, IReadOnlyList<Contradiction> Contradictions, bool Compared);

    private static InvalidOperationException Removed(LoanApplication application) =>
        new($"Application '{application.ApplicationId}' of portfolio '{application.Portfolio}' was removed while it was decided: deliver it again if it still applies.");
}
