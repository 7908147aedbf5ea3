using Serverless.Serving.Text;

namespace Serverless.Training.Text;

/// <summary>A classifier as training has it, before it is a graph.</summary>
/// <param name="Features">Its vocabulary.</param>
/// <param name="Model">Its weights.</param>
internal sealed record FittedText(TextFeatures Features, LinearModel Model)
{
    private readonly Vectorizer _vectorizer = new(Features);

    /// <summary>Fits vocabulary and weights.</summary>
    /// <param name="rows">Rows with an intent.</param>
    /// <param name="intents">The classes.</param>
    /// <param name="cancel">Stops it between the two.</param>
    public static FittedText Fit(IReadOnlyList<TextRow> rows, IReadOnlyList<string> intents, CancellationToken cancel)
    {
        var features = Vocabulary.Of([.. rows.Select(r => r.Text)], intents);
        return new(features, Weigh(rows, features, new Vectorizer(features), start: null, cancel));
    }

    /// <summary>Fits the weights again on more rows, with the same vocabulary, from where they are.</summary>
    public FittedText On(IReadOnlyList<TextRow> rows, CancellationToken cancel) =>
        new(Features, Weigh(rows, Features, _vectorizer, Model, cancel));

    /// <summary>Whether a text has any feature of the vocabulary; one without is answered none.</summary>
    public bool Knows(string text) => _vectorizer.Of(text).Ids.Length > 0;

    /// <summary>Scores of a text before temperature and softmax, one an intent.</summary>
    public double[] Logits(string text) => Model.Logits(_vectorizer.Of(text));

    private static LinearModel Weigh(IReadOnlyList<TextRow> rows, TextFeatures features, Vectorizer vectorizer, LinearModel? start, CancellationToken cancel) =>
        SoftmaxRegression.Fit([.. rows.Select(r => vectorizer.Of(r.Text))], [.. rows.Select(r => r.Class)], features.Slots.Count, features.Intents.Count, start, cancel);
}
