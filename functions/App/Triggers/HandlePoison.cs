using System.Diagnostics.Metrics;
using Serverless.Serving;
using Serverless.Serving.Poison;

namespace Serverless.Functions.Triggers;

/// <summary>Every minute: what the host gave up becomes records in container <c>poison</c>, for people to look at.</summary>
/// <remarks>
/// A timer, although its input lies on queues: the host decodes the messages of a queue trigger, so one that is poison because it is
/// not base64 would fail here again, unseen, and end on a poison queue of the poison queue.
/// </remarks>
internal sealed partial class HandlePoison(PoisonQueues queues, PoisonStore store, ILogger<HandlePoison> log)
{
    private static readonly Gauge<int> Waiting = Telemetry.Meter.CreateGauge<int>("serverless.poison.kept", "{record}", "Messages and blobs that wait for a person.");

    public async Task RunAsync(CancellationToken cancel)
    {
        await foreach (var record in queues.CollectAsync(cancel)) Kept(record.Source, record.Count, record.Reasons.Count, record.Id);
        Waiting.Record(await store.TidyAsync(cancel));
    }

    [LoggerMessage(LogLevel.Warning, "Poison of {Source}: {Attempts} failed attempts, {Reasons} reasons, see 'serverless poison show {Id}'")]
    private partial void Kept(string source, int attempts, int reasons, string id);
}
