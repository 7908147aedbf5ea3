using Azure;
using Serverless.Serving;
using Serverless.Serving.Decisions;

namespace Serverless.Functions.Http;

/// <summary>Turns everything that went wrong into problem details, and sets the security headers; the outermost step of every request.</summary>
internal sealed partial class Faults(RequestDelegate next, ILogger<Faults> log)
{
    public async Task InvokeAsync(HttpContext http)
    {
        Harden(http.Response.Headers);
        Problem problem;
        try
        {
            await next(http);
            if (http.Response is not { StatusCode: >= 400, HasStarted: false, ContentType: null, ContentLength: null }) return;
            problem = new(http.Response.StatusCode, $"There is nothing at {http.Request.Method} {http.Request.Path}: see openapi.json for what there is.");
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            return; // nobody waits for the answer
        }
        catch (Exception error) when (!http.Response.HasStarted)
        {
            // The one wide catch of HTTP: without an answer the Functions host would wait until its timeout.
            problem = Of(error);
            if (problem.Status >= 500) Failed(http.Request.Path, http.Request.Headers["X-Azure-Functions-InvocationId"], error);
        }

        await problem.ExecuteAsync(http);
    }

    /// <summary>What an API for programs tells browsers: OWASP's REST Security Cheat Sheet.</summary>
    private static void Harden(IHeaderDictionary headers)
    {
        headers.CacheControl = "no-store";
        headers.ContentSecurityPolicy = "default-src 'none'; frame-ancestors 'none'";
        headers.StrictTransportSecurity = "max-age=31536000; includeSubDomains"; // browsers heed it over TLS only
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
    }

    private static Problem Of(Exception error) => error switch
    {
        ProblemException known => known.Problem,
        BadHttpRequestException bad => new(bad.StatusCode, bad.Message),
        UnsentDecisionException => new(503, error.Message),
        InvalidModelException => new(503, $"The model cannot be served: {error.Message}"),
        RequestFailedException { Status: 401 or 403 } or RequestFailedException { ErrorCode: "ContainerNotFound" or "QueueNotFound" } =>
            new(503, "The app cannot use its storage yet: GET health/ready says which role or container is missing."),
        _ when IsTransient(error) => new(503, "The storage does not answer. Try again in a few seconds."),
        _ => new(500, "The app failed on this request; its log has the cause. Repeating it is safe."),
    };

    /// <summary>Whether waiting may help: the storage account is busy, restarting or cannot be reached.</summary>
    private static bool IsTransient(Exception error) => error switch
    {
        RequestFailedException { Status: 0 or 408 or 429 or >= 500 } => true,
        AggregateException retries => retries.InnerExceptions.All(IsTransient), // the SDK gave up after its retries
        _ => false,
    };

    [LoggerMessage(LogLevel.Error, "{Path} failed, invocation '{Invocation}'")]
    private partial void Failed(string path, string? invocation, Exception error);
}
