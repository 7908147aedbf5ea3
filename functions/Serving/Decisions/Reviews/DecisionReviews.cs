using System.Globalization;
using System.Text.Json.Serialization;

namespace Serverless.Serving.Decisions;

/// <summary>
/// Persons' reviews of decisions: of those that the policy refers, and of those that an applicant contests, which a decision by automated means alone
/// must allow (GDPR Art. 22(3): human intervention, one's own point of view, contesting the decision).
/// </summary>
public sealed class DecisionReviews(ReviewStore reviews, ApplicationStore applications, DecisionLog log, DecisionMessages messages, TimeProvider time)
{
    /// <summary>Most characters of a statement.</summary>
    public const int LongestStatement = 4000;

    /// <summary>
    /// Opens a case for a contested decision, or adds what the applicant says to the one that is open. Safe to repeat: the same statement again gives
    /// the same case. Rejected when there is no decision, it was erased, or a person decided already without a contest.
    /// </summary>
    /// <param name="portfolio">Portfolio.</param>
    /// <param name="applicationId">Id of the application.</param>
    /// <param name="actor">Who files it.</param>
    /// <param name="statement">The applicant's point of view; may be null.</param>
    /// <param name="cancel">Stops it.</param>
    /// <exception cref="ArgumentException">A name does not have the form that <see cref="Names"/> states.</exception>
    /// <remarks>
    /// One write, and then a look whether the application was erased meanwhile: erasure removes the application first and its review behind it,
    /// so whichever of the two comes later sees the other.
    /// </remarks>
    public async Task<Outcome<ReviewedDecision>> ContestAsync(string portfolio, string applicationId, string actor, string? statement, CancellationToken cancel)
    {
        if (statement is not null && Fault(statement) is { } fault) return Outcome<ReviewedDecision>.Reject(fault);
        var found = await FindAsync(portfolio, applicationId, cancel);
        if (found is not Outcome<DecidedCase>.Done { Value: var made }) return found.Pass<ReviewedDecision>();
        var contested = await FileAsync(made, actor, statement, cancel);
        if (contested is not Outcome<ReviewCase>.Done { Value: var opened }) return contested.Pass<ReviewedDecision>();
        return (await FindAsync(portfolio, applicationId, cancel)).Then<ReviewedDecision>(_ => new ReviewedDecision(opened, made));
    }

    /// <summary>A case with the decision that it is of; rejected when there is none, or the application was erased.</summary>
    /// <exception cref="ArgumentException">A name does not have the form that <see cref="Names"/> states.</exception>
    public async Task<Outcome<ReviewedDecision>> ShowAsync(string portfolio, string applicationId, CancellationToken cancel)
    {
        var found = await FindAsync(portfolio, applicationId, cancel);
        if (found is not Outcome<DecidedCase>.Done { Value: var made }) return found.Pass<ReviewedDecision>();
        return await reviews.FindAsync(portfolio, applicationId, cancel) is { } open
            ? new ReviewedDecision(open with { Outcome = open.Outcome ?? made.Review }, made)
            : NoCase<ReviewedDecision>(portfolio, applicationId);
    }

    /// <summary>Puts a case into the hands of a reviewer; of two at once one is refused. Safe to repeat.</summary>
    /// <param name="portfolio">Portfolio.</param>
    /// <param name="applicationId">Id of the application.</param>
    /// <param name="actor">The reviewer.</param>
    /// <param name="from">Whom to take it over from; null when nobody has it.</param>
    /// <param name="cancel">Stops it.</param>
    /// <exception cref="ArgumentException">A name does not have the form that <see cref="Names"/> states.</exception>
    public async Task<Outcome<ReviewCase>> TakeAsync(string portfolio, string applicationId, string actor, string? from, CancellationToken cancel)
    {
        string[] faults = [.. Names.Actor.Allows(actor) ? [] : new[] { Names.Actor.Fault }, .. from is null || Names.Actor.Allows(from) ? [] : new[] { $"from: {Names.Actor.Fault}" }];
        if (faults.Length > 0) return Outcome<ReviewCase>.Reject(faults);
        var found = await FindAsync(portfolio, applicationId, cancel);
        if (found is not Outcome<DecidedCase>.Done { Value: var made }) return found.Pass<ReviewCase>();
        if (made.Review is { } decided) return Decided<ReviewCase>(decided);
        return await reviews.ChangeAsync(portfolio, applicationId, open => open.Take(actor, from, time.GetUtcNow()), cancel) ?? NoCase<ReviewCase>(portfolio, applicationId);
    }

