namespace Serverless.Serving.Text;

/// <summary>When an answer is held back; <c>thresholds.json</c>.</summary>
/// <param name="None">A text of which <see cref="Score"/> is under this has none of the intents.</param>
/// <param name="AmbiguousMargin">An answer is ambiguous when the best two probabilities are closer than this.</param>
public sealed record TextThresholds(double None, double AmbiguousMargin)
{
    /// <summary>By which number none of the intents is told.</summary>
    public NoneScore Score { get; init; }
}

/// <summary>A text with the best of its probabilities as training computed them; <c>golden.json</c> holds a list.</summary>
public sealed record GoldenText(string Text, IReadOnlyList<IntentProbability> Top);
