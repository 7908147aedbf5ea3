namespace Serverless.Serving.Documents;

/// <summary>
/// A picture drawn by chance with the best of its probabilities as training computed them; <c>golden.json</c> holds a list. No picture of a customer
/// lies in a model's files.
/// </summary>
/// <param name="Seed">Of the picture.</param>
/// <param name="Top">Labels with their probabilities.</param>
public sealed record GoldenPicture(int Seed, IReadOnlyList<LabelProbability> Top)
{
    // Spots of this part of the sides, so that there are edges to find.
    private const int Spots = 7;

    /// <summary>The picture.</summary>
    public static SmallPicture Draw(int seed, PictureFeatures features)
    {
        var (random, values) = (new Random(seed), new byte[features.Length]);
        var spots = new byte[Spots * Spots * features.Channels];
        random.NextBytes(spots);
        for (var i = 0; i < values.Length; i++)
        {
            var (pixel, c) = Math.DivRem(i, features.Channels);
            var (y, x) = Math.DivRem(pixel, features.Width);
            values[i] = spots[(((y * Spots / features.Height * Spots) + (x * Spots / features.Width)) * features.Channels) + c];
        }

        return new(features.Height, features.Width, features.Channels, values);
    }
}
