namespace Serverless.Serving.Text;

/// <summary>A question that a model was trained on, as it keeps it; <c>questions.json</c> holds a list.</summary>
/// <param name="Text">The text without personal numbers and addresses.</param>
/// <param name="Intent">Its intent, as labelled.</param>
public sealed record TrainingQuestion(string Text, string Intent)
{
    /// <summary>Name of the file.</summary>
    public const string FileName = "questions.json";
}

/// <summary>A training question that is near a text.</summary>
/// <param name="Text">The question, redacted.</param>
/// <param name="Intent">Its intent, as labelled.</param>
/// <param name="Similarity">Cosine of the two texts' TF-IDF vectors; above 0, at most 1.</param>
public sealed record SimilarQuestion(string Text, string Intent, double Similarity);

/// <summary>What was found for a text.</summary>
/// <param name="Redactions">What was taken out of the text before it was compared, a line a kind; empty for nothing.</param>
/// <param name="Questions">The nearest questions, best first; none where the text has no word or piece of a word in common with any.</param>
public sealed record SimilarQuestions(IReadOnlyList<Redaction> Redactions, IReadOnlyList<SimilarQuestion> Questions);
