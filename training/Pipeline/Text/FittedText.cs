using Serverless.Serving.Text;

namespace Serverless.Training.Text;

/// <summary>A classifier as training has it, before it is a graph.</summary>
/// <param name="Features">Its vocabulary.</param>
/// <param name="Model">The weights of the linear part.</param>
/// <param name="Network">The networks beside it; null without them.</param>
internal sealed record FittedText(TextFeatures Features, LinearModel Model, FittedNetwork? Network)
{
    private readonly Vectorizer _vectorizer = new(Features);

    /// <summary>The part that is fitted on an encoder's vectors; null without an encoder.</summary>
    public FittedEncoder? Encoder { get; init; }

    /// <summary>Fits the vocabulary and weights of a linear classifier.</summary>
    /// <param name="rows">Rows with an intent.</param>
    /// <param name="intents">The classes.</param>
    /// <param name="cancel">Stops it between the two.</param>
    public static FittedText Fit(IReadOnlyList<TextRow> rows, IReadOnlyList<string> intents, CancellationToken cancel)
    {
        var features = Vocabulary.Of([.. rows.Select(r => r.Text)], intents);
        return new(features, Weigh(rows, features, new Vectorizer(features), start: null, cancel), null);
    }

    /// <summary>Fits the weights of the linear part, and of the encoder's, again on more rows, with the same vocabulary, from where they are.</summary>
    public FittedText On(IReadOnlyList<TextRow> rows, CancellationToken cancel) =>
        this with { Model = Weigh(rows, Features, _vectorizer, Model, cancel), Encoder = Encoder?.On(rows, cancel) };

    /// <summary>The same with a network beside the linear part.</summary>
    public FittedText With(FittedNetwork network) => this with { Features = Features with { Words = network.Features }, Network = network };

    /// <summary>Whether a text has any feature of the vocabulary; one without is answered none.</summary>
    public bool Knows(string text) => _vectorizer.Of(text).Ids.Length > 0;

    /// <summary>Scores of texts before the softmax.</summary>
    public IReadOnlyList<TextScores> Scores(IReadOnlyList<string> texts)
    {
        var ofNetwork = Network?.Scores(texts);
        var ofEncoder = Encoder?.Scores(texts);
        return [.. texts.Select((text, i) => new TextScores(Model.Logits(_vectorizer.Of(text)), ofNetwork?[i]) { Encoder = ofEncoder?[i] })];
    }

    private static LinearModel Weigh(IReadOnlyList<TextRow> rows, TextFeatures features, Vectorizer vectorizer, LinearModel? start, CancellationToken cancel) =>
        SoftmaxRegression.Fit([.. rows.Select(r => vectorizer.Of(r.Text))], [.. rows.Select(r => r.Class)], features.Slots.Count, features.Intents.Count, start, cancel);
}