    /// <summary>
    /// Decides a case that the reviewer has taken: approve or decline, whatever the program decided. Safe to repeat: the same decision again completes
    /// what a crash or an outage left, and is sent again; another one is refused.
    /// </summary>
    /// <param name="portfolio">Portfolio.</param>
    /// <param name="applicationId">Id of the application.</param>
    /// <param name="actor">The reviewer.</param>
    /// <param name="verdict">Approve or decline.</param>
    /// <param name="reason">Why.</param>
    /// <param name="cancel">Stops it.</param>
    /// <exception cref="ArgumentException">A name does not have the form that <see cref="Names"/> states.</exception>
    /// <exception cref="InvalidDataException">The decision log is damaged, so nothing can be recorded.</exception>
    /// <exception cref="UnsentDecisionException">It is recorded and stands, and the queue did not take it: the same call again sends it.</exception>
    /// <remarks>
    /// The order of writes, and what a crash behind each of them leaves:
    /// 1. The application with the outcome and the log's present end, if no outcome is there. It decides: of two reviewers the first.
    /// 2. Its entry in the log. A retry looks from the end that step 1 noted whether the entry is there, so it is written once.
    /// 3. The decision on the queue. A crash before it leaves it unsent, a crash behind it sends twice: at least once, under one id.
    /// 4. The case, which then shows as decided. Before that it is listed as taken, although nobody can decide it otherwise any more: so one that is
    ///    listed as decided was sent, and one that stays listed as taken is looked at again.
    /// The same call again completes the rest; erasure makes sure of step 2 by itself, and whatever is erased before step 3 is not sent.
    /// </remarks>
    public async Task<Outcome<ReviewCase>> DecideAsync(string portfolio, string applicationId, string actor, DecisionVerdict verdict, string reason, CancellationToken cancel)
    {
        if (Faults(actor, verdict, reason) is { Count: > 0 } faults) return Outcome<ReviewCase>.Reject(faults);
        var found = await FindAsync(portfolio, applicationId, cancel);
        if (found is not Outcome<DecidedCase>.Done { Value: var made }) return found.Pass<ReviewCase>();
        if (made.Review is null)
        {
            var open = await reviews.FindAsync(portfolio, applicationId, cancel);
            if (open is null) return NoCase<ReviewCase>(portfolio, applicationId);
            if (open.Taken?.By != actor) return NotTaken(open);
            using var reservation = await log.ReserveAsync(portfolio, applicationId, ReviewOutcome.IdOf(made.Decision), cancel);
            var outcome = new ReviewOutcome(verdict, reason, actor, time.GetUtcNow(), reservation.Place);
            if ((await applications.ReviewAsync(portfolio, applicationId, outcome, cancel))?.Case is not { } reviewed) return (await FindAsync(portfolio, applicationId, cancel)).Pass<ReviewCase>();
            made = reviewed;
        }

        await log.EnsureAsync(made.ReviewEntry!, made.Review!.Log, cancel);
        if ((made.Review.By, made.Review.Verdict, made.Review.Reason) != (actor, verdict, reason)) return Decided<ReviewCase>(made.Review);
        await messages.SendAsync(made.Decision, made.Review, cancel);
        var closed = await reviews.ChangeAsync(portfolio, applicationId, c => c.Outcome is null ? c with { Outcome = made.Review } : c, cancel);
        return closed ?? (await FindAsync(portfolio, applicationId, cancel)).Pass<ReviewCase>();
    }

