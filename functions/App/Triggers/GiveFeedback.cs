using Serverless.Functions.Http;
using Serverless.Serving;
using Serverless.Serving.Text;

namespace Serverless.Functions.Triggers;

/// <summary>POST feedback: what a text means, for the next training.</summary>
internal sealed class GiveFeedback(LiveModels models, ModelRegistry registry, TextFeedback feedback)
{
    public const int MaxBytes = 64 * 1024;

    public const string WhyLimited = "A text has at most 10,000 characters.";

    private const string Refused = "The feedback cannot be used: correct what the reasons name and send it again.";

    public async Task<IResult> RunAsync(string actor, BinaryData body, CancellationToken cancel)
    {
        var request = RequestBody.Parse<FeedbackRequest>(body);
        if (request.Faults().ToList() is { Count: > 0 } faults) return new Problem(400, Refused, faults);
        using var lease = await models.RentAsync<TextClassifier>(TextContract.FamilyName, request.Portfolio, cancel);
        if (lease is null) return await ClassifyText.UnknownAsync(registry, request.Portfolio, cancel);
        return await feedback.GiveAsync(request.Given(), actor, [.. lease.Model.Intents], cancel) switch
        {
            Outcome<FeedbackRecord>.Done { Value: var kept } => TypedResults.Json(FeedbackAnswer.Of(kept), Json.Options),
            Outcome<FeedbackRecord>.Rejected { Kind: Rejection.Conflict } conflict => new Problem(409, conflict.Reasons[0]),
            Outcome<FeedbackRecord>.Rejected rejected => new Problem(400, Refused, rejected.Reasons),
            _ => throw new InvalidOperationException("An outcome is done or rejected."),
        };
    }
}
