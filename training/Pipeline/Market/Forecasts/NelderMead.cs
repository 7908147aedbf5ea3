namespace Serverless.Training.Market.Forecasts;

/// <summary>The simplex method of Nelder and Mead (1965): a least value without derivatives, for a handful of numbers.</summary>
internal static class NelderMead
{
    /// <summary>Searches from a start.</summary>
    /// <param name="function">What is to be small; infinite or NaN where it is not allowed.</param>
    /// <param name="start">Where to begin; not changed.</param>
    /// <param name="step">How far the first corners lie from it.</param>
    /// <param name="tolerance">It ends when the corners' values differ by less than this share.</param>
    /// <param name="most">Most calls of the function.</param>
    /// <returns>The best point and its value.</returns>
    public static (double[] Point, double Value) Least(Func<double[], double> function, double[] start, double step = 0.2, double tolerance = 1e-12, int most = 4000)
    {
        var n = start.Length;
        var calls = 0;
        var corners = Enumerable.Range(0, n + 1).Select(c =>
        {
            double[] point = [.. start];
            if (c > 0) point[c - 1] += step;
            return (Point: point, Value: Call(point));
        }).ToArray();
        while (calls < most)
        {
            Array.Sort(corners, (a, b) => a.Value.CompareTo(b.Value));
            if (corners[^1].Value - corners[0].Value <= tolerance * (1 + Math.Abs(corners[0].Value))) break;
            var centre = new double[n];
            foreach (var (point, _) in corners[..^1])
                for (var i = 0; i < n; i++) centre[i] += point[i] / n;
            var reflected = At(-1);
            if (reflected.Value < corners[0].Value)
            {
                var expanded = At(-2);
                corners[^1] = expanded.Value < reflected.Value ? expanded : reflected;
            }
            else if (reflected.Value < corners[^2].Value)
            {
                corners[^1] = reflected;
            }
            else
            {
                var contracted = reflected.Value < corners[^1].Value ? At(-0.5) : At(0.5);
                if (contracted.Value < Math.Min(reflected.Value, corners[^1].Value)) corners[^1] = contracted;
                else Shrink();
            }

            // The worst corner, moved along the line through the centre of the others.
            (double[] Point, double Value) At(double share)
            {
                var point = new double[n];
                for (var i = 0; i < n; i++) point[i] = centre[i] + (share * (corners[^1].Point[i] - centre[i]));
                return (point, Call(point));
            }
        }

        Array.Sort(corners, (a, b) => a.Value.CompareTo(b.Value));
        return corners[0];

        double Call(double[] point)
        {
            calls++;
            var value = function(point);
            return double.IsNaN(value) ? double.PositiveInfinity : value;
        }

        void Shrink()
        {
            for (var c = 1; c <= n; c++)
            {
                for (var i = 0; i < n; i++) corners[c].Point[i] = (corners[c].Point[i] + corners[0].Point[i]) / 2;
                corners[c].Value = Call(corners[c].Point);
            }
        }
    }
}
