using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;
using Serverless.Serving;

namespace Serverless.Functions.Http;

/// <summary>An answer that says what is wrong: problem details, RFC 9457.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Detail">What is wrong and what to do.</param>
/// <param name="Reasons">Every fault, when there can be several.</param>
internal sealed record Problem(int Status, string Detail, IReadOnlyList<string>? Reasons = null) : IResult
{
    /// <summary>No more is to be known of the kind of problem than its status.</summary>
    public string Type { get; } = "about:blank";

    /// <summary>The phrase of the status.</summary>
    public string Title => ReasonPhrases.GetReasonPhrase(Status);

    /// <inheritdoc/>
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = Status;
        response.ContentType = "application/problem+json";
        if (Status == StatusCodes.Status503ServiceUnavailable) response.Headers.RetryAfter = "5";
        await JsonSerializer.SerializeAsync(response.Body, this, Json.Options, httpContext.RequestAborted);
    }
}

/// <summary>Ends a request with a problem.</summary>
internal sealed class ProblemException(Problem problem) : Exception(problem.Detail)
{
    public Problem Problem => problem;
}
