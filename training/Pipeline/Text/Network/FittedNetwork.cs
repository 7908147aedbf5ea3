using Serverless.Serving.Text;
using static TorchSharp.torch;

namespace Serverless.Training.Text;

/// <summary>Networks as training has them, before they are a graph.</summary>
/// <param name="Features">The pieces of words that they know.</param>
/// <param name="Members">The weights of each.</param>
internal sealed record FittedNetwork(WordFeatures Features, IReadOnlyList<NetworkWeights> Members)
{
    private const int Batch = 128;

    // Between the seeds of two networks, and between those of the teachers and of their pupils, so that another seed of the contract gives others.
    private const int Apart = 1_000_003, Teachers = 500_009;

    /// <summary>Chooses the pieces and trains.</summary>
    /// <param name="rows">Rows with an intent.</param>
    /// <param name="intents">Number of classes.</param>
    /// <param name="rules">Number, sizes and steps.</param>
    /// <param name="seed">Of everything random.</param>
    /// <param name="slot">Where each leaves how far it is, and goes on from.</param>
    /// <param name="progress">Told the share that is done.</param>
    /// <param name="cancel">Stops it.</param>
    public static FittedNetwork Fit(IReadOnlyList<TextRow> rows, int intents, NetworkRules rules, int seed, CheckpointSlot slot, Action<double> progress, CancellationToken cancel)
    {
        var features = WordVocabulary.Of(rows.Select(r => r.Text), Vocabulary.HashBits);
        var targets = new TextTargets(rows, intents, rules);
        if (rules.Distillation == 0) return Members(targets, seed, slot, progress);
        var teachers = Members(targets, unchecked(seed + Teachers), slot.Of("teacher"), done => progress(done / 2));
        return Members(targets.TaughtBy(teachers), seed, slot, done => progress((1 + done) / 2));

        FittedNetwork Members(TextTargets targets, int seed, CheckpointSlot slot, Action<double> progress)
        {
            var members = new NetworkWeights[rules.Networks];
            Parallel.For(0, members.Length, TrainingThread.Loops(cancel), i =>
                members[i] = NetworkFit.Train(targets, features, rules, unchecked(seed + (i * Apart)), slot.Of(i + 1), i == 0 ? progress : _ => { }, cancel));
            return new(features, members);
        }
    }

    /// <summary>Scores of texts before the softmax, one an intent: the mean of the networks'.</summary>
    public IReadOnlyList<double[]> Scores(IReadOnlyList<string> texts)
    {
        var reader = new WordReader(Features, Vocabulary.HashBits);
        var means = texts.Select(_ => new double[Members[0].Intents]).ToArray();
        foreach (var weights in Members)
        {
            using var network = new TextNetwork(weights);
            using var without = no_grad();
            foreach (var (chunk, of) in texts.Chunk(Batch).Zip(means.Chunk(Batch)))
            {
                using var scope = NewDisposeScope();
                var scores = network.Forward(WordBatch.Of(chunk, reader)).data<float>().ToArray();
                for (var i = 0; i < scores.Length; i++) of[i / weights.Intents][i % weights.Intents] += (double)scores[i] / Members.Count;
            }
        }

        return means;
    }
}
