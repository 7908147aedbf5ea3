using System.Globalization;
using Serverless.Serving.Credit;

namespace Serverless.Serving.Decisions;

/// <summary>Contests a decision, and explains it to whoever does.</summary>
public sealed class DecisionContest(DecisionReviews reviews, DecisionExplanations explanations)
{
    /// <summary>Opens a review, as <see cref="DecisionReviews.ContestAsync"/>, and answers with how it was decided, by what, and what would have led to approval.</summary>
    /// <param name="portfolio">Portfolio.</param>
    /// <param name="applicationId">Id of the application.</param>
    /// <param name="actor">Who files it.</param>
    /// <param name="statement">The applicant's point of view; may be null.</param>
    /// <param name="cancel">Stops it.</param>
    /// <exception cref="ArgumentException">A name does not have the form that <see cref="Names"/> states.</exception>
    public async Task<Outcome<ContestAnswer>> RunAsync(string portfolio, string applicationId, string actor, string? statement, CancellationToken cancel)
    {
        var contested = await reviews.ContestAsync(portfolio, applicationId, actor, statement, cancel);
        if (contested is not Outcome<ReviewedDecision>.Done { Value: var reviewed }) return contested.Pass<ContestAnswer>();
        var explained = await explanations.ExplainAsync(reviewed.Made, cancel);
        return ContestAnswer.Of(reviewed.Review, explained);
    }
}

/// <summary>
/// The answer to who contests a decision: the procedure and principles by which it came about, in plain words, and its main factors (CJEU, C-203/22,
/// Dun &amp; Bradstreet Austria, 27 February 2025, on GDPR Art. 15(1)(h); AI Act Art. 86).
/// </summary>
/// <param name="Portfolio">Portfolio.</param>
/// <param name="ApplicationId">Id of the application.</param>
/// <param name="DecisionId">Id of the decision that is contested.</param>
/// <param name="Verdict">What the program decided.</param>
/// <param name="State">How far the review is.</param>
/// <param name="ContestedAt">When it was contested first, UTC.</param>
/// <param name="Procedure">How the decision came about, and what comes next.</param>
/// <param name="Factors">What cost most points, worst first.</param>
public sealed record ContestAnswer(
    string Portfolio, string ApplicationId, string DecisionId, DecisionVerdict Verdict, ReviewState State, DateTimeOffset ContestedAt, IReadOnlyList<string> Procedure, IReadOnlyList<Reason> Factors)
{
    /// <summary>The rules of the policy that fired; absent where the decision does not tell them.</summary>
    public IReadOnlyList<FiredRule>? Rules { get; init; }

    /// <summary>What would have led to approval; absent where it was approved.</summary>
    public Counterfactuals? Counterfactuals { get; init; }

    internal static ContestAnswer Of(ReviewCase review, ExplainedDecision explained)
    {
        var decision = explained.Decision;
        return new(decision.Portfolio, decision.ApplicationId, decision.DecisionId, decision.Verdict, review.State, review.Contested!.At, [.. Steps(decision, explained.Shapes?.Contract.Policy)], decision.Reasons)
        {
            Rules = decision.Rules,
            Counterfactuals = decision.Counterfactuals,
        };
    }

    private static IEnumerable<string> Steps(Decision decision, DecisionPolicy? policy)
    {
        yield return $"A program read the application and put each value into a class; version {decision.ModelVersion} of the model gives points to the classes, learned from how earlier loans ended. Protected attributes are no part of it.";
        yield return string.Create(CultureInfo.InvariantCulture, $"The points add up to a score of {decision.Points}, which stands for a probability of {decision.Probability:0.####} that the loan is not paid back as agreed. 'factors' lists what lowered the score most against the average.");
        if (policy is not null)
            yield return string.Create(CultureInfo.InvariantCulture, $"The lender's rules (contract {decision.ContractVersion}) approve below a probability of {policy.ApproveBelow}, decline from {policy.DeclineFrom} on, and leave what is between to a person. 'rules' lists the rules that applied to this application.");
        yield return "A person now reviews the decision with everything that the application said and with the applicant's own statement, and can decide otherwise (GDPR Art. 22(3)).";
    }
}
