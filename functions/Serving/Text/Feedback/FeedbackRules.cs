using System.ComponentModel.DataAnnotations;

namespace Serverless.Serving.Text;

/// <summary>When what people say of texts becomes an increment drop. Only where <c>drops</c> is increment.</summary>
public sealed record FeedbackRules
{
    /// <summary>Texts that are enough for a drop.</summary>
    [Range(1, 1500)]
    public int Rows { get; init; } = 200;

    /// <summary>Days after which fewer are dropped too, counted from the oldest.</summary>
    [Range(1, 365)]
    public int Days { get; init; } = 7;

    /// <summary>Whether feedback may name intents that the live model does not know.</summary>
    public bool NewIntents { get; init; }

    /// <summary>Texts of such an intent that are needed before the first of them is trained on.</summary>
    [Range(2, 1000, ErrorMessage = "an intent is learnt from at least two texts")]
    public int MinPerIntent { get; init; } = 5;
}
