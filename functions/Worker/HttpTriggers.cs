using Microsoft.Azure.Functions.Worker;
using Serverless.Functions.Triggers;

namespace Serverless.Functions.Worker;

/// <summary>The HTTP API.</summary>
public sealed class HttpTriggers(Invoker invoker)
{
    [Function(nameof(ClassifyText))]
    public Task<IResult> ClassifyTextAsync([HttpTrigger(AuthorizationLevel.Function, "post", Route = "classify")] HttpRequest request) =>
        invoker.OnHttpAsync(nameof(ClassifyText), request);

    [Function(nameof(SubmitApplication))]
    public Task<IResult> SubmitApplicationAsync([HttpTrigger(AuthorizationLevel.Function, "post", Route = "applications")] HttpRequest request) =>
        invoker.OnHttpAsync(nameof(SubmitApplication), request);

    [Function(nameof(GetDecision))]
    public Task<IResult> GetDecisionAsync([HttpTrigger(AuthorizationLevel.Function, "get", Route = "decisions/{portfolio}/{id}")] HttpRequest request) =>
        invoker.OnHttpAsync(nameof(GetDecision), request);

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
