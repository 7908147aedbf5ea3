using System.Diagnostics;
using System.Diagnostics.Metrics;
using Serverless.Serving;

namespace Serverless.Training;

/// <summary>What is traced and measured of retraining.</summary>
internal static class RetrainTelemetry
{
    private static readonly Counter<long> Drops = Telemetry.Meter.CreateCounter<long>("serverless.drops", "{drop}", "Drops settled, by outcome.");

    private static readonly Counter<long> Verdicts = Telemetry.Meter.CreateCounter<long>("serverless.gate.verdicts", "{verdict}", "What the gate said of new versions.");

    private static readonly Histogram<double> Duration = Telemetry.Meter.CreateHistogram(
        "serverless.retrain.duration", "s", "From a drop's turn to its outcome.", advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [1, 2, 5, 10, 30, 60, 120, 300, 600, 1200, 1800] });

    /// <summary>Traces and times the work on one drop, with a span for each stage.</summary>
    /// <param name="family">Family.</param>
    /// <param name="portfolio">Portfolio.</param>
    /// <param name="drop">Name of the drop.</param>
    /// <param name="traceParent">The trace that the drop came with, if it has one.</param>
    /// <param name="progress">Told how far the work is.</param>
    /// <param name="time">The clock.</param>
    /// <param name="work">The work.</param>
    public static async Task<RetrainOutcome> WatchAsync(
        string family, string portfolio, string drop, string? traceParent, IProgress<TrainingProgress> progress, TimeProvider time, Func<IProgress<TrainingProgress>, Task<RetrainOutcome>> work)
    {
        var began = time.GetTimestamp();
        using var span = Telemetry.Continue("retrain", traceParent);
        span?.SetTag("serverless.family", family).SetTag("serverless.portfolio", portfolio).SetTag("serverless.drop", drop);
        using var stages = new Stages(span, progress);
        try
        {
            var outcome = await work(stages);
            span?.SetTag("serverless.run.id", outcome.RunId).SetTag("serverless.model.version", outcome.Version).SetTag("serverless.outcome", Text(outcome.Result));
            Took(Text(outcome.Result));
            return outcome;
        }
        catch (Exception error)
        {
            // Wide, because every failure counts; it goes on to the host.
            span.Fail(error);
            Took("failed");
            throw;
        }

        void Took(string outcome) => Duration.Record(time.GetElapsedTime(began).TotalSeconds, new TagList { { "family", family }, { "outcome", outcome } });
    }

    /// <summary>Counts a drop that is settled.</summary>
    public static void Settled(string? family, RetrainResult result) => Drops.Add(1, new TagList { { "family", family ?? "unknown" }, { "outcome", Text(result) } });

    /// <summary>Counts a verdict of the gate.</summary>
    public static void Judged(string family, GateDecision decision) => Verdicts.Add(1, new TagList { { "family", family }, { "decision", Text(decision) } });

    private static string Text(Enum value) => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName($"{value}"); // as outcomes are written

    /// <summary>A child span for each stage, from when it is reported to the next.</summary>
    private sealed class Stages(Activity? work, IProgress<TrainingProgress> progress) : IProgress<TrainingProgress>, IDisposable
    {
        private readonly Lock _gate = new();
        private Activity? _stage;

        public void Report(TrainingProgress value)
        {
            lock (_gate)
            {
                // Fractions repeat the stage's name.
                if (work is not null && _stage?.OperationName != value.Stage)
                {
                    _stage?.Dispose();
                    _stage = Telemetry.Source.StartActivity(value.Stage, ActivityKind.Internal, work.Context);
                }
            }

            progress.Report(value);
        }

        public void Dispose()
        {
            lock (_gate) _stage?.Dispose();
        }
    }
}
