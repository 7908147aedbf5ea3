using Serverless.Serving.Text;
using static TorchSharp.torch;

namespace Serverless.Training.Text;

/// <summary>Texts as a step of training sees them: some words misspelt, some blank, and some of the patterns left out that were found.</summary>
/// <param name="rows">All texts.</param>
/// <param name="reader">Knows the pieces of words.</param>
/// <param name="rules">How much of each.</param>
internal sealed class NoisyTexts(IReadOnlyList<TextRow> rows, WordReader reader, NetworkRules rules)
{
    /// <summary>The words of some texts; one that is named twice is seen in two ways.</summary>
    /// <param name="of">Their rows.</param>
    /// <param name="random">Says which words are changed.</param>
    public WordBatch Words(int[] of, Random random)
    {
        var batch = WordBatch.Of(Array.ConvertAll(of, i => CharacterNoise.In(rows[i].Text, rules.CharacterNoise, random)), reader);
        for (var i = 0; i < batch.Words.Length; i++)
        {
            if (batch.Words[i] != 0 && random.NextDouble() < rules.WordDropout) batch.Words[i] = 0;
        }

        return batch;
    }

    /// <summary>Leaves some of the patterns out. What stays counts more, so that the sum is what it is without (Srivastava et al. 2014).</summary>
    /// <param name="pooled">[texts, patterns].</param>
    /// <param name="random">Says which.</param>
    public Tensor Patterns(Tensor pooled, Random random)
    {
        if (rules.Dropout == 0) return pooled;
        var mask = new float[pooled.shape[0] * pooled.shape[1]];
        var kept = (float)(1 / (1 - rules.Dropout));
        for (var i = 0; i < mask.Length; i++) mask[i] = random.NextSingle() < rules.Dropout ? 0 : kept;
        return pooled * tensor(mask, pooled.shape);
    }
}
