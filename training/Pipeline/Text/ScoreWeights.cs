namespace Serverless.Training.Text;

/// <summary>
/// What the scores of the parts count in their sum. With one part it is the inverse of the temperature of Guo et al. 2017, "On Calibration of
/// Modern Neural Networks", section 4.2; with several, the parts are weighed by how well they tell as well.
/// </summary>
/// <param name="OfLinear">What the linear part counts; 0 or more.</param>
/// <param name="OfNetwork">What the network counts; 0 or more, and 0 without one.</param>
internal sealed record ScoreWeights(double OfLinear, double OfNetwork)
{
    private const int MostSteps = 100, MostHalvings = 40;
    private const double Enough = 1e-10;
    private const double Ridge = 1e-9;

    /// <summary>What the part that is fitted on an encoder's vectors counts; 0 or more, and 0 without an encoder.</summary>
    public double OfEncoder { get; init; }

    /// <summary>What every part counts, in the order of <see cref="TextScores.Parts"/>.</summary>
    public double[] Parts => [OfLinear, OfNetwork, OfEncoder];

    /// <summary>
    /// The weights with the least log loss against targets that keep 1/(n+2) for all intents alike (after Platt 1999), so that texts which all
    /// come out right do not make every answer certain. The loss is convex in them, so where it asks a part to count against itself, the
    /// least among weights that do not lies where some parts count nothing: the best of all such choices.
    /// </summary>
    /// <param name="scores">Scores of texts that no part was fitted on.</param>
    /// <param name="classes">Their intents, from 0.</param>
    public static ScoreWeights Of(IReadOnlyList<TextScores> scores, IReadOnlyList<int> classes)
    {
        int[] there = [.. Enumerable.Range(0, 3).Where(part => scores.All(s => s.Parts[part] is not null))];
        var all = Newton(scores, classes, there);
        if (all.Parts.All(w => w >= 0)) return all;
        return Subsets(there).Where(some => some.Length < there.Length).Select(some => Newton(scores, classes, some)).Where(w => w.Parts.All(part => part >= 0))
            .MinBy(w => Slopes.At(w, scores, classes).Loss)!;
    }

    private static ScoreWeights Of(double[] parts) => new(parts[0], parts[1]) { OfEncoder = parts[2] };

    // With none of them too, which every text gives the same probabilities.
    private static IEnumerable<int[]> Subsets(int[] parts) =>
        Enumerable.Range(0, 1 << parts.Length).Select(bits => parts.Where((_, i) => (bits >> i & 1) == 1).ToArray());

    private static ScoreWeights Newton(IReadOnlyList<TextScores> scores, IReadOnlyList<int> classes, int[] parts)
    {
        var start = new double[3];
        foreach (var part in parts) start[part] = 1;
        var weights = Of(start);
        var now = Slopes.At(weights, scores, classes);
        for (var step = 0; step < MostSteps; step++)
        {
            var by = now.Step(parts);
            var (next, then, share) = (weights, now, 1.0);
            for (var halving = 0; halving < MostHalvings; halving++, share /= 2)
            {
                next = Of([.. weights.Parts.Select((w, part) => w - (share * by[part]))]);
                then = Slopes.At(next, scores, classes);
                if (then.Loss <= now.Loss) break;
            }

            if (!(now.Loss - then.Loss > Enough)) return then.Loss < now.Loss ? next : weights;
            (weights, now) = (next, then);
        }

        return weights;
    }

    /// <summary>The loss, its first derivatives, [part], and its second, [part, part].</summary>
    private sealed record Slopes(double Loss, double[] First, double[,] Second)
    {
        public static Slopes At(ScoreWeights weights, IReadOnlyList<TextScores> scores, IReadOnlyList<int> classes)
        {
            var (loss, first, second) = (0.0, new double[3], new double[3, 3]);
            var doubt = 1.0 / (scores.Count + 2);
            for (var i = 0; i < scores.Count; i++)
            {
                var (parts, joined, y) = (scores[i].Parts, scores[i].Joined(weights), classes[i]);
                var probabilities = Calibration.Softmax(joined);
                for (var c = 0; c < joined.Length; c++) loss -= ((c == y ? 1 - doubt : 0) + (doubt / joined.Length)) * Math.Log(Math.Max(probabilities[c], double.Epsilon));
                var means = Array.ConvertAll(parts, part => part is null ? 0 : Mean(probabilities, part));
                for (var a = 0; a < parts.Length; a++)
                {
                    if (parts[a] is not { } one) continue;
                    first[a] += means[a] - ((1 - doubt) * one[y]) - (doubt * one.Sum() / one.Length);
                    for (var b = a; b < parts.Length; b++)
                        if (parts[b] is { } other) second[a, b] += Mean(probabilities, one, other) - (means[a] * means[b]);
                }
            }

            for (var a = 0; a < first.Length; a++)
            {
                first[a] /= scores.Count;
                for (var b = a; b < first.Length; b++) second[b, a] = second[a, b] /= scores.Count;
            }

            return new(loss / scores.Count, first, second);
        }

        private static double Mean(double[] probabilities, double[] one)
        {
            var mean = 0.0;
            for (var c = 0; c < one.Length; c++) mean += probabilities[c] * one[c];
            return mean;
        }

        private static double Mean(double[] probabilities, double[] one, double[] other)
        {
            var mean = 0.0;
            for (var c = 0; c < one.Length; c++) mean += probabilities[c] * one[c] * other[c];
            return mean;
        }

        // By Cramer's rule: there are three parts at most. The ridge keeps it solvable where a part tells nothing, or two tell the same.
        public double[] Step(int[] parts)
        {
            var matrix = new double[parts.Length, parts.Length];
            for (var i = 0; i < parts.Length; i++)
                for (var j = 0; j < parts.Length; j++) matrix[i, j] = Second[parts[i], parts[j]] + (i == j ? Ridge : 0);
            var (steps, whole) = (new double[First.Length], Determinant(matrix));
            for (var j = 0; j < parts.Length; j++)
            {
                var replaced = (double[,])matrix.Clone();
                for (var i = 0; i < parts.Length; i++) replaced[i, j] = First[parts[i]];
                steps[parts[j]] = Determinant(replaced) / whole;
            }

            return steps;
        }

        private static double Determinant(double[,] m) => m.GetLength(0) switch
        {
            0 => 1,
            1 => m[0, 0],
            2 => (m[0, 0] * m[1, 1]) - (m[0, 1] * m[1, 0]),
            _ => (m[0, 0] * ((m[1, 1] * m[2, 2]) - (m[1, 2] * m[2, 1]))) - (m[0, 1] * ((m[1, 0] * m[2, 2]) - (m[1, 2] * m[2, 0]))) + (m[0, 2] * ((m[1, 0] * m[2, 1]) - (m[1, 1] * m[2, 0]))),
        };
    }
}
