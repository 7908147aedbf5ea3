using System.ComponentModel.DataAnnotations;

namespace Serverless.Serving.Text;

/// <summary>
/// Lets a model keep questions that it was trained on, so that agents see those nearest to what a customer asks. They are customers' texts, redacted:
/// whoever has the model's files can read them, and erasing a person's rows does not take them out of versions that are there already.
/// </summary>
public sealed record SimilarRules
{
    /// <summary>The most that a model may keep.</summary>
    public const int MostQuestions = 20_000;

    /// <summary>Most questions that are kept: drawn by the seed, of every intent as many as of any other while it has more.</summary>
    [Range(1, MostQuestions, ErrorMessage = "2000 is usual; more make the bundle larger")]
    public int Questions { get; init; } = 2000;
}
