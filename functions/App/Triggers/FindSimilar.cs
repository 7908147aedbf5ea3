using Serverless.Functions.Http;
using Serverless.Serving;
using Serverless.Serving.Text;

namespace Serverless.Functions.Triggers;

/// <summary>GET similar: the training questions nearest to a text, for agents.</summary>
internal sealed class FindSimilar(LiveModels models, ModelRegistry registry)
{
    private const string Refused = "The request cannot be answered.";

    public async Task<IResult> RunAsync(IQueryCollection query, CancellationToken cancel)
    {
        var request = new SimilarRequest(query);
        if (request.Faults().ToList() is { Count: > 0 } faults) return new Problem(400, Refused, faults);
        using var lease = await models.RentAsync<TextClassifier>(TextContract.FamilyName, request.Portfolio, cancel);
        if (lease is null) return await ClassifyText.UnknownAsync(registry, request.Portfolio, cancel);
        return lease.Model.Similar(request.Text, request.Top, cancel) switch
        {
            Outcome<SimilarQuestions>.Done { Value: var found } => TypedResults.Json(new SimilarAnswer(request.Portfolio, lease.Version, found.Redactions, found.Questions), Json.Options),
            Outcome<SimilarQuestions>.Rejected { Kind: Rejection.Missing } missing => new Problem(404, missing.Reasons[0]),
            Outcome<SimilarQuestions>.Rejected rejected => new Problem(400, Refused, rejected.Reasons),
            _ => throw new InvalidOperationException("An outcome is done or rejected."),
        };
    }
}
