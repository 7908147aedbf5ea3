using Microsoft.Azure.Functions.Worker;
using Serverless.Functions.Triggers;

namespace Serverless.Functions.Worker;

/// <summary>The HTTP API.</summary>
public sealed class HttpTriggers(Invoker invoker)
{
    [Function(nameof(ClassifyText))]
    public Task<IResult> ClassifyTextAsync([HttpTrigger(AuthorizationLevel.Function, "post", Route = "classify")] HttpRequest request) =>
        invoker.OnHttpAsync(nameof(ClassifyText), request);

    [Function(nameof(FindSimilar))]
    public Task<IResult> FindSimilarAsync([HttpTrigger(AuthorizationLevel.Function, "get", Route = "similar")] HttpRequest request) =>
        invoker.OnHttpAsync(nameof(FindSimilar), request);

    [Function(nameof(GetForecast))]
    public Task<IResult> GetForecastAsync([HttpTrigger(AuthorizationLevel.Function, "get", Route = "forecasts/{symbol}")] HttpRequest request) =>
        invoker.OnHttpAsync(nameof(GetForecast), request);

    [Function(nameof(GetStrategy))]
    public Task<IResult> GetStrategyAsync([HttpTrigger(AuthorizationLevel.Function, "get", Route = "strategies/{portfolio}")] HttpRequest request) =>
        invoker.OnHttpAsync(nameof(GetStrategy), request);

    [Function(nameof(GiveFeedback))]
    public Task<IResult> GiveFeedbackAsync([HttpTrigger(AuthorizationLevel.Function, "post", Route = "feedback")] HttpRequest request) =>
        invoker.OnHttpAsync(nameof(GiveFeedback), request);

    [Function(nameof(ReadPicture))]
    public Task<IResult> ReadPictureAsync([HttpTrigger(AuthorizationLevel.Function, "post", Route = "documents")] HttpRequest request) =>
        invoker.OnHttpAsync(nameof(ReadPicture), request);

    [Function(nameof(SubmitApplication))]
    public Task<IResult> SubmitApplicationAsync([HttpTrigger(AuthorizationLevel.Function, "post", Route = "applications")] HttpRequest request) =>
        invoker.OnHttpAsync(nameof(SubmitApplication), request);

    [Function(nameof(GetDecision))]
    public Task<IResult> GetDecisionAsync([HttpTrigger(AuthorizationLevel.Function, "get", Route = "decisions/{portfolio}/{id}")] HttpRequest request) =>
        invoker.OnHttpAsync(nameof(GetDecision), request);

    [Function(nameof(ContestDecision))]
    public Task<IResult> ContestDecisionAsync([HttpTrigger(AuthorizationLevel.Function, "post", Route = "decisions/{portfolio}/{id}/contest")] HttpRequest request) =>
        invoker.OnHttpAsync(nameof(ContestDecision), request);

    [Function(nameof(GetNotice))]
    public Task<IResult> GetNoticeAsync([HttpTrigger(AuthorizationLevel.Function, "get", Route = "decisions/{portfolio}/{id}/notice")] HttpRequest request) =>
        invoker.OnHttpAsync(nameof(GetNotice), request);

    [Function(nameof(ListReviews))]
    public Task<IResult> ListReviewsAsync([HttpTrigger(AuthorizationLevel.Function, "get", Route = "reviews/{portfolio}")] HttpRequest request) =>
        invoker.OnHttpAsync(nameof(ListReviews), request);

    [Function(nameof(GetReview))]
    public Task<IResult> GetReviewAsync([HttpTrigger(AuthorizationLevel.Function, "get", Route = "reviews/{portfolio}/{id}")] HttpRequest request) =>
        invoker.OnHttpAsync(nameof(GetReview), request);

    [Function(nameof(TakeReview))]
    public Task<IResult> TakeReviewAsync([HttpTrigger(AuthorizationLevel.Function, "post", Route = "reviews/{portfolio}/{id}/take")] HttpRequest request) =>
        invoker.OnHttpAsync(nameof(TakeReview), request);

    [Function(nameof(DecideReview))]
    public Task<IResult> DecideReviewAsync([HttpTrigger(AuthorizationLevel.Function, "post", Route = "reviews/{portfolio}/{id}/decide")] HttpRequest request) =>
        invoker.OnHttpAsync(nameof(DecideReview), request);

    [Function(nameof(ListModels))]
    public Task<IResult> ListModelsAsync([HttpTrigger(AuthorizationLevel.Function, "get", Route = "models")] HttpRequest request) =>
        invoker.OnHttpAsync(nameof(ListModels), request);

    [Function("OpenApi")]
    public Task<IResult> OpenApiAsync([HttpTrigger(AuthorizationLevel.Function, "get", Route = "openapi.json")] HttpRequest request) =>
        invoker.OnHttpAsync("OpenApi", request);

    [Function("HealthLive")]
    public Task<IResult> HealthLiveAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "health/live")] HttpRequest request) =>
        invoker.OnHttpAsync("HealthLive", request);

    [Function("HealthReady")]
    public Task<IResult> HealthReadyAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "health/ready")] HttpRequest request) =>
        invoker.OnHttpAsync("HealthReady", request);
}
