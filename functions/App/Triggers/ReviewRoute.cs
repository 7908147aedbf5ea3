using Serverless.Functions.Http;
using Serverless.Serving;

namespace Serverless.Functions.Triggers;

/// <summary>What the routes on the review of a decision have in common.</summary>
internal static class ReviewRoute
{
    /// <summary>A verdict, a reason and a statement are far below it.</summary>
    public const int MaxBytes = 32 * 1024;

    public const string WhyLimited = "A statement has at most 4000 characters and a reason 500.";

    /// <summary>The address of the application that a request names.</summary>
    public static (string Portfolio, string Id) Of(HttpContext http) => ((string)http.Request.RouteValues["portfolio"]!, (string)http.Request.RouteValues["id"]!);

    /// <summary>Runs where the address can name an application, and answers as JSON.</summary>
    public static async Task<IResult> RunAsync<T>(string portfolio, string id, Func<Task<Outcome<T>>> run, Func<T, IResult>? answer = null)
    {
        string[] faults = [.. Names.Portfolio.Allows(portfolio) ? [] : new[] { Names.Portfolio.Fault }, .. Names.ApplicationId.Allows(id) ? [] : new[] { Names.ApplicationId.Fault }];
        if (faults.Length > 0) return new Problem(400, "The address names no application.", faults);
        return await run() switch
        {
            Outcome<T>.Done { Value: var done } => answer?.Invoke(done) ?? TypedResults.Json(done, Json.Options),
            Outcome<T>.Rejected { Kind: Rejection.Missing } missing => new Problem(404, missing.Reasons[0]),
            Outcome<T>.Rejected { Kind: Rejection.Erased } erased => new Problem(410, erased.Reasons[0]),
            Outcome<T>.Rejected { Kind: Rejection.Conflict } conflict => new Problem(409, conflict.Reasons[0]),
            Outcome<T>.Rejected rejected => new Problem(400, "The request cannot be used: correct what the reasons name and send it again.", rejected.Reasons),
            _ => throw new InvalidOperationException("An outcome is done or rejected."),
        };
    }
}
