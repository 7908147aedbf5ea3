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

/// <summary>A picture in the frame that the network sees: as large as fits, in the middle, around it the colour of its border.</summary>
/// <param name="Values">[height, width, channels].</param>
/// <param name="Ground">The colour of its border, a value for each channel: the median.</param>
public sealed record FramedPicture(byte[] Values, byte[] Ground)
{
    /// <summary>Frames a picture.</summary>
    public static FramedPicture Of(SmallPicture picture, int height, int width, int channels)
    {
        var values = picture.Channels == channels ? picture.Values : Converted(picture.Values, channels);
        var ground = BorderOf(values, picture.Height, picture.Width, channels);
        var by = Math.Min((double)height / picture.Height, (double)width / picture.Width);
        var (high, wide) = (Math.Clamp((int)Math.Round(picture.Height * by), 1, height), Math.Clamp((int)Math.Round(picture.Width * by), 1, width));
        var inner = Resampling.Resize(values, picture.Height, picture.Width, channels, high, wide);
        if ((high, wide) == (height, width)) return new(inner, ground);
        var framed = new byte[height * width * channels];
        for (var i = 0; i < framed.Length; i++) framed[i] = ground[i % channels];
        var (top, left) = ((height - high) / 2, (width - wide) / 2);
        for (var y = 0; y < high; y++) inner.AsSpan(y * wide * channels, wide * channels).CopyTo(framed.AsSpan((((top + y) * width) + left) * channels));
        return new(framed, ground);
    }

    /// <summary>Writes the picture as the graph takes it, [channels, height, width], each channel less its mean and over its deviation.</summary>
    public void WriteTo(Span<float> input, PictureFeatures features)
    {
        var pixels = features.Height * features.Width;
        for (var c = 0; c < features.Channels; c++)
        {
            var (factor, less) = ((float)(1 / (255 * features.Deviation[c])), (float)(features.Mean[c] / features.Deviation[c]));
            for (var i = 0; i < pixels; i++) input[(c * pixels) + i] = (Values[(i * features.Channels) + c] * factor) - less;
        }
    }

    private static byte[] Converted(byte[] values, int channels)
    {
        if (channels == 3) return [.. values.SelectMany(v => new[] { v, v, v })];
        var grey = new byte[values.Length / 3];
        for (var i = 0; i < grey.Length; i++) grey[i] = SmallPicture.Brightness(values[3 * i], values[(3 * i) + 1], values[(3 * i) + 2]);
        return grey;
    }

    private static byte[] BorderOf(byte[] values, int height, int width, int channels)
    {
        var ground = new byte[channels];
        for (var c = 0; c < channels; c++)
        {
            var border = new List<byte>(2 * (height + width));
            for (var x = 0; x < width; x++)
            {
                border.Add(values[(x * channels) + c]);
                border.Add(values[((((height - 1) * width) + x) * channels) + c]);
            }

            for (var y = 0; y < height; y++)
            {
                border.Add(values[(y * width * channels) + c]);
                border.Add(values[((((y * width) + width - 1)) * channels) + c]);
            }

            border.Sort();
            ground[c] = border[border.Count / 2];
        }

        return ground;
    }
}
