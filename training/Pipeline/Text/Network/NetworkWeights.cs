using Serverless.Serving.Text;

namespace Serverless.Training.Text;

/// <summary>The numbers of a trained <see cref="TextNetwork"/>, all row-major.</summary>
/// <param name="Table">[pieces, dimensions]: the vector of each piece of a word.</param>
/// <param name="Kernels">[dimensions, filters] for each block of <see cref="WordBatch.Patterns"/>.</param>
/// <param name="KernelBiases">[widths * filters].</param>
/// <param name="Output">[2 * widths * filters, intents]: first what the strongest place of each pattern counts, width by width, then what the mean over all places counts.</param>
/// <param name="OutputBiases">[intents].</param>
internal sealed record NetworkWeights(float[] Table, float[][] Kernels, float[] KernelBiases, float[] Output, float[] OutputBiases)
{
    // With smaller word vectors at the start less is learned in the same number of steps.
    private const double Spread = 0.3;

    /// <summary>Patterns of each width.</summary>
    public int Filters => KernelBiases.Length / WordBatch.Widest;

    /// <summary>Numbers of a word's vector.</summary>
    public int Dimensions => Kernels[0].Length / Filters;

    /// <summary>Number of classes.</summary>
    public int Intents => OutputBiases.Length;

    /// <summary>Where training begins: drawn by chance from normal distributions (He et al. 2015 for the patterns).</summary>
    /// <param name="pieces">Number of pieces of words.</param>
    /// <param name="intents">Number of classes.</param>
    /// <param name="rules">Sizes.</param>
    /// <param name="random">Where they come from.</param>
    public static NetworkWeights Draw(int pieces, int intents, NetworkRules rules, Random random)
    {
        var patterns = WordBatch.Widest * rules.Filters;
        return new(
            Normal(Math.Max(1, pieces) * rules.Dimensions, Spread),
            [.. WordBatch.Patterns.SelectMany(blocks => blocks.Select(_ => Normal(rules.Dimensions * rules.Filters, Math.Sqrt(2.0 / (blocks.Count * rules.Dimensions)))))],
            new float[patterns],
            Normal(2 * patterns * intents, Math.Sqrt(0.5 / patterns)),
            new float[intents]);

        // Box and Muller 1958.
        float[] Normal(int count, double deviation)
        {
            var numbers = new float[count];
            for (var i = 0; i < count; i++)
                numbers[i] = (float)(deviation * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
            return numbers;
        }
    }
}
