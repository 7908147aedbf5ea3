using Serverless.Functions.Http;
using Serverless.Serving.Decisions;

namespace Serverless.Functions.Triggers;

/// <summary>POST reviews/{portfolio}/{id}/decide: what the person who has the case decided, recorded and then sent on queue <c>loan-decisions</c>.</summary>
internal sealed class DecideReview(DecisionReviews reviews)
{
    // Not cancelled when the caller hangs up: he would not know whether it was decided.
    public Task<IResult> RunAsync(string portfolio, string id, string actor, BinaryData body)
    {
        var asked = RequestBody.Parse<DecideRequest>(body);
        return ReviewRoute.RunAsync(portfolio, id, () => reviews.DecideAsync(portfolio, id, actor, asked.Verdict, asked.Reason, CancellationToken.None));
    }
}

/// <summary>The body of a person's decision.</summary>
internal sealed record DecideRequest(DecisionVerdict Verdict, string Reason);
