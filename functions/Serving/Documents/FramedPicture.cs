namespace Serverless.Serving.Documents;

/// <summary>A picture in the frame that the network sees: as large as fits, in the middle, around it the colour of its border.</summary>
/// <param name="Values">[height, width, channels] of the frame.</param>
/// <param name="Ground">The colour of the picture's border, a value for each channel: the median.</param>
/// <param name="Inner">Where in the frame the picture itself lies.</param>
public sealed record FramedPicture(byte[] Values, byte[] Ground, FrameArea Inner)
{
    /// <summary>Frames a picture.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="height">Height of the frame.</param>
    /// <param name="width">Width of the frame.</param>
    /// <param name="channels">Those of the frame.</param>
    public static FramedPicture Of(SmallPicture picture, int height, int width, int channels)
    {
        var (high, wide, _, values) = picture.With(channels);
        var by = Math.Min((double)height / high, (double)width / wide);
        var (innerHeight, innerWidth) = (Math.Clamp((int)Math.Round(high * by), 1, height), Math.Clamp((int)Math.Round(wide * by), 1, width));
        var (ground, inner) = (BorderOf(values, high, wide, channels), Resampling.Resize(values, high, wide, channels, innerHeight, innerWidth));
        var area = new FrameArea((height - innerHeight) / 2, (width - innerWidth) / 2, innerHeight, innerWidth);
        if ((innerHeight, innerWidth) == (height, width)) return new(inner, ground, area);
        var framed = new byte[height * width * channels];
        for (var i = 0; i < framed.Length; i++) framed[i] = ground[i % channels];
        for (var y = 0; y < innerHeight; y++)
            inner.AsSpan(y * innerWidth * channels, innerWidth * channels).CopyTo(framed.AsSpan((((area.Top + y) * width) + area.Left) * channels));
        return new(framed, ground, area);
    }

    /// <summary>The same with a part of the frame covered by the colour of the border.</summary>
    /// <param name="part">The part.</param>
    /// <param name="width">Width of the frame.</param>
    public FramedPicture Covered(FrameArea part, int width)
    {
        var covered = (byte[])Values.Clone();
        for (var y = part.Top; y < part.Top + part.Height; y++)
            for (var x = part.Left; x < part.Left + part.Width; x++) Ground.CopyTo(covered, ((y * width) + x) * Ground.Length);
        return this with { Values = covered };
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
                border.Add(values[(((y * width) + width - 1) * channels) + c]);
            }

            border.Sort();
            ground[c] = border[border.Count / 2];
        }

        return ground;
    }
}

/// <summary>A part of a frame, in its pixels.</summary>
/// <param name="Top">First row.</param>
/// <param name="Left">First column.</param>
/// <param name="Height">Rows.</param>
/// <param name="Width">Columns.</param>
public readonly record struct FrameArea(int Top, int Left, int Height, int Width);
