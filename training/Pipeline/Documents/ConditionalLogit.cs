using Serverless.Serving.Documents;

namespace Serverless.Training.Documents;

/// <summary>Alternatives of which one or several equal ones are right.</summary>
internal sealed class ChoiceSet
{
    /// <summary>Features of each alternative: number and value.</summary>
    public required (int Feature, float Value)[][] Alternatives { get; init; }

    /// <summary>Which are right.</summary>
    public required bool[] Right { get; init; }
}

/// <summary>
/// Fits a conditional logit (McFadden 1974): the probability of an alternative is the softmax of the utilities of all of its set, and a utility is a sum of
/// weights. Steps of AdaGrad (Duchi, Hazan and Singer 2011) on sets in an order drawn from the seed, with ridge.
/// </summary>
internal sealed class ConditionalLogit
{
    private const double Rate = 0.25, Ridge = 2e-5;
    private const int Rare = 4;
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly List<string> _names = [];
    private readonly List<ChoiceSet> _sets = [];

    /// <summary>Number of sets so far.</summary>
    public int Count => _sets.Count;

    /// <summary>Adds a set.</summary>
    public void Add(IEnumerable<IReadOnlyList<(string Name, double Value)>> alternatives, bool[] right) => _sets.Add(new()
    {
        Alternatives = [.. alternatives.Select(a => a.Select(f => (Number(f.Name), (float)f.Value)).ToArray())],
        Right = right,
    });

    /// <summary>Fits weights to all but the last sets, and the temperature to these.</summary>
    /// <param name="held">How many sets the temperature is fitted to.</param>
    /// <param name="epochs">Passes.</param>
    /// <param name="seed">Of the order.</param>
    public FieldWeights Fit(int held, int epochs, int seed)
    {
        var sets = _sets[..^held];
        var (weights, squares, seen) = (new double[_names.Count], new double[_names.Count], new int[_names.Count]);
        foreach (var (feature, _) in sets.SelectMany(s => s.Alternatives.SelectMany(a => a).DistinctBy(f => f.Feature))) seen[feature]++;
        var random = new Random(seed);
        var order = Enumerable.Range(0, sets.Count).ToArray();
        var gradient = new Dictionary<int, double>();
        for (var epoch = 0; epoch < epochs; epoch++)
        {
            random.Shuffle(order);
            foreach (var i in order)
            {
                Gradient(sets[i], weights, gradient);
                foreach (var (feature, slope) in gradient)
                {
                    if (seen[feature] < Rare) continue;
                    var step = slope + (Ridge * weights[feature] * sets.Count / seen[feature]);
                    squares[feature] += step * step;
                    weights[feature] -= Rate * step / Math.Sqrt(squares[feature] + 1e-8);
                }
            }
        }

        var kept = weights.Select(w => Math.Round(w, 3)).ToArray();
        var temperature = Temperature(_sets[^held..], kept);
        return new(temperature, _names.Index().Where(n => kept[n.Index] != 0).OrderBy(n => n.Item, StringComparer.Ordinal).ToDictionary(n => n.Item, n => kept[n.Index]));
    }

    private static void Gradient(ChoiceSet set, double[] weights, Dictionary<int, double> gradient)
    {
        gradient.Clear();
        var shares = Shares(set, weights, 1);
        var right = Math.Max(1e-12, shares.Where((_, i) => set.Right[i]).Sum());
        for (var i = 0; i < shares.Length; i++)
        {
            var slope = shares[i] - (set.Right[i] ? shares[i] / right : 0);
            if (Math.Abs(slope) < 1e-7) continue;
            foreach (var (feature, value) in set.Alternatives[i]) gradient[feature] = gradient.GetValueOrDefault(feature) + (slope * value);
        }
    }

    // The least mean of surprise; between 0.5 and 4, which is more than is ever needed.
    private static double Temperature(List<ChoiceSet> sets, double[] weights)
    {
        var (best, least) = (1.0, double.MaxValue);
        for (var temperature = 0.5; temperature <= 4; temperature += 0.05)
        {
            var surprise = sets.Sum(s => -Math.Log(Math.Max(1e-9, Shares(s, weights, temperature).Where((_, i) => s.Right[i]).Sum())));
            if (surprise < least) (best, least) = (temperature, surprise);
        }

        return Math.Round(best, 2);
    }

    private static double[] Shares(ChoiceSet set, double[] weights, double temperature)
    {
        var shares = new double[set.Alternatives.Length];
        var most = double.MinValue;
        for (var i = 0; i < shares.Length; i++)
        {
            foreach (var (feature, value) in set.Alternatives[i]) shares[i] += weights[feature] * value;
            shares[i] /= temperature;
            most = Math.Max(most, shares[i]);
        }

        var sum = 0.0;
        for (var i = 0; i < shares.Length; i++) sum += shares[i] = Math.Exp(shares[i] - most);
        for (var i = 0; i < shares.Length; i++) shares[i] /= sum;
        return shares;
    }

    private int Number(string name)
    {
        if (_numbers.TryGetValue(name, out var number)) return number;
        _names.Add(name);
        return _numbers[name] = _names.Count - 1;
    }
}