    private async Task<Outcome<ReviewCase>> FileAsync(DecidedCase made, string actor, string? statement, CancellationToken cancel)
    {
        var (portfolio, id) = (made.Decision.Portfolio, made.Decision.ApplicationId);
        while (true)
        {
            if (await reviews.ChangeAsync(portfolio, id, open => Contest(open), cancel) is { } changed) return changed;
            var opened = new ReviewCase(portfolio, id, made.Decision.DecisionId, time.GetUtcNow());
            if (made.Review is not null) return Decided<ReviewCase>(made.Review);
            if (Contest(opened) is not Outcome<ReviewCase>.Done { Value: var first }) return Contest(opened);
            if (!await reviews.OpenAsync(first, cancel)) continue;
            var still = await FindAsync(portfolio, id, cancel);
            if (still is Outcome<DecidedCase>.Done) return first;
            await reviews.DeleteAsync(portfolio, id, cancel);
            return still.Pass<ReviewCase>();
        }

        Outcome<ReviewCase> Contest(ReviewCase open)
        {
            if (made.Review is null) return open.Contest(statement, actor, time.GetUtcNow());
            return open.Contested is not null && (statement is null || open.Contested.Statements.Any(s => s.Text == statement)) ? open : Decided<ReviewCase>(made.Review);
        }
    }

    private async Task<Outcome<DecidedCase>> FindAsync(string portfolio, string applicationId, CancellationToken cancel) =>
        await applications.FindAsync(portfolio, applicationId, cancel) switch
        {
            null => Outcome<DecidedCase>.Reject(Rejection.Missing, $"No application '{applicationId}' was decided in portfolio '{portfolio}': check both, or wait until the queue is worked off."),
            { Case: { } made } => made,
            _ => Outcome<DecidedCase>.Reject(Rejection.Erased, $"Application '{applicationId}' of portfolio '{portfolio}' was decided and then erased: there is nothing to review."),
        };

    private static Outcome<T> NoCase<T>(string portfolio, string applicationId) => Outcome<T>.Reject(
        Rejection.Missing, $"Nobody reviews application '{applicationId}' of portfolio '{portfolio}': a case is opened when the policy refers it, or by contesting the decision.");

    private static Outcome<T> Decided<T>(ReviewOutcome outcome) => Outcome<T>.Reject(Rejection.Conflict, string.Create(
        CultureInfo.InvariantCulture, $"'{outcome.By}' decided the case at {outcome.At:u}: {outcome.Verdict.ToString().ToLowerInvariant()}. That is the end of the review."));

    private static Outcome<ReviewCase> NotTaken(ReviewCase open) => Outcome<ReviewCase>.Reject(Rejection.Conflict, open.Taken is null
        ? "Nobody has taken the case: take it, look at it, then decide."
        : string.Create(CultureInfo.InvariantCulture, $"'{open.Taken.By}' has had the case since {open.Taken.At:u}, and only who has it decides it."));

    private static List<string> Faults(string actor, DecisionVerdict verdict, string reason)
    {
        List<string> faults = [];
        if (!Names.Actor.Allows(actor)) faults.Add(Names.Actor.Fault);
        if (verdict is not (DecisionVerdict.Approve or DecisionVerdict.Decline)) faults.Add("The verdict must be approve or decline: a person who reviews does not refer.");
        if (!Names.Reason.Allows(reason)) faults.Add(Names.Reason.Fault);
        return faults;
    }

    private static string? Fault(string statement) =>
        statement.AsSpan().Trim().Length != statement.Length || statement.Length is 0 or > LongestStatement || statement.Any(c => char.IsControl(c) && c is not ('\n' or '\r' or '\t'))
            ? $"The statement must have 1 to {LongestStatement} characters, no blanks around it and no control characters: send the applicant's words, or leave it out."
            : null;
}

/// <summary>A review with the decision that it is of.</summary>
/// <param name="Review">The case.</param>
/// <param name="Made">The application with its decision; written out without the key of its hashes.</param>
public sealed record ReviewedDecision(ReviewCase Review, [property: JsonIgnore] DecidedCase Made)
{
    /// <summary>What the program decided.</summary>
    public Decision Decision => Made.Decision;

    /// <summary>What the application said.</summary>
    public ApplicationInputs Inputs => Made.Inputs;
}
