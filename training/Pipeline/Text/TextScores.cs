namespace Serverless.Training.Text;

/// <summary>The scores of a text before the softmax, one an intent.</summary>
/// <param name="Linear">Of the linear part.</param>
/// <param name="Network">Of the network; null without one.</param>
internal sealed record TextScores(double[] Linear, double[]? Network)
{
    /// <summary>Of the part that is fitted on an encoder's vectors; null without an encoder.</summary>
    public double[]? Encoder { get; init; }

    /// <summary>The scores of every part, in the order of <see cref="ScoreWeights.Parts"/>.</summary>
    public double[]?[] Parts => [Linear, Network, Encoder];

    /// <summary>All together.</summary>
    public double[] Joined(ScoreWeights weights)
    {
        var joined = new double[Linear.Length];
        Add(Linear, weights.OfLinear);
        if (Network is not null) Add(Network, weights.OfNetwork);
        if (Encoder is not null) Add(Encoder, weights.OfEncoder);
        return joined;

        void Add(double[] part, double weight)
        {
            for (var c = 0; c < joined.Length; c++) joined[c] += weight * part[c];
        }
    }
}
