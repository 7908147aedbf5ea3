using Serverless.Functions.Http;
using Serverless.Serving;
using Serverless.Serving.Decisions;

namespace Serverless.Functions.Triggers;

/// <summary>POST applications: the same path as the queue, answered at once.</summary>
internal sealed class SubmitApplication(LoanDecisions decisions)
{
    /// <summary>What a queue message can hold as base64, so that both ways take the same applications.</summary>
    public const int MaxBytes = 48 * 1024;

    public const string WhyLimited = "An application must fit into a queue message (64 KiB as base64): send only the contract's columns.";

    // Not cancelled when the caller hangs up: nobody would deliver again what was recorded and not yet logged and sent.
    public async Task<IResult> RunAsync(BinaryData application) => Answer(await decisions.DecideAsync(application, CancellationToken.None));

    internal static IResult Answer(Outcome<Decision> outcome) => outcome switch
    {
        Outcome<Decision>.Done done => TypedResults.Json(done.Value, Json.Options),
        Outcome<Decision>.Rejected { Kind: Rejection.Conflict } conflict => new Problem(409, "The application's id is taken by other content.", conflict.Reasons),
        Outcome<Decision>.Rejected { Kind: Rejection.Erased } erased => new Problem(410, "The application was erased.", erased.Reasons),
        Outcome<Decision>.Rejected rejected => new Problem(400, "The application cannot be decided: correct what the reasons name and send it again.", rejected.Reasons),
        _ => throw new InvalidOperationException("An outcome is done or rejected."),
    };
}
