namespace Serverless.Training.Credit;

/// <summary>
/// Log-odds of every bin of every column, fitted together: columns that tell the same story share it, which one coefficient for each
/// column cannot do. A ridge draws them to the regression on weights of evidence, and along a number they keep the direction of its bins.
/// Newton's method; each step is solved under the constraints by coordinate descent, on the steps from bin to bin.
/// </summary>
/// <param name="Intercept">Log-odds that everyone starts with.</param>
/// <param name="OfBins">Log-odds of a bad loan by column and bin.</param>
internal sealed record BinWeights(double Intercept, double[][] OfBins)
{
    /// <summary>Fits.</summary>
    /// <param name="start">Where to start; any weights that keep the directions lead to the same end.</param>
    /// <param name="prior">Where the ridge draws to.</param>
    /// <param name="directions">By column and bin: 1 where the weight may not be below that of the bin before, -1 where not above, 0 where free.</param>
    /// <param name="bins">By column, the bin of each of all rows.</param>
    /// <param name="outcome">The outcome of each of all rows.</param>
    /// <param name="rows">The rows to fit on.</param>
    /// <param name="ridge">Half of it times the squared distance to the prior is the penalty.</param>
    public static BinWeights Fit(BinWeights start, BinWeights prior, int[][] directions, int[][] bins, bool[] outcome, int[] rows, double ridge)
    {
        var centre = Flat(prior);
        int[] direction = [0, .. directions.SelectMany(d => d)];
        var offsets = new int[bins.Length];
        for (var c = 0; c < bins.Length; c++) offsets[c] = c == 0 ? 1 : offsets[c - 1] + prior.OfBins[c - 1].Length;

        var found = SignedNewton.Minimise(
            ToSteps(Flat(start), direction),
            Array.ConvertAll(direction, d => d != 0),
            (at, gradient, curvature) =>
            {
                var loss = Loss(FromSteps(at, direction), centre, offsets, bins, outcome, rows, ridge, gradient, curvature);
                Chain(gradient, curvature, direction);
                return loss;
            },
            tolerance: 1e-6 * rows.Length);
        var weights = FromSteps(found, direction);
        return new BinWeights(weights[0], [.. prior.OfBins.Select((w, c) => weights[offsets[c]..(offsets[c] + w.Length)])]);
    }

    /// <summary>Log-odds of a bad loan of one row.</summary>
    public double LogOdds(int[][] bins, int row)
    {
        var sum = Intercept;
        for (var c = 0; c < bins.Length; c++) sum += OfBins[c][bins[c][row]];
        return sum;
    }

    private static double Loss(double[] at, double[] centre, int[] offsets, int[][] bins, bool[] outcome, int[] rows, double ridge, double[] gradient, double[,] curvature)
    {
        double loss = 0;
        var places = new int[bins.Length + 1];
        foreach (var row in rows)
        {
            var z = at[0];
            for (var c = 0; c < bins.Length; c++) z += at[places[c + 1] = offsets[c] + bins[c][row]];
            var (p, ofRow) = SignedNewton.Logistic(z, outcome[row]);
            loss += ofRow;
            var (error, weight) = (p - (outcome[row] ? 1 : 0), p * (1 - p));
            for (var j = 0; j < places.Length; j++)
            {
                gradient[places[j]] += error;
                for (var k = 0; k <= j; k++) curvature[places[j], places[k]] += weight;
            }
        }

        for (var j = 0; j < at.Length; j++)
        {
            for (var k = 0; k < j; k++) curvature[k, j] = curvature[j, k];
            if (j == 0) continue;
            loss += ridge / 2 * (at[j] - centre[j]) * (at[j] - centre[j]);
            gradient[j] += ridge * (at[j] - centre[j]);
            curvature[j, j] += ridge;
        }

        return loss;
    }

    private static double[] Flat(BinWeights weights) => [weights.Intercept, .. weights.OfBins.SelectMany(w => w)];

    // Where a bin has a direction its coordinate is the step from the bin before, in that direction.
    private static double[] ToSteps(double[] weights, int[] direction) =>
        [.. weights.Select((w, j) => direction[j] == 0 ? w : Math.Max(0, direction[j] * (w - weights[j - 1])))];

    private static double[] FromSteps(double[] steps, int[] direction)
    {
        var weights = (double[])steps.Clone();
        for (var j = 1; j < weights.Length; j++)
        {
            if (direction[j] != 0) weights[j] = weights[j - 1] + (direction[j] * steps[j]);
        }

        return weights;
    }

    // A step moves its bin and all that follow in the same run: the chain rule sums their derivatives.
    private static void Chain(double[] gradient, double[,] curvature, int[] direction)
    {
        var width = gradient.Length;
        for (var j = width - 1; j > 0; j--)
        {
            if (direction[j] == 0) continue;
            gradient[j - 1] += gradient[j];
            for (var k = 0; k < width; k++) curvature[j - 1, k] += curvature[j, k];
        }

        for (var j = width - 1; j > 0; j--)
        {
            if (direction[j] == 0) continue;
            for (var k = 0; k < width; k++) curvature[k, j - 1] += curvature[k, j];
        }

        for (var j = 0; j < width; j++)
        {
            if (direction[j] >= 0) continue;
            gradient[j] = -gradient[j];
            for (var k = 0; k < width; k++) (curvature[j, k], curvature[k, j]) = (k == j ? curvature[j, k] : -curvature[j, k], k == j ? curvature[k, j] : -curvature[k, j]);
        }
    }
}
