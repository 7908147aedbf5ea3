using Serverless.Training.Drops;

namespace Serverless.Functions.Triggers;

/// <summary>Every night: drops, reports, outcomes, runs and accepted data go that are older than the settings say.</summary>
internal sealed partial class ExpireDrops(DropRetention retention, ILogger<ExpireDrops> log)
{
    public async Task RunAsync(CancellationToken cancel)
    {
        foreach (var (container, count) in await retention.RunAsync(cancel)) Expired(count, container);
    }

    [LoggerMessage(LogLevel.Information, "Retention: {Count} of container {Container} went because of their age")]
    private partial void Expired(int count, string container);
}
