using Serverless.Serving.Decisions;

namespace Serverless.Functions.Triggers;

/// <summary>GET reviews/{portfolio}/{id}: a case with the decision and what the application said.</summary>
internal sealed class GetReview(DecisionReviews reviews)
{
    public Task<IResult> RunAsync(string portfolio, string id, CancellationToken cancel) =>
        ReviewRoute.RunAsync(portfolio, id, async () => (await reviews.ShowAsync(portfolio, id, cancel)).Then<ReviewAnswer>(r => new ReviewAnswer(r.Review, r.Decision, r.Inputs)));
}

/// <summary>A review with what it is of.</summary>
internal sealed record ReviewAnswer(ReviewCase Review, Decision Decision, ApplicationInputs Inputs);
