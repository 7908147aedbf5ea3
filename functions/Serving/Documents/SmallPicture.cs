namespace Serverless.Serving.Documents;

/// <summary>A picture reduced to what a classifier can use of it: no side is longer than <see cref="Longest"/>, whatever size it came in.</summary>
/// <param name="Height">Pixels from top to bottom; 1 or more.</param>
/// <param name="Width">Pixels from left to right; 1 or more.</param>
/// <param name="Channels">1: brightness; 3: red, green and blue.</param>
/// <param name="Values">[height, width, channels], row-major.</param>
public sealed record SmallPicture(int Height, int Width, int Channels, byte[] Values)
{
    /// <summary>
    /// Longest side. Training keeps its pictures in this form, so that it needs bounded memory and any later model can be asked with them; serving
    /// reduces in the same way, so that both see the same.
    /// </summary>
    public const int Longest = 192;

    // Of a pixel of a Picture.
    private const int Bytes = 4;

    // Mean distance of the channels up to which a picture is taken for grey: what compression makes of a grey one.
    private const double GreyBelow = 3;

    /// <summary>Reduces a picture of brightness alone.</summary>
    /// <param name="height">Its height.</param>
    /// <param name="width">Its width.</param>
    /// <param name="values">[height, width].</param>
    public static SmallPicture Grey(int height, int width, ReadOnlySpan<byte> values)
    {
        var (high, wide) = Size(height, width);
        return new(high, wide, 1, Resampling.Reduce(values, height, width, 1, 1, high, wide));
    }

    /// <summary>Reduces a picture: each pixel is the mean of the area that it stands for.</summary>
    public static SmallPicture Of(Picture picture)
    {
        var (high, wide) = Size(picture.Height, picture.Width);
        var small = Resampling.Reduce(picture.Pixels, picture.Height, picture.Width, Bytes, 3, high, wide);
        return Chroma(small) < GreyBelow ? new(high, wide, 1, Brightness(small)) : new(high, wide, 3, small);
    }

    /// <summary>The picture with other channels: brightness of colours, or three alike.</summary>
    /// <param name="channels">1 or 3.</param>
    public SmallPicture With(int channels) =>
        channels == Channels ? this : this with { Channels = channels, Values = channels == 1 ? Brightness(Values) : [.. Values.SelectMany(v => new[] { v, v, v })] };

    private static (int High, int Wide) Size(int height, int width)
    {
        if (Math.Max(height, width) <= Longest) return (height, width);
        var by = (double)Longest / Math.Max(height, width);
        return (Math.Max(1, (int)Math.Round(height * by)), Math.Max(1, (int)Math.Round(width * by)));
    }

    /// <summary>Mean distance of the greatest from the least of a pixel's channels.</summary>
    private static double Chroma(byte[] values)
    {
        long sum = 0;
        for (var i = 0; i < values.Length; i += 3)
            sum += Math.Max(values[i], Math.Max(values[i + 1], values[i + 2])) - Math.Min(values[i], Math.Min(values[i + 1], values[i + 2]));
        return sum / (values.Length / 3.0);
    }

    // ITU-R BT.601.
    private static byte[] Brightness(byte[] values)
    {
        var grey = new byte[values.Length / 3];
        for (var i = 0; i < grey.Length; i++) grey[i] = (byte)(((299 * values[3 * i]) + (587 * values[(3 * i) + 1]) + (114 * values[(3 * i) + 2]) + 500) / 1000);
        return grey;
    }
}
