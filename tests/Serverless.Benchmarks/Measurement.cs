namespace Serverless.Benchmarks;

/// <summary>One line of the table.</summary>
/// <param name="What">What was measured.</param>
/// <param name="Figure">The figure with its unit.</param>
/// <param name="Goal">The goal, in the same unit.</param>
/// <param name="Met">Whether the figure meets it; null where there is none.</param>
internal sealed record Measurement(string What, string Figure, string Goal = "", bool? Met = null);
