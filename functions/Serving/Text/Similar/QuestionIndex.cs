namespace Serverless.Serving.Text;

/// <summary>
/// The training questions of a model by their features (an inverted index: Zobel and Moffat 2006), so that a text is compared only with those that
/// share something with it. The vectors have length 1, so the sum of products is the cosine.
/// </summary>
internal sealed class QuestionIndex
{
    private readonly IReadOnlyList<TrainingQuestion> _questions;

    // Feature i stands in questions _places[_starts[i]] to _places[_starts[i + 1] - 1], ascending, with the weights at the same places.
    private readonly int[] _starts, _places;
    private readonly float[] _weights;

    /// <summary>Prepares the questions of a bundle.</summary>
    /// <param name="questions">What the bundle holds.</param>
    /// <param name="features">Its vocabulary and intents.</param>
    /// <param name="vectorizer">Reads texts by that vocabulary.</param>
    /// <exception cref="InvalidModelException">There are no questions or too many, or one cannot be of this model.</exception>
    public QuestionIndex(IReadOnlyList<TrainingQuestion> questions, TextFeatures features, Vectorizer vectorizer)
    {
        if (questions.Count is 0 or > SimilarRules.MostQuestions)
            throw new InvalidModelException($"{TrainingQuestion.FileName} has {questions.Count} questions and must have 1 to {SimilarRules.MostQuestions}: train the model again or restore the file.");
        var intents = features.Intents.ToHashSet(StringComparer.Ordinal);
        for (var i = 0; i < questions.Count; i++)
        {
            if (questions[i] is not { } question || string.IsNullOrWhiteSpace(question.Text) || !intents.Contains(question.Intent))
                throw new InvalidModelException($"Question {i + 1} of {TrainingQuestion.FileName} is empty or has an intent that features.json does not name: train the model again or restore the file.");
        }

        _questions = questions;
        TextVector[] vectors = [.. questions.Select(q => vectorizer.Of(q.Text))];
        _starts = new int[features.Slots.Count + 1];
        foreach (var id in vectors.SelectMany(v => v.Ids)) _starts[id + 1]++;
        for (var i = 1; i < _starts.Length; i++) _starts[i] += _starts[i - 1];
        (_places, _weights) = (new int[_starts[^1]], new float[_starts[^1]]);
        var next = _starts.ToArray();
        for (var place = 0; place < vectors.Length; place++)
        {
            var (ids, weights) = vectors[place];
            for (var i = 0; i < ids.Length; i++)
            {
                var at = next[ids[i]]++;
                (_places[at], _weights[at]) = (place, weights[i]);
            }
        }
    }

    /// <summary>The nearest questions, best first; of equally near ones, the earlier in the file first.</summary>
    /// <param name="text">The text's vector.</param>
    /// <param name="top">Most questions.</param>
    /// <param name="cancel">Stops it behind a feature.</param>
    public IReadOnlyList<SimilarQuestion> Nearest(TextVector text, int top, CancellationToken cancel)
    {
        var similarity = new float[_questions.Count];
        for (var i = 0; i < text.Ids.Length; i++)
        {
            cancel.ThrowIfCancellationRequested();
            var weight = text.Weights[i];
            for (var at = _starts[text.Ids[i]]; at < _starts[text.Ids[i] + 1]; at++) similarity[_places[at]] += weight * _weights[at];
        }

        // A sum of rounded products can be a little above 1.
        return [.. Enumerable.Range(0, similarity.Length).Where(place => similarity[place] > 0).OrderByDescending(place => similarity[place]).Take(top)
            .Select(place => new SimilarQuestion(_questions[place].Text, _questions[place].Intent, Math.Min(1, similarity[place])))];
    }
}
