namespace Serverless.Serving.Documents;

/// <summary>The answer for one picture.</summary>
/// <param name="Label">The best label, or null for none of them.</param>
/// <param name="Top">The best labels with calibrated probabilities, best first; also for none, where they say only what came closest.</param>
/// <param name="Evidence">How much speaks for its having any of the labels, in the units of the model's <see cref="PictureNoneScore"/>.</param>
public sealed record DocumentClassification(string? Label, IReadOnlyList<LabelProbability> Top, double Evidence)
{
    /// <summary>What decided, where it was asked for.</summary>
    public PictureExplanation? Explanation { get; init; }
}

/// <summary>A label with its calibrated probability, 0 to 1.</summary>
public sealed record LabelProbability(string Label, double Probability);

/// <summary>
/// Which parts of a picture speak for its best label: by how much the label's probability falls when a part is covered with the colour of the border and
/// all else stays (Zeiler and Fergus 2014). <see cref="Blank"/>, the drops and <see cref="Residual"/> add up to <see cref="Probability"/>.
/// </summary>
/// <param name="Of">The best label; of an answer of none the one that came closest.</param>
/// <param name="Probability">Its probability for the whole picture.</param>
/// <param name="Blank">Its probability when all is covered.</param>
/// <param name="Residual">What parts do together beyond what each does alone.</param>
/// <param name="Drops">Rows from top to bottom, in each the columns from left to right, which divide the picture evenly; negative where a part speaks against the label.</param>
public sealed record PictureExplanation(string Of, double Probability, double Blank, double Residual, IReadOnlyList<IReadOnlyList<double>> Drops);

/// <summary>By which number of an answer it is told whether a picture has any of the labels: the lower, the less it has.</summary>
public enum PictureNoneScore
{
    /// <summary>The probability of the best label (Hendrycks and Gimpel 2017).</summary>
    Probability,

    /// <summary>The logarithm of the sum of the powers of all scores (the negative energy of Liu et al. 2020): unlike a probability it is low where every score is.</summary>
    Energy,

    /// <summary>The cosine between what the network found and the mean of that over the pictures of the nearest label, -1 to 1.</summary>
    Nearest,
}

/// <summary>When an answer is held back; <c>thresholds.json</c>.</summary>
/// <param name="None">A picture of which <paramref name="Score"/> is under this has none of the labels.</param>
/// <param name="Score">By which number that is told.</param>
public sealed record DocumentThresholds(double None, PictureNoneScore Score);
