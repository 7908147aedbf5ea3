namespace Serverless.Serving.Text;

/// <summary>The answer for one text.</summary>
/// <param name="Intent">The best intent, or null for none of them.</param>
/// <param name="Ambiguous">Whether the second best is close; then ask the customer which of <see cref="Between"/> was meant.</param>
/// <param name="Top">The best intents with calibrated probabilities, best first; also for none, where they say only what came closest.</param>
public sealed record Classification(string? Intent, bool Ambiguous, IReadOnlyList<IntentProbability> Top)
{
    /// <summary>The two intents of an ambiguous answer, the better first, however many were asked for; null for any other answer.</summary>
    public IReadOnlyList<string>? Between { get; init; }

    /// <summary>What was taken out of the text before it was classified, a line a kind; empty for nothing.</summary>
    public IReadOnlyList<Redaction> Redactions { get; init; } = [];

    /// <summary>What decided, where it was asked for.</summary>
    public TextExplanation? Explanation { get; init; }
}

/// <summary>An intent with its calibrated probability, 0 to 1.</summary>
public sealed record IntentProbability(string Intent, double Probability);
