using Serverless.Functions.Http;
using Serverless.Serving.Decisions;

namespace Serverless.Functions.Triggers;

/// <summary>POST decisions/{portfolio}/{id}/contest: opens a review, and answers how the decision came about.</summary>
internal sealed class ContestDecision(DecisionContest contest)
{
    // Not cancelled when the caller hangs up: he would not know whether a review is open.
    public Task<IResult> RunAsync(string portfolio, string id, string actor, BinaryData body)
    {
        var asked = RequestBody.Parse<ContestRequest>(body);
        return ReviewRoute.RunAsync(portfolio, id, () => contest.RunAsync(portfolio, id, actor, asked.Statement, CancellationToken.None));
    }
}

/// <summary>The body of a contest.</summary>
internal sealed record ContestRequest(string? Statement = null);
