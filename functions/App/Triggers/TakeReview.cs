using Serverless.Functions.Http;
using Serverless.Serving.Decisions;

namespace Serverless.Functions.Triggers;

/// <summary>POST reviews/{portfolio}/{id}/take: the caller works on the case from now on.</summary>
internal sealed class TakeReview(DecisionReviews reviews)
{
    public Task<IResult> RunAsync(string portfolio, string id, string actor, BinaryData body)
    {
        var asked = RequestBody.Parse<TakeRequest>(body);
        return ReviewRoute.RunAsync(portfolio, id, () => reviews.TakeAsync(portfolio, id, actor, asked.From, CancellationToken.None));
    }
}

/// <summary>The body of a taking.</summary>
internal sealed record TakeRequest(string? From = null);
