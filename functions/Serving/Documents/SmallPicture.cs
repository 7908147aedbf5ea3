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
    public const int Longest = 256;

    // Mean distance of the channels up to which a picture is taken for grey: what compression makes of a grey one.
    private const double GreyBelow = 3;

    /// <summary>A picture of brightness alone.</summary>
    public static SmallPicture Grey(int height, int width, byte[] values) => Of(height, width, 1, values);

    /// <summary>Reduces a picture: each pixel is the mean of the area that it stands for.</summary>
    /// <param name="height">Its height.</param>
    /// <param name="width">Its width.</param>
    /// <param name="channels">1 or 3.</param>
    /// <param name="values">[height, width, channels].</param>
    public static SmallPicture Of(int height, int width, int channels, byte[] values)
    {
        var (small, high, wide) = (values, height, width);
        if (Math.Max(height, width) > Longest)
        {
            var by = (double)Longest / Math.Max(height, width);
            (high, wide) = (Math.Max(1, (int)Math.Round(height * by)), Math.Max(1, (int)Math.Round(width * by)));
            small = Resampling.Reduce(values, height, width, channels, high, wide);
        }

        return channels == 3 && Chroma(small) < GreyBelow ? new(high, wide, 1, Brightness(small)) : new(high, wide, channels, small);
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
        for (var i = 0; i < grey.Length; i++) grey[i] = Brightness(values[3 * i], values[(3 * i) + 1], values[(3 * i) + 2]);
        return grey;
    }

    /// <summary>How bright a colour is (ITU-R BT.601).</summary>
    internal static byte Brightness(byte red, byte green, byte blue) => (byte)(((299 * red) + (587 * green) + (114 * blue) + 500) / 1000);
}
