using Serverless.Serving.Credit;

namespace Serverless.Training.Credit;

/// <summary>How weights of evidence move from bin to bin, and the nearest ones that move as they must.</summary>
internal static class Trend
{
    /// <summary>
    /// The weights of evidence nearest to the given ones (least squares over the rows) that keep the trend: isotonic regression by pooling
    /// adjacent violators (Ayer et al. 1955), for one turn on both sides of the best place of it.
    /// </summary>
    /// <param name="woe">Of each ordinary bin in order; higher is better.</param>
    /// <param name="rows">Rows of each bin.</param>
    /// <param name="trend">How risk must move. The data choose under <see cref="Monotone.Auto"/>, but one turn at most.</param>
    public static double[] Keep(double[] woe, int[] rows, Monotone trend) => trend switch
    {
        Monotone.None => woe,
        Monotone.Increasing => Falling(woe, rows),
        Monotone.Decreasing => Rising(woe, rows),
        _ => OneTurn(woe, rows),
    };

    /// <summary>How risk moves from the bin before to each bin, for weights that keep the trend: 1 up, -1 down, 0 freely. The first bin has none before it.</summary>
    public static int[] Directions(ReadOnlySpan<double> woe, Monotone trend)
    {
        var directions = new int[woe.Length];
        if (trend == Monotone.None) return directions;
        var (first, turned) = (trend switch { Monotone.Increasing => 1, Monotone.Decreasing => -1, _ => 0 }, false);
        for (var bin = 1; bin < woe.Length; bin++)
        {
            var step = Math.Sign(woe[bin - 1] - woe[bin]);
            if (first == 0) first = step;
            if (trend is Monotone.Auto or Monotone.Unimodal && first != 0 && step == -first) turned = true;
            directions[bin] = turned ? -first : first;
        }

        // Equal bins before the first step go its way, so that a joint fit cannot add a turn there.
        for (var bin = 1; bin < woe.Length && directions[bin] == 0; bin++) directions[bin] = first == 0 ? 1 : first;
        return directions;
    }

    private static double[] OneTurn(double[] woe, int[] rows)
    {
        var (best, least) = (woe, double.PositiveInfinity);
        for (var turn = 0; turn <= woe.Length; turn++)
        {
            double[] peak = [.. Rising(woe[..turn], rows[..turn]), .. Falling(woe[turn..], rows[turn..])];
            double[] valley = [.. Falling(woe[..turn], rows[..turn]), .. Rising(woe[turn..], rows[turn..])];
            foreach (var candidate in new[] { peak, valley })
            {
                var distance = Enumerable.Range(0, woe.Length).Sum(bin => WeightOf(rows[bin]) * (candidate[bin] - woe[bin]) * (candidate[bin] - woe[bin]));
                if (distance < least) (best, least) = (candidate, distance);
            }
        }

        return best;
    }

    private static double[] Falling(double[] values, int[] rows) => Array.ConvertAll(Rising(Array.ConvertAll(values, v => -v), rows), v => -v);

    private static double[] Rising(double[] values, int[] rows)
    {
        List<(double Mean, double Weight, int Count)> pools = [];
        for (var bin = 0; bin < values.Length; bin++)
        {
            var pool = (Mean: values[bin], Weight: WeightOf(rows[bin]), Count: 1);
            while (pools.Count > 0 && pools[^1].Mean > pool.Mean)
            {
                var before = pools[^1];
                pools.RemoveAt(pools.Count - 1);
                var weight = before.Weight + pool.Weight;
                pool = (((before.Mean * before.Weight) + (pool.Mean * pool.Weight)) / weight, weight, before.Count + pool.Count);
            }

            pools.Add(pool);
        }

        return [.. pools.SelectMany(pool => Enumerable.Repeat(pool.Mean, pool.Count))];
    }

    // An empty bin goes with its neighbours.
    private static double WeightOf(int rows) => Math.Max(rows, 1e-6);
}
