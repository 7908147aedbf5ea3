using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Serverless.Serving.Text;

/// <summary>What is measured of answers to customers' texts.</summary>
public static class ClassificationTelemetry
{
    private static readonly Counter<long> Texts =
        Telemetry.Meter.CreateCounter<long>("serverless.classify.texts", "{text}", "Texts classified, by result: intent, ambiguous or none.");

    private static readonly Histogram<double> Confidence = Telemetry.Meter.CreateHistogram(
        "serverless.classify.confidence", "1", "Probability of the best intent.",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99] });

    /// <summary>Counts the answers to one request.</summary>
    public static void Answered(string portfolio, IReadOnlyList<Classification> answers)
    {
        foreach (var answer in answers)
        {
            Texts.Add(1, new TagList { { "portfolio", portfolio }, { "result", answer.Intent is null ? "none" : answer.Ambiguous ? "ambiguous" : "intent" } });
            Confidence.Record(answer.Top[0].Probability, new TagList { { "portfolio", portfolio } });
        }
    }
}
