namespace Serverless.Functions.Embedded;

/// <summary>How long to wait before an empty queue is asked again: doubling from 100 ms, each time 20 % more or less by chance.</summary>
internal sealed class PollingDelay(TimeSpan longest, Random random)
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(100);
    private TimeSpan _next = Shortest;

    /// <summary>There was work: start over.</summary>
    public void Reset() => _next = Shortest;

    /// <summary>The next wait, at most the longest.</summary>
    public TimeSpan Next()
    {
        var wait = _next * (0.8 + (0.4 * random.NextDouble()));
        _next = Min(_next * 2, longest);
        return Min(wait, longest);
    }

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
