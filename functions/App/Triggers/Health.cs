using Serverless.Functions.Http;
using Serverless.Serving;

namespace Serverless.Functions.Triggers;

/// <summary>GET health/live and health/ready: whether the process answers, and whether it can do its work.</summary>
internal sealed class Health(Readiness readiness)
{
    public static IResult Live() => TypedResults.Json(new HealthAnswer("live"), Json.Options);

    public async Task<IResult> ReadyAsync(CancellationToken cancel) => await readiness.FaultsAsync(cancel) is { Count: > 0 } faults
        ? new Problem(503, "The app is not ready.", faults)
        : TypedResults.Json(new HealthAnswer("ready"), Json.Options);
}

/// <summary>The answer when all is well.</summary>
internal sealed record HealthAnswer(string Status);
