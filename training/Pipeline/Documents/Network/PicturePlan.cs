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

    // Stages, each of half the sides, are added until the shorter one has so many pixels at most, or there are so many of them.
    private const int Enough = 4, MostStages = 4;

    // Up to so many stages the first has the contract's channels; with more, as large pictures need, it has fewer, so that the last has no more than theirs.
    private const int UsualStages = 3;

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
    /// <param name="features">The size.</param>
    /// <param name="channels">Channels of the first stage, where there are three at most.</param>
    public static PicturePlan Of(PictureFeatures features, int channels)
    {
        var shorter = Math.Min(features.Height, features.Width);
        var halved = shorter >= LeastHalved;
        var stages = 1;
        for (var side = halved ? (shorter + 1) / 2 : shorter; side > Enough && stages < MostStages; side = (side + 1) / 2) stages++;
        var first = Math.Max(PictureNetworkRules.ChannelStep, (channels >> Math.Max(0, stages - UsualStages)) & -PictureNetworkRules.ChannelStep);
        var convolutions = new List<Convolution> { new(features.Channels, first, Stem, halved ? 2 : 1) };
        var blocks = new List<ResidualBlock> { Block(first, first, 1) };
        for (var stage = 1; stage < stages; stage++) blocks.Add(Block(first << (stage - 1), first << stage, 2));
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
