using Serverless.Serving.Text;
using static TorchSharp.torch;

namespace Serverless.Training.Text;

/// <summary>A network as training has it, before it is a graph.</summary>
/// <param name="Features">The pieces of words that it knows.</param>
/// <param name="Weights">Its weights.</param>
internal sealed record FittedNetwork(WordFeatures Features, NetworkWeights Weights)
{
    private const int Batch = 128;

    /// <summary>Chooses the pieces and trains.</summary>
    public static FittedNetwork Fit(IReadOnlyList<TextRow> rows, int intents, NetworkRules rules, int seed, Action<double> progress, CancellationToken cancel)
    {
        var features = WordVocabulary.Of(rows.Select(r => r.Text), Vocabulary.HashBits);
        return new(features, NetworkFit.Train(rows, intents, features, rules, seed, progress, cancel));
    }

    /// <summary>Scores of texts before the softmax, one an intent.</summary>
    public IReadOnlyList<double[]> Scores(IReadOnlyList<string> texts)
    {
        var reader = new WordReader(Features, Vocabulary.HashBits);
        using var network = new TextNetwork(Weights);
        using var without = no_grad();
        return [.. texts.Chunk(Batch).SelectMany(chunk =>
        {
            using var scope = NewDisposeScope();
            var scores = network.Forward(WordBatch.Of(chunk, reader)).data<float>().ToArray();
            return scores.Chunk(Weights.Intents).Select(of => Array.ConvertAll(of, s => (double)s));
        })];
    }
}
