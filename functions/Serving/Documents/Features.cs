namespace Serverless.Serving.Documents;

/// <summary>What the graph's input and output mean; <c>features.json</c>.</summary>
/// <param name="Height">Pixels from top to bottom.</param>
/// <param name="Width">Pixels from left to right.</param>
/// <param name="Channels">1: brightness; 3: red, green and blue.</param>
/// <param name="Mean">Mean of each channel over the pictures that were learned from, 0 to 1.</param>
/// <param name="Deviation">Standard deviation of the same.</param>
/// <param name="Labels">The classes, in the order of the graph's output.</param>
public sealed record PictureFeatures(int Height, int Width, int Channels, IReadOnlyList<double> Mean, IReadOnlyList<double> Deviation, IReadOnlyList<string> Labels)
{
    /// <summary>Numbers that stand for one picture.</summary>
    public int Length => Height * Width * Channels;

    /// <summary>Whether the parts fit together.</summary>
    /// <exception cref="InvalidModelException">They do not.</exception>
    public void Check()
    {
        if (Height is < 1 or > SmallPicture.Longest || Width is < 1 or > SmallPicture.Longest || Channels is not (1 or 3) || Mean.Count != Channels || Deviation.Count != Channels || Labels.Count < 2
            || Mean.Any(m => !double.IsFinite(m)) || Deviation.Any(d => !(d > 0)) || Labels.Distinct(StringComparer.Ordinal).Count() != Labels.Count)
            throw new InvalidModelException("features.json does not fit together: train the model again or restore the file.");
    }
}
