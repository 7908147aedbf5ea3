namespace Serverless.Training.Text;

/// <summary>The part of a classifier that is fitted on an encoder's vectors: standardised, then multinomial logistic regression. The encoder stays as it is.</summary>
/// <param name="Texts">The encoder.</param>
/// <param name="Scale">Standardises its vectors.</param>
/// <param name="Head">The weights, [dimensions, intents].</param>
internal sealed record FittedEncoder(EncodedTexts Texts, VectorScale Scale, LinearModel Head)
{
    /// <summary>Fits it.</summary>
    /// <param name="rows">Rows with an intent.</param>
    /// <param name="intents">Number of classes.</param>
    /// <param name="texts">The encoder.</param>
    /// <param name="cancel">Stops it before the fit.</param>
    public static FittedEncoder Fit(IReadOnlyList<TextRow> rows, int intents, EncodedTexts texts, CancellationToken cancel)
    {
        var scale = VectorScale.Of(texts.Of([.. rows.Select(r => r.Text)]));
        return new(texts, scale, Weigh(rows, intents, texts, scale, start: null, cancel));
    }

    /// <summary>The head fitted again on more rows, from where it is; the standardisation stays.</summary>
    public FittedEncoder On(IReadOnlyList<TextRow> rows, CancellationToken cancel) => this with { Head = Weigh(rows, Head.Biases.Length, Texts, Scale, Head, cancel) };

    /// <summary>Scores of texts before the softmax, one an intent.</summary>
    public IReadOnlyList<double[]> Scores(IReadOnlyList<string> texts) => [.. Texts.Of(texts).Select(v => Head.Logits(Scale.Apply(v)))];

    private static LinearModel Weigh(IReadOnlyList<TextRow> rows, int intents, EncodedTexts texts, VectorScale scale, LinearModel? start, CancellationToken cancel) => SoftmaxRegression.Fit(
        [.. texts.Of([.. rows.Select(r => r.Text)]).Select(scale.Apply)], [.. rows.Select(r => r.Class)], texts.Dimensions, intents, start, cancel);
}
