namespace Serverless.Serving.Poison;

/// <summary>How often a message or a blob failed, when, and why. Alone: the note of attempts that may still end well.</summary>
public record FailureHistory
{
    /// <summary>Why, each reason once; kinds of failures and what to do, never content.</summary>
    public required IReadOnlyList<string> Reasons { get; init; }

    /// <summary>Failed attempts; those that could not be noted are missing, and one whose note had to be repeated may count twice.</summary>
    public int Count { get; init; } = 1;

    /// <summary>The first failure, UTC.</summary>
    public required DateTimeOffset FirstFailure { get; init; }

    /// <summary>The last failure, UTC.</summary>
    public required DateTimeOffset LastFailure { get; init; }

    /// <summary>One failure.</summary>
    internal static FailureHistory Once(string reason, DateTimeOffset now) => new() { Reasons = [reason], FirstFailure = now, LastFailure = now };
}

/// <summary>Sums of histories, as pure functions.</summary>
internal static class FailureHistories
{
    /// <summary>Adds what failed besides; clocks of two instances may differ, so neither is taken for the later one.</summary>
    public static T Plus<T>(this T history, FailureHistory more)
        where T : FailureHistory => history with
        {
            Reasons = [.. history.Reasons.Union(more.Reasons, StringComparer.Ordinal)],
            Count = history.Count + more.Count,
            FirstFailure = history.FirstFailure < more.FirstFailure ? history.FirstFailure : more.FirstFailure,
            LastFailure = history.LastFailure > more.LastFailure ? history.LastFailure : more.LastFailure,
        };

    /// <summary>Puts another history in the place of this one.</summary>
    public static T Of<T>(this T history, FailureHistory other)
        where T : FailureHistory => history with { Reasons = other.Reasons, Count = other.Count, FirstFailure = other.FirstFailure, LastFailure = other.LastFailure };
}
