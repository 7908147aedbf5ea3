namespace Serverless.Serving.Documents;

/// <summary>Makes pictures smaller or larger; in integers and doubles of one order, so that every machine gives the same.</summary>
internal static class Resampling
{
    /// <summary>Each pixel becomes the mean of the area that it stands for; a side may stay, or become shorter.</summary>
    public static byte[] Reduce(byte[] values, int height, int width, int channels, int newHeight, int newWidth)
    {
        // First each row to its new width, as sums in 16 bits of fraction, then the columns.
        var (across, down) = (Shares(width, newWidth), Shares(height, newHeight));
        var row = new double[newWidth * channels];
        var sums = new double[newHeight * newWidth * channels];
        var places = Places(down, height);
        for (var y = 0; y < height; y++)
        {
            Array.Clear(row);
            for (var x = 0; x < newWidth; x++)
            {
                var (first, weights) = across[x];
                for (var i = 0; i < weights.Length; i++)
                    for (var c = 0; c < channels; c++) row[(x * channels) + c] += weights[i] * values[(((y * width) + first + i) * channels) + c];
            }

            foreach (var (to, weight) in places[y])
                for (var i = 0; i < row.Length; i++) sums[(to * row.Length) + i] += weight * row[i];
        }

        return Array.ConvertAll(sums, s => (byte)Math.Clamp(Math.Round(s), 0, 255));
    }

    /// <summary>Brings a picture to another size: by the mean of areas where a side becomes shorter, between neighbours where it becomes longer.</summary>
    public static byte[] Resize(byte[] values, int height, int width, int channels, int newHeight, int newWidth)
    {
        if ((height, width) == (newHeight, newWidth)) return values;
        var (high, wide) = (Math.Min(height, newHeight), Math.Min(width, newWidth));
        var reduced = (high, wide) == (height, width) ? values : Reduce(values, height, width, channels, high, wide);
        return (high, wide) == (newHeight, newWidth) ? reduced : Enlarge(reduced, high, wide, channels, newHeight, newWidth);
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

    private static List<(int To, double Weight)>[] Places((int First, double[] Weights)[] shares, int size)
    {
        var places = new List<(int, double)>[size];
        for (var i = 0; i < size; i++) places[i] = [];
        for (var to = 0; to < shares.Length; to++)
            for (var j = 0; j < shares[to].Weights.Length; j++)
                if (shares[to].Weights[j] > 0) places[shares[to].First + j].Add((to, shares[to].Weights[j]));
        return places;
    }
}
