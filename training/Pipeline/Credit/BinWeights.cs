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
    private const int BlockRows = 1024;

    /// <summary>Fits.</summary>
    /// <param name="start">Where to start; any weights that keep the directions lead to the same end.</param>
    /// <param name="prior">Where the ridge draws to.</param>
    /// <param name="directions">By column and bin: 1 where the weight may not be below that of the bin before, -1 where not above, 0 where free.</param>
    /// <param name="rows">The rows to fit on.</param>
    /// <param name="ridge">Half of it times the squared distance to the prior is the penalty.</param>
    public static BinWeights Fit(BinWeights start, BinWeights prior, int[][] directions, BinnedRows rows, double ridge)
    {
        var centre = Flat(prior);
        int[] direction = [0, .. directions.SelectMany(d => d)];
        var found = SignedNewton.Minimise(
            ToSteps(Flat(start), direction),
            Array.ConvertAll(direction, d => d != 0),
            (at, gradient, curvature) =>
            {
                var weights = FromSteps(at, direction);
                var loss = Loss(weights, rows, gradient, curvature);
                for (var j = 1; j < weights.Length; j++)
                {
                    loss += ridge / 2 * (weights[j] - centre[j]) * (weights[j] - centre[j]);
                    gradient[j] += ridge * (weights[j] - centre[j]);
                    if (curvature is not null) curvature[(j * weights.Length) + j] += ridge;
                }

                Chain(gradient, curvature, direction);
                return loss;
            },
            tolerance: 1e-6 * rows.Count);
        var fitted = FromSteps(found, direction);
        var at = 1;
        return new BinWeights(fitted[0], [.. prior.OfBins.Select(w => fitted[at..(at += w.Length)])]);
    }

    private static double Loss(double[] at, BinnedRows rows, double[] gradient, double[]? curvature)
    {
        var loss = new LogisticLoss();
        var (errors, weights) = (new double[BlockRows], new double[BlockRows]);
        var (size, width) = (at.Length, rows.Width);
        for (var from = 0; from < rows.Count; from += BlockRows)
        {
            var block = Math.Min(BlockRows, rows.Count - from);
            var error = errors.AsSpan(0, block);
            var weight = weights.AsSpan(0, block);
            var bins = rows.Bins.AsSpan(from * width, block * width);
            for (var i = 0; i < block; i++)
            {
                var z = at[0];
                foreach (var bin in bins.Slice(i * width, width)) z += at[bin];
                error[i] = z;
            }

            loss.Add(error, rows.Bad.AsSpan(from, block), weight);
            for (var i = 0; i < block; i++)
            {
                var e = error[i];
                gradient[0] += e;
                foreach (var bin in bins.Slice(i * width, width)) gradient[bin] += e;
            }

            if (curvature is null) continue;
            for (var i = 0; i < block; i++)
            {
                var w = weight[i];
                var places = bins.Slice(i * width, width);
                curvature[0] += w;
                for (var j = 0; j < places.Length; j++)
                {
                    var row = curvature.AsSpan(places[j] * size, size);
                    row[0] += w;
                    for (var k = 0; k <= j; k++) row[places[k]] += w;
                }
            }
        }

        if (curvature is null) return loss.Sum;
        for (var j = 0; j < size; j++)
        {
            for (var k = 0; k < j; k++) curvature[(k * size) + j] = curvature[(j * size) + k];
        }

        return loss.Sum;
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

    // A step moves its bin and, with the sign of the directions between, all that follow in the same run: the chain rule sums their derivatives.
    private static void Chain(double[] gradient, double[]? curvature, int[] direction)
    {
        var width = gradient.Length;
        for (var j = width - 1; j > 0; j--)
        {
            if (direction[j] == 0) continue;
            gradient[j - 1] += gradient[j];
            gradient[j] *= direction[j];
            if (curvature is null) continue;
            var row = curvature.AsSpan(j * width, width);
            var before = curvature.AsSpan((j - 1) * width, width);
            Blocks.AddScaled(before, row, 1);
            if (direction[j] < 0)
            {
                foreach (ref var c in row) c = -c;
            }
        }

        if (curvature is null) return;
        for (var i = 0; i < width; i++)
        {
            var row = curvature.AsSpan(i * width, width);
            for (var j = width - 1; j > 0; j--)
            {
                if (direction[j] == 0) continue;
                row[j - 1] += row[j];
                row[j] *= direction[j];
            }
        }
    }
}

/// <summary>Rows with the bin of each column, for <see cref="BinWeights"/>.</summary>
/// <param name="Bins">Row after row, for each column the number of its bin: 1 is the first bin of the first column, and they are counted on from column to column.</param>
/// <param name="Bad">The outcome of each row.</param>
/// <param name="Width">Number of columns.</param>
internal sealed record BinnedRows(int[] Bins, bool[] Bad, int Width)
{
    /// <summary>Number of rows.</summary>
    public int Count => Bad.Length;
}
