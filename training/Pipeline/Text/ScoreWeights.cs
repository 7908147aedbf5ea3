namespace Serverless.Training.Text;

/// <summary>
/// What the scores of the two parts count in their sum. With one part it is the inverse of the temperature of Guo et al. 2017, "On Calibration of
/// Modern Neural Networks", section 4.2; with two, the parts are weighed by how well they tell as well.
/// </summary>
/// <param name="OfLinear">What the linear part counts; 0 or more.</param>
/// <param name="OfNetwork">What the network counts; 0 or more, and 0 without one.</param>
internal sealed record ScoreWeights(double OfLinear, double OfNetwork)
{
    private const int MostSteps = 100, MostHalvings = 40;
    private const double Enough = 1e-10;
    private const double Ridge = 1e-9;

    /// <summary>
    /// The weights with the least log loss against targets that keep 1/(n+2) for all intents alike (after Platt 1999), so that texts which all
    /// come out right do not make every answer certain. The loss is convex in them.
    /// </summary>
    /// <param name="scores">Scores of texts that no part was fitted on.</param>
    /// <param name="classes">Their intents, from 0.</param>
    public static ScoreWeights Of(IReadOnlyList<TextScores> scores, IReadOnlyList<int> classes)
    {
        var network = scores.All(s => s.Network is not null);
        var both = Newton(scores, classes, linear: true, network);
        if (both is { OfLinear: >= 0, OfNetwork: >= 0 }) return both;

        // Where the least loss asks a part to count against itself, it lies on the edge: one part alone.
        var linearAlone = Newton(scores, classes, linear: true, network: false);
        var networkAlone = network ? Newton(scores, classes, linear: false, network: true) : new(0, 0);
        return new[] { new ScoreWeights(Math.Max(0, linearAlone.OfLinear), 0), new ScoreWeights(0, Math.Max(0, networkAlone.OfNetwork)) }
            .MinBy(w => Slopes.At(w, scores, classes).Loss)!;
    }

    private static ScoreWeights Newton(IReadOnlyList<TextScores> scores, IReadOnlyList<int> classes, bool linear, bool network)
    {
        var weights = new ScoreWeights(linear ? 1 : 0, network ? 1 : 0);
        var now = Slopes.At(weights, scores, classes);
        for (var step = 0; step < MostSteps; step++)
        {
            var (byLinear, byNetwork) = now.Step(linear, network);
            var (next, then, share) = (weights, now, 1.0);
            for (var halving = 0; halving < MostHalvings; halving++, share /= 2)
            {
                next = new(weights.OfLinear - (share * byLinear), weights.OfNetwork - (share * byNetwork));
                then = Slopes.At(next, scores, classes);
                if (then.Loss <= now.Loss) break;
            }

            if (!(now.Loss - then.Loss > Enough)) return then.Loss < now.Loss ? next : weights;
            (weights, now) = (next, then);
        }

        return weights;
    }

    /// <summary>The loss, its first and its second derivatives.</summary>
    private sealed record Slopes(double Loss, double First, double Second, double First2, double Mixed, double Second2)
    {
        public static Slopes At(ScoreWeights weights, IReadOnlyList<TextScores> scores, IReadOnlyList<int> classes)
        {
            double loss = 0, first = 0, second = 0, first2 = 0, mixed = 0, second2 = 0;
            var doubt = 1.0 / (scores.Count + 2);
            for (var i = 0; i < scores.Count; i++)
            {
                var (l, n, joined, y) = (scores[i].Linear, scores[i].Network, scores[i].Joined(weights), classes[i]);
                var probabilities = Calibration.Softmax(joined);
                double meanL = 0, meanN = 0, ll = 0, ln = 0, nn = 0, sumL = 0, sumN = 0, log = 0;
                for (var c = 0; c < l.Length; c++)
                {
                    var (p, of) = (probabilities[c], n?[c] ?? 0);
                    meanL += p * l[c];
                    meanN += p * of;
                    ll += p * l[c] * l[c];
                    ln += p * l[c] * of;
                    nn += p * of * of;
                    sumL += l[c];
                    sumN += of;
                    log -= ((c == y ? 1 - doubt : 0) + (doubt / l.Length)) * Math.Log(Math.Max(p, double.Epsilon));
                }

                loss += log;
                first += meanL - ((1 - doubt) * l[y]) - (doubt * sumL / l.Length);
                second += meanN - ((1 - doubt) * (n?[y] ?? 0)) - (doubt * sumN / l.Length);
                first2 += ll - (meanL * meanL);
                mixed += ln - (meanL * meanN);
                second2 += nn - (meanN * meanN);
            }

            return new(loss / scores.Count, first / scores.Count, second / scores.Count, first2 / scores.Count, mixed / scores.Count, second2 / scores.Count);
        }

        // The ridge keeps it solvable where a part tells nothing, or both tell the same.
        public (double ByLinear, double ByNetwork) Step(bool linear, bool network)
        {
            var (a, b) = (First2 + Ridge, Second2 + Ridge);
            if (!network) return (linear ? First / a : 0, 0);
            if (!linear) return (0, Second / b);
            var determinant = (a * b) - (Mixed * Mixed);
            return (((b * First) - (Mixed * Second)) / determinant, ((a * Second) - (Mixed * First)) / determinant);
        }
    }
}
