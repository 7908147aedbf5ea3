namespace Serverless.Serving.Text;

/// <summary>A loaded text classifier.</summary>
public sealed class TextClassifier : IServedModel
{
    /// <inheritdoc/>
    public ModelBundle Bundle => throw new NotImplementedException();

    /// <summary>The contract that the model was trained under.</summary>
    public TextContract Contract => throw new NotImplementedException();

    /// <summary>Classifies texts in one run of the graph; rejected when a text is empty or too long, with its place in the list.</summary>
    /// <param name="texts">One or more texts.</param>
    /// <param name="top">How many intents to return for each, best first; 1 or more.</param>
    public Outcome<IReadOnlyList<Classification>> Classify(IReadOnlyList<string> texts, int top) => throw new NotImplementedException();

    /// <inheritdoc/>
    public void SelfTest() => throw new NotImplementedException();

    /// <inheritdoc/>
    public void Dispose() => throw new NotImplementedException();
}

/// <summary>The answer for one text.</summary>
/// <param name="Intent">The best intent, or null for none of them.</param>
/// <param name="Ambiguous">Whether the second best is close; then ask the customer which of <paramref name="Top"/> was meant.</param>
/// <param name="Top">The best intents with calibrated probabilities, best first.</param>
public sealed record Classification(string? Intent, bool Ambiguous, IReadOnlyList<IntentProbability> Top);

/// <summary>An intent with its calibrated probability, 0 to 1.</summary>
public sealed record IntentProbability(string Intent, double Probability);
