using System.ComponentModel.DataAnnotations;

namespace Serverless.Serving.Credit;

/// <summary>
/// How a network learns what applications look like, so that those unlike them are told and similar past ones are found. It learns nothing of
/// outcomes and changes no score.
/// </summary>
public sealed record AutoencoderRules
{
    /// <summary>Most passes over the rows; fewer when it learns no more, or when there are so many rows that less is enough.</summary>
    [Range(1, 1000, ErrorMessage = "100 is ample, since training stops by itself when it learns no more")]
    public int Epochs { get; init; } = 100;

    /// <summary>Most rows that it learns from, drawn by the seed; half as many more set the limit.</summary>
    [Range(100, 1_000_000, ErrorMessage = "6000 is ample; more cost time")]
    public int MaxRows { get; init; } = 6_000;

    /// <summary>Share of the rows not learned from that lie within the limit: of those like them the rest is told as unlike by mistake.</summary>
    [Range(0.5, 1.0, ErrorMessage = "0.995 gives one false alarm in 200 applications")]
    public double Percentile { get; init; } = 0.995;

    /// <summary>Most past loans that are kept for comparison: the hash of the id, the outcome and eight numbers of each, never what the applicant stated. 0 keeps none.</summary>
    [Range(0, 20_000, ErrorMessage = "2000 is ample, 0 keeps none")]
    public int PastCases { get; init; } = 2_000;
}
