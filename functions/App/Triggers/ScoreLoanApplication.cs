using Serverless.Serving;
using Serverless.Serving.Decisions;
using Serverless.Serving.Poison;

namespace Serverless.Functions.Triggers;

/// <summary>Queue <c>loan-applications</c>: an application becomes a decision, or lies in container <c>poison</c> with its reasons.</summary>
internal sealed partial class ScoreLoanApplication(LoanDecisions decisions, PoisonStore poison, ILogger<ScoreLoanApplication> log)
{
    public async Task RunAsync(BinaryData message, CancellationToken cancel)
    {
        switch (await decisions.DecideAsync(message, cancel))
        {
            case Outcome<Decision>.Done { Value: var decision }:
                Decided(decision.Portfolio, decision.ApplicationId, decision.ModelVersion);
                break;
            case Outcome<Decision>.Rejected { Kind: Rejection.Erased }:
                Erased(PoisonId.Of(message.ToString())); // its content is not to be kept again
                break;
            case Outcome<Decision>.Rejected { Reasons: var reasons }:
                Rejected(await poison.RejectAsync("loan-applications", message, reasons, cancel), reasons.Count);
                break;
        }
    }

    [LoggerMessage(LogLevel.Debug, "Decided {Portfolio}/{ApplicationId} by model {ModelVersion}")]
    private partial void Decided(string portfolio, string applicationId, string modelVersion);

    [LoggerMessage(LogLevel.Warning, "Message {Hash} is of an application that was decided and then erased: nothing is done and nothing kept")]
    private partial void Erased(string hash);

    [LoggerMessage(LogLevel.Warning, "An application was rejected for {Count} reasons: see 'serverless poison show {Id}'")]
    private partial void Rejected(string id, int count);
}
