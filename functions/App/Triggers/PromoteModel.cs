using Serverless.Functions.Http;
using Serverless.Serving;
using Serverless.Training;

namespace Serverless.Functions.Triggers;

/// <summary>POST models/{family}/{portfolio}/promote: makes a version live, or proposes it where the contract asks for approval.</summary>
internal sealed class PromoteModel(ModelChanges changes)
{
    /// <summary>A version and a reason are far below it.</summary>
    public const int MaxBytes = 8 * 1024;

    public const string WhyLimited = "A change of the live version is a version and a reason.";

    // Not cancelled when the caller hangs up: he would not know whether it was done.
    public async Task<IResult> RunAsync(string family, string portfolio, string actor, BinaryData body)
    {
        var asked = RequestBody.Parse<PromoteRequest>(body);
        return Answer(await changes.PromoteAsync(new(family, portfolio, actor, asked.Reason), asked.Version, CancellationToken.None));
    }

    internal static IResult Answer(Outcome<ModelChange> outcome) => outcome switch
    {
        Outcome<ModelChange>.Done { Value: var done } => TypedResults.Json(done.State, Json.Options, statusCode: done.Waits ? StatusCodes.Status202Accepted : StatusCodes.Status200OK),
        Outcome<ModelChange>.Rejected { Kind: Rejection.Missing } missing => new Problem(404, "There is no such version.", missing.Reasons),
        Outcome<ModelChange>.Rejected { Kind: Rejection.Conflict } conflict => new Problem(409, "The change does not fit the state of the portfolio, so nothing was changed.", conflict.Reasons),
        Outcome<ModelChange>.Rejected rejected => new Problem(400, "The change cannot be made: correct what the reasons name and send it again.", rejected.Reasons),
        _ => throw new InvalidOperationException("An outcome is done or rejected."),
    };
}

/// <summary>The body of a promotion and of an approval.</summary>
internal sealed record PromoteRequest(string Version, string? Reason = null);
