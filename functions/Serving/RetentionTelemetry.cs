using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Serverless.Serving;

/// <summary>What is measured of retention.</summary>
public static class RetentionTelemetry
{
    private static readonly Counter<long> Gone = Telemetry.Meter.CreateCounter<long>("serverless.retention.removed", "{blob}", "What was removed or erased because of its age, by container.");

    /// <summary>Counts what went of a container.</summary>
    public static void Removed(string container, long count)
    {
        if (count > 0) Gone.Add(count, new TagList { { "container", container } });
    }
}
