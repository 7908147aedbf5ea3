using System.ComponentModel.DataAnnotations;

namespace Serverless.Serving.Credit;

/// <summary>Which kinds of model compete in training, and when one wins.</summary>
public sealed record ModelChoice
{
    /// <summary>The kinds that are trained, the preferred one first: a later one wins only where it is better by <see cref="Margin"/> and <see cref="Confidence"/>.</summary>
    [MinLength(1)]
    public IReadOnlyList<ModelKind> Kinds { get; init; } = [ModelKind.GlassBox, ModelKind.Scorecard, ModelKind.BoostedTrees];

    /// <summary>By how much area under the ROC curve a kind must beat the one preferred to it, on the same holdout.</summary>
    [Range(0, 0.5, ErrorMessage = "0.003 prefers the simpler model unless that much is lost")]
    public double Margin { get; init; } = 0.003;

    /// <summary>How sure the paired test (DeLong 1988) must be that it is better at all.</summary>
    [Range(0, 1.0, ErrorMessage = "0.5 asks for a better figure only, 0.95 that chance hardly explains it")]
    public double Confidence { get; init; } = 0.8;
}
