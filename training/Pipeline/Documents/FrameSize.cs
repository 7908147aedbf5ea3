using Serverless.Serving.Documents;

namespace Serverless.Training.Documents;

/// <summary>How large the network sees pictures, where the contract leaves that open.</summary>
internal static class FrameSize
{
    // Pictures of up to so many pixels a side are shown as they are: digits in their boxes.
    private const int AsTheyAre = 48;

    // Others so large that headings and tables of a page can be told apart; more would cost more time than it tells.
    private const int Pixels = 96 * 96;

    private const int Step = 8, Least = 8;

    // A stamp in a corner is enough for a network to need colours; a tenth of the pictures enough to learn it.
    private const double ShareOfColour = 0.1;

    /// <summary>Sizes and scaling for some pictures.</summary>
    /// <param name="rules">What the contract says.</param>
    /// <param name="pictures">Pictures that are learned from.</param>
    /// <param name="labels">The labels.</param>
    public static PictureFeatures Of(PictureRules rules, IReadOnlyList<SmallPicture> pictures, IReadOnlyList<string> labels)
    {
        var (height, width) = rules is { Height: { } high, Width: { } wide } ? (high, wide) : Usual(pictures);
        var channels = rules.Colours switch
        {
            PictureColours.Grey => 1,
            PictureColours.Colour => 3,
            _ => pictures.Count(p => p.Channels == 3) >= ShareOfColour * pictures.Count ? 3 : 1,
        };
        var (means, deviations) = Spread(pictures.Select(p => FramedPicture.Of(p, height, width, channels)), channels);
        return new(height, width, channels, means, deviations, labels);
    }

    // The middle one of the proportions, so that a few odd pictures change nothing.
    private static (int Height, int Width) Usual(IReadOnlyList<SmallPicture> pictures)
    {
        var (height, width) = (Median(pictures.Select(p => (double)p.Height)), Median(pictures.Select(p => (double)p.Width)));
        if (Math.Max(height, width) <= AsTheyAre) return (Math.Max(Least, (int)height), Math.Max(Least, (int)width));
        var proportion = Median(pictures.Select(p => (double)p.Height / p.Width));
        var (high, wide) = (Math.Sqrt(Pixels * proportion), Math.Sqrt(Pixels / proportion));
        return (Rounded(high), Rounded(wide));
    }

    private static int Rounded(double side) => Math.Clamp((int)Math.Round(side / Step) * Step, 2 * Step, SmallPicture.Longest);

    private static double Median(IEnumerable<double> numbers)
    {
        double[] sorted = [.. numbers.Order()];
        return sorted[sorted.Length / 2];
    }

    private static (double[] Means, double[] Deviations) Spread(IEnumerable<FramedPicture> pictures, int channels)
    {
        var (sums, squares, count) = (new double[channels], new double[channels], 0L);
        foreach (var (values, _, _) in pictures)
        {
            var (ofValues, ofSquares) = (new long[channels], new long[channels]);
            for (var i = 0; i < values.Length; i++)
            {
                ofValues[i % channels] += values[i];
                ofSquares[i % channels] += values[i] * values[i];
            }

            for (var c = 0; c < channels; c++) (sums[c], squares[c]) = (sums[c] + ofValues[c], squares[c] + ofSquares[c]);
            count += values.Length / channels;
        }

        // Where all is one colour, a hundredth of the range, so that nothing is divided by 0.
        var means = Array.ConvertAll(sums, s => s / count / 255);
        return (means, [.. squares.Select((s, c) => Math.Max(0.01, Math.Sqrt(Math.Max(0, (s / count / 255 / 255) - (means[c] * means[c])))))]);
    }
}
