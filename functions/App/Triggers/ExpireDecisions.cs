using Serverless.Serving.Decisions;

namespace Serverless.Functions.Triggers;

/// <summary>Every night: applications and refused messages go that are older than the settings say.</summary>
internal sealed partial class ExpireDecisions(DecisionRetention retention, ILogger<ExpireDecisions> log)
{
    public async Task RunAsync(CancellationToken cancel)
    {
        foreach (var (container, count) in await retention.RunAsync(cancel)) Expired(count, container);
    }

    [LoggerMessage(LogLevel.Information, "Retention: {Count} of container {Container} went because of their age")]
    private partial void Expired(int count, string container);
}
