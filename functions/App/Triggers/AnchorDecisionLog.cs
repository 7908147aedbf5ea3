using Serverless.Serving.Decisions;

namespace Serverless.Functions.Triggers;

/// <summary>Every hour: notes the ends of the decision log, once a day. Hourly, so that an instance that slept at midnight misses no day.</summary>
internal sealed partial class AnchorDecisionLog(DecisionAnchors anchors, ILogger<AnchorDecisionLog> log)
{
    public async Task RunAsync(CancellationToken cancel)
    {
        if (await anchors.AnchorAsync(cancel) is { } anchor) Anchored(anchor.Lines.Count, anchor.Lines.Sum(l => l.Line));
    }

    [LoggerMessage(LogLevel.Information, "The decision log is anchored: {Shards} shards, {Lines} lines")]
    private partial void Anchored(int shards, long lines);
}
