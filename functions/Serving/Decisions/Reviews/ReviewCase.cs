using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Serverless.Serving.Documents;

namespace Serverless.Serving.Decisions;

/// <summary>
/// A decision that a person reviews: <c>reviews/{portfolio}/{applicationId}.json</c>, one for each application. What was decided in the end lies
/// with the application; the case says who works on it.
/// </summary>
/// <param name="Portfolio">Portfolio.</param>
/// <param name="ApplicationId">Id of the application.</param>
/// <param name="DecisionId">Id of the decision that is reviewed.</param>
/// <param name="OpenedAt">When, UTC.</param>
public sealed record ReviewCase(string Portfolio, string ApplicationId, string DecisionId, DateTimeOffset OpenedAt)
{
    /// <summary>Most statements of an applicant.</summary>
    public const int MostStatements = 20;

    /// <summary>Whether the policy referred the application.</summary>
    public bool Referred { get; init; }

    /// <summary>That the applicant contests the decision; null when not.</summary>
    public Contest? Contested { get; init; }

    /// <summary>What papers that came behind the decision say otherwise; null where none does.</summary>
    public IReadOnlyList<Contradiction>? Documents { get; init; }

    /// <summary>Who works on it; null when nobody does.</summary>
    public ReviewTaking? Taken { get; init; }

    /// <summary>What was decided; null as long as nothing is.</summary>
    public ReviewOutcome? Outcome { get; init; }

    /// <summary>How far it is.</summary>
    public ReviewState State => Outcome is not null ? ReviewState.Decided : Taken is not null ? ReviewState.Taken : ReviewState.Open;

    /// <summary>The case of a referred application.</summary>
    internal static ReviewCase OfReferral(Decision decision, DateTimeOffset now) => new(decision.Portfolio, decision.ApplicationId, decision.DecisionId, now) { Referred = true };

    /// <summary>The case of a decided application that a paper contradicts.</summary>
    internal static ReviewCase OfDocuments(Decision decision, IReadOnlyList<Contradiction> contradictions, DateTimeOffset now) =>
        new(decision.Portfolio, decision.ApplicationId, decision.DecisionId, now) { Referred = decision.Verdict == DecisionVerdict.Refer, Documents = contradictions };

    /// <summary>The case with what papers say otherwise, as it is now; the same again changes nothing.</summary>
    internal ReviewCase Contradict(IReadOnlyList<Contradiction> contradictions) => Documents is { } known && known.SequenceEqual(contradictions) ? this : this with { Documents = contradictions };

    /// <summary>The case with what the applicant says; the same statement again changes nothing.</summary>
    internal Outcome<ReviewCase> Contest(string? statement, string actor, DateTimeOffset now)
    {
        var contest = Contested ?? new(now, actor, []);
        if (statement is null || contest.Statements.Any(s => s.Text == statement)) return Contested is null ? this with { Contested = contest } : this;
        return contest.Statements.Count < MostStatements
            ? this with { Contested = contest with { Statements = [.. contest.Statements, new(now, statement)] } }
            : Outcome<ReviewCase>.Reject(Rejection.Conflict, $"The case has {MostStatements} statements already: tell the reviewer in another way.");
    }

    /// <summary>The case in the hands of a reviewer.</summary>
    /// <param name="actor">The reviewer.</param>
    /// <param name="from">Whom to take it over from; null when nobody has it.</param>
    /// <param name="now">When.</param>
    internal Outcome<ReviewCase> Take(string actor, string? from, DateTimeOffset now)
    {
        if (Taken?.By == actor) return this;
        if (Taken?.By == from) return this with { Taken = new(actor, now) };
        return Outcome<ReviewCase>.Reject(Rejection.Conflict, Taken is null
            ? $"Nobody has the case, so it cannot be taken over from '{from}': take it without naming anybody."
            : string.Create(CultureInfo.InvariantCulture, $"'{Taken.By}' has had the case since {Taken.At:u}: take another, or name '{Taken.By}' as the one to take it over from."));
    }
}

/// <summary>How far a review is.</summary>
public enum ReviewState
{
    /// <summary>Nobody works on it.</summary>
    Open,

    /// <summary>Somebody does.</summary>
    Taken,

    /// <summary>It is decided.</summary>
    Decided,
}

/// <summary>That an applicant contests a decision.</summary>
/// <param name="At">When first, UTC.</param>
/// <param name="Actor">Who filed it.</param>
/// <param name="Statements">What the applicant says, oldest first.</param>
public sealed record Contest(DateTimeOffset At, string Actor, IReadOnlyList<Statement> Statements);

/// <summary>An applicant's point of view.</summary>
/// <param name="At">When, UTC.</param>
/// <param name="Text">In the applicant's words.</param>
public sealed record Statement(DateTimeOffset At, string Text);

/// <summary>Who works on a review.</summary>
/// <param name="By">Who.</param>
/// <param name="At">Since when, UTC.</param>
public sealed record ReviewTaking(string By, DateTimeOffset At);

/// <summary>What a person decided.</summary>
/// <param name="Verdict">Approve or decline.</param>
/// <param name="Reason">Why.</param>
/// <param name="By">Who.</param>
/// <param name="At">When, UTC.</param>
/// <param name="Log">Where in the decision log the entry stands, or behind it.</param>
public sealed record ReviewOutcome(DecisionVerdict Verdict, string Reason, string By, DateTimeOffset At, LogPlace Log)
{
    /// <summary>Id of the review of a decision; of ids alone, as that of the decision.</summary>
    public static string IdOf(Decision decision) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"review/{decision.Portfolio}/{decision.ApplicationId}/{decision.DecisionId}")))[..32];
}
