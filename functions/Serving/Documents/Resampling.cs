namespace Serverless.Serving.Documents;

/// <summary>Makes pictures smaller or larger; in integers and doubles of one order, so that every machine gives the same.</summary>
internal static class Resampling
{
    /// <summary>Each pixel becomes the mean of the area that it stands for; a side may stay, or become shorter.</summary>
    /// <param name="values">[height, width, bytes].</param>
    /// <param name="height">Its height.</param>
    /// <param name="width">Its width.</param>
    /// <param name="bytes">Of a pixel.</param>
    /// <param name="channels">Those of them that are wanted, from the first on.</param>
    /// <param name="newHeight">New height, at most the old one.</param>
    /// <param name="newWidth">New width, at most the old one.</param>
    public static byte[] Reduce(ReadOnlySpan<byte> values, int height, int width, int bytes, int channels, int newHeight, int newWidth)
    {
        // First each row to its new width, then the rows.
        var (across, down) = (Shares(width, newWidth), Shares(height, newHeight));
        var (row, sums, reduced) = (new double[newWidth * channels], new double[newWidth * channels], new byte[newHeight * newWidth * channels]);
        for (var y = 0; y < newHeight; y++)
        {
            Array.Clear(sums);
            var (top, heights) = down[y];
            for (var j = 0; j < heights.Length; j++)
            {
                Across(values.Slice((top + j) * width * bytes, width * bytes), bytes, channels, across, row);
                for (var i = 0; i < row.Length; i++) sums[i] += heights[j] * row[i];
            }

            for (var i = 0; i < sums.Length; i++) reduced[(y * sums.Length) + i] = (byte)Math.Clamp(Math.Round(sums[i]), 0, 255);
        }

        return reduced;
    }

    /// <summary>Brings a picture to another size: by the mean of areas where a side becomes shorter, between neighbours where it becomes longer.</summary>
    public static byte[] Resize(byte[] values, int height, int width, int channels, int newHeight, int newWidth)
    {
        if ((height, width) == (newHeight, newWidth)) return values;
        var (high, wide) = (Math.Min(height, newHeight), Math.Min(width, newWidth));
        var reduced = (high, wide) == (height, width) ? values : Reduce(values, height, width, channels, channels, high, wide);
        return (high, wide) == (newHeight, newWidth) ? reduced : Enlarge(reduced, high, wide, channels, newHeight, newWidth);
    }

    private static void Across(ReadOnlySpan<byte> from, int bytes, int channels, (int First, double[] Weights)[] across, double[] row)
    {
        for (var x = 0; x < across.Length; x++)
        {
            var (first, weights) = across[x];
            for (var c = 0; c < channels; c++)
            {
                var sum = 0.0;
                for (var i = 0; i < weights.Length; i++) sum += weights[i] * from[((first + i) * bytes) + c];
                row[(x * channels) + c] = sum;
            }
        }
    }

    private static byte[] Enlarge(byte[] values, int height, int width, int channels, int newHeight, int newWidth)
    {
        var large = new byte[newHeight * newWidth * channels];
        for (var y = 0; y < newHeight; y++)
        {
            var (top, down) = Between(y, height, newHeight);
            for (var x = 0; x < newWidth; x++)
            {
                var (left, right) = Between(x, width, newWidth);
                for (var c = 0; c < channels; c++)
                {
                    double At(int dy, int dx) => values[(((Math.Min(top + dy, height - 1) * width) + Math.Min(left + dx, width - 1)) * channels) + c];
                    var above = At(0, 0) + ((At(0, 1) - At(0, 0)) * right);
                    var below = At(1, 0) + ((At(1, 1) - At(1, 0)) * right);
                    large[(((y * newWidth) + x) * channels) + c] = (byte)Math.Round(above + ((below - above) * down));
                }
            }
        }

        return large;
    }

    private static (int First, double Beyond) Between(int at, int size, int newSize)
    {
        var place = Math.Clamp(((at + 0.5) * size / newSize) - 0.5, 0, size - 1);
        return ((int)place, place - (int)place);
    }

    /// <summary>For each new place, the first old one that it covers and how much of it and of those behind it.</summary>
    private static (int First, double[] Weights)[] Shares(int size, int newSize)
    {
        var (shares, by) = (new (int, double[])[newSize], (double)size / newSize);
        for (var i = 0; i < newSize; i++)
        {
            var (from, to) = (i * by, Math.Min(size, (i + 1) * by));
            var first = (int)from;
            var weights = new double[Math.Max(1, Math.Min(size, (int)Math.Ceiling(to)) - first)];
            for (var j = 0; j < weights.Length; j++) weights[j] = Math.Max(0, (Math.Min(to, first + j + 1) - Math.Max(from, first + j)) / by);
            shares[i] = (first, weights);
        }

        return shares;
    }
}
