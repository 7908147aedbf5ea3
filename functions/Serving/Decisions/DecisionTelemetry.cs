using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Serverless.Serving.Decisions;

/// <summary>What is traced and measured of decisions.</summary>
internal static class DecisionTelemetry
{
    private static readonly Counter<long> Decisions =
        Telemetry.Meter.CreateCounter<long>("serverless.decisions", "{decision}", "Decisions made, by verdict; a repeated delivery makes none.");

    private static readonly Histogram<double> Duration = Telemetry.Meter.CreateHistogram(
        "serverless.decision.duration", "s", "From an application's arrival here to its decision recorded, logged and sent.",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30] });

    private static readonly Histogram<double> Probability = Telemetry.Meter.CreateHistogram(
        "serverless.decision.probability", "1", "Probability of a bad loan of the decisions made: the distribution of scores.",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9] });

    /// <summary>Traces and times the work on one application.</summary>
    public static async Task<Outcome<Decision>> WatchAsync(LoanApplication application, TimeProvider time, Func<Task<Outcome<Decision>>> work)
    {
        var began = time.GetTimestamp();
        using var span = Telemetry.Continue("decide", application.TraceParent);
        span?.SetTag("serverless.portfolio", application.Portfolio).SetTag("serverless.application.id", application.ApplicationId);
        try
        {
            var outcome = await work();
            var decision = (outcome as Outcome<Decision>.Done)?.Value;
            var kind = decision is null ? "rejected" : "decided";
            span?.SetTag("serverless.outcome", kind).SetTag("serverless.decision.id", decision?.DecisionId).SetTag("serverless.model.version", decision?.ModelVersion);
            Took(kind);
            return outcome;
        }
        catch (Exception error)
        {
            // Wide, because every failure counts; it goes on to the host.
            span.Fail(error);
            Took("failed");
            throw;
        }

        void Took(string outcome) => Duration.Record(time.GetElapsedTime(began).TotalSeconds, new TagList { { "outcome", outcome } });
    }

    /// <summary>Counts a decision that was made just now.</summary>
    public static void Made(Decision decision)
    {
        Decisions.Add(1, new TagList { { "portfolio", decision.Portfolio }, { "verdict", decision.Verdict.ToString().ToLowerInvariant() } });
        Probability.Record(decision.Probability, new TagList { { "portfolio", decision.Portfolio } });
    }

    /// <summary>A span for a message that is sent: OpenTelemetry's conventions for messaging.</summary>
    public static Activity? Send(string queue) => Telemetry.Source.StartActivity($"send {queue}", ActivityKind.Producer)
        ?.SetTag("messaging.system", "azure_storage_queues").SetTag("messaging.operation.type", "send").SetTag("messaging.operation.name", "send").SetTag("messaging.destination.name", queue);
}
