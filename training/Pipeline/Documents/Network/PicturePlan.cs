using Serverless.Serving.Documents;

namespace Serverless.Training.Documents;

/// <summary>A convolution; half of its kernel lies around each pixel, and beyond the border is nothing.</summary>
/// <param name="Inputs">Channels that come in.</param>
/// <param name="Outputs">Channels that it gives.</param>
/// <param name="Kernel">Side of its square kernel, odd.</param>
/// <param name="Stride">1, or 2 to halve the sides.</param>
internal readonly record struct Convolution(int Inputs, int Outputs, int Kernel, int Stride)
{
    /// <summary>Rows and columns of nothing that are added on each side.</summary>
    public int Padding => Kernel / 2;

    /// <summary>Numbers of its kernels.</summary>
    public int Weights => Outputs * Inputs * Kernel * Kernel;
}

/// <summary>A residual block (He et al. 2016): two convolutions, to which what came in is added, through a third one where sizes differ.</summary>
/// <param name="First">Place of its first convolution.</param>
/// <param name="Second">Place of its second one.</param>
/// <param name="Skip">Place of the third one; null where what came in is added as it is.</param>
internal readonly record struct ResidualBlock(int First, int Second, int? Skip);

/// <summary>The layers of a network as data, from which it is trained and written as a graph.</summary>
/// <param name="Convolutions">All convolutions, the stem first.</param>
/// <param name="Blocks">The blocks behind the stem.</param>
/// <param name="Classes">Number of labels.</param>
internal sealed record PicturePlan(IReadOnlyList<Convolution> Convolutions, IReadOnlyList<ResidualBlock> Blocks, int Classes)
{
    // From this side on the stem halves it at once: most of the work would be there.
    private const int LeastHalved = 20;

    // Stages are added until the shorter side has so many pixels at most.
    private const int Enough = 8;

    private const int Stem = 5;

    /// <summary>Numbers that are weighed at the end: of each channel the mean and the greatest.</summary>
    public int Pooled => 2 * Convolutions[^1].Outputs;

    /// <summary>Height and width behind the last block.</summary>
    public (int High, int Wide) Sides(int height, int width)
    {
        // What lies beside a block, the third convolution of one, halves the same sides.
        int[] passed = [0, .. Blocks.Select(b => b.First)];
        foreach (var _ in passed.Where(at => Convolutions[at].Stride == 2)) (height, width) = ((height + 1) / 2, (width + 1) / 2);
        return (height, width);
    }

    /// <summary>The layers for pictures of a size.</summary>
    public static PicturePlan Of(PictureFeatures features, int channels)
    {
        var (high, wide) = (features.Height, features.Width);
        var halved = Math.Min(high, wide) >= LeastHalved;
        var convolutions = new List<Convolution> { new(features.Channels, channels, Stem, halved ? 2 : 1) };
        if (halved) (high, wide) = ((high + 1) / 2, (wide + 1) / 2);
        var blocks = new List<ResidualBlock> { Block(channels, channels, 1) };
        for (var at = channels; Math.Min(high, wide) > Enough; at *= 2)
        {
            blocks.Add(Block(at, 2 * at, 2));
            (high, wide) = ((high + 1) / 2, (wide + 1) / 2);
        }

        return new(convolutions, blocks, features.Labels.Count);

        ResidualBlock Block(int inputs, int outputs, int stride)
        {
            int? skip = null;
            if (inputs != outputs)
            {
                skip = convolutions.Count;
                convolutions.Add(new(inputs, outputs, 1, stride));
            }

            convolutions.Add(new(inputs, outputs, 3, stride));
            convolutions.Add(new(outputs, outputs, 3, 1));
            return new(convolutions.Count - 2, convolutions.Count - 1, skip);
        }
    }
}
