using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Serverless.Serving;

/// <summary>
/// The name under which everything here is traced and measured, and how a trace goes on across queues and blobs: W3C Trace Context
/// (<c>traceparent</c>) as a member of a message, or as metadata of a blob. Names, versions, ids and counts only, never content.
/// </summary>
public static class Telemetry
{
    /// <summary>Name of the activity source and of the meter.</summary>
    public const string Name = "Serverless";

    /// <summary>Where a message or a blob's metadata has its trace context.</summary>
    public const string TraceParent = "traceparent";

    /// <summary>Starts the spans.</summary>
    public static ActivitySource Source { get; } = new(Name);

    /// <summary>Makes the instruments; each stands beside what it measures.</summary>
    public static Meter Meter { get; } = new(Name);

    /// <summary>
    /// Starts a span that goes on with the trace that came along, and is linked with the present one; without one, or with one of another
    /// form, as the standard asks, it goes on with the present trace.
    /// </summary>
    /// <param name="name">Name of the span.</param>
    /// <param name="traceParent">What came along, such as <c>00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01</c>.</param>
    /// <returns>Null when nobody listens.</returns>
    public static Activity? Continue(string name, string? traceParent)
    {
        var present = Activity.Current?.Context ?? default;
        if (!ActivityContext.TryParse(traceParent, null, isRemote: true, out var parent)) return Source.StartActivity(name);
        return Source.StartActivity(name, ActivityKind.Consumer, parent, links: present == default || present.TraceId == parent.TraceId ? null : [new ActivityLink(present)]);
    }

    /// <summary>Notes on a span that its work failed, by the type of the exception: messages may quote content.</summary>
    public static void Fail(this Activity? span, Exception error) => span?.SetStatus(ActivityStatusCode.Error).SetTag("error.type", error.GetType().FullName);
}
