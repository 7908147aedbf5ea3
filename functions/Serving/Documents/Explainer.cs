namespace Serverless.Serving.Documents;

/// <summary>Explains answers by covering parts of the picture.</summary>
/// <param name="features">Sizes of the frame.</param>
/// <param name="probabilities">Asks the model: the probability of each label for each picture.</param>
internal sealed class PictureExplainer(PictureFeatures features, Func<IReadOnlyList<FramedPicture>, IReadOnlyList<float[]>> probabilities)
{
    // Parts of a side: fine enough to tell a line of a page, coarse enough that one is seldom all that matters.
    private const int Parts = 8;

    /// <summary>What speaks for a label.</summary>
    /// <param name="picture">The picture in its frame.</param>
    /// <param name="label">Place of the label.</param>
    public PictureExplanation Explain(FramedPicture picture, int label)
    {
        var (rows, columns) = (Math.Min(Parts, picture.Inner.Height), Math.Min(Parts, picture.Inner.Width));
        List<FramedPicture> asked = [picture, picture.Covered(new(0, 0, features.Height, features.Width), features.Width)];
        for (var r = 0; r < rows; r++)
            for (var c = 0; c < columns; c++) asked.Add(picture.Covered(Part(picture.Inner, r, rows, c, columns), features.Width));
        double[] found = [.. probabilities(asked).Select(p => (double)p[label])];
        var drops = found.Skip(2).Select(p => found[0] - p).Chunk(columns).ToArray();
        return new(features.Labels[label], found[0], found[1], found[0] - found[1] - drops.Sum(row => row.Sum()), drops);
    }

    private static FrameArea Part(FrameArea of, int row, int rows, int column, int columns)
    {
        var (top, left) = (row * of.Height / rows, column * of.Width / columns);
        return new(of.Top + top, of.Left + left, ((row + 1) * of.Height / rows) - top, ((column + 1) * of.Width / columns) - left);
    }
}
