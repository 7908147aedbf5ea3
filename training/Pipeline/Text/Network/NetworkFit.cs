using Serverless.Serving.Text;
using Serverless.Training.Torch;
using static TorchSharp.torch;

namespace Serverless.Training.Text;

/// <summary>Trains a <see cref="TextNetwork"/>.</summary>
internal static class NetworkFit
{
    private const int Batch = 64;

    // Batches that are sorted by length together.
    private const int Together = 8;

    // The rate rises over this share of the steps, then falls to 0.
    private const double Warming = 0.1;

    // With few texts there are more passes, with very many fewer: steps are what is learned and what costs time.
    private const int LeastSteps = 600, MostSteps = 6_000;

    // Above it, as only some ten thousand intents need, checkpoints would cost more memory than they save time.
    private const long MostBytes = 1 << 29;

    // What is drawn by chance: each step and each shuffle has a generator of its own, so that training goes on at any step without what was drawn before it.
    private const ulong Shuffles = 0, Steps = 1UL << 32;

    /// <summary>Trains one; the same rows give the same network, whether it goes on from a checkpoint or not.</summary>
    /// <param name="rows">Rows with an intent.</param>
    /// <param name="intents">Number of classes.</param>
    /// <param name="features">The pieces of words.</param>
    /// <param name="rules">Sizes and steps.</param>
    /// <param name="seed">Of everything random.</param>
    /// <param name="slot">Where it leaves how far it is, and goes on from.</param>
    /// <param name="progress">Told the share that is done.</param>
    /// <param name="cancel">Stops it.</param>
    public static NetworkWeights Train(
        IReadOnlyList<TextRow> rows, int intents, WordFeatures features, NetworkRules rules, int seed, CheckpointSlot slot, Action<double> progress, CancellationToken cancel)
    {
        var reader = new WordReader(features, Vocabulary.HashBits);
        using var network = new TextNetwork(NetworkWeights.Draw(features.Slots.Count, intents, rules, new Random(seed)));
        var adam = new AdamSteps(network.Parameters);
        var perPass = (rows.Count + Batch - 1) / Batch;
        var steps = Math.Clamp(rules.Epochs * perPass, Math.Min(LeastSteps, 3 * rules.Epochs * perPass), MostSteps);
        var texts = rows.Select(r => r.Text).ToArray();
        if (slot.Take(adam.StateBytes) is { } state) adam.Restore(state);
        int[][]? batches = null;
        for (var step = adam.Steps; step < steps; step++)
        {
            cancel.ThrowIfCancellationRequested();
            var (pass, place) = Math.DivRem(step, perPass);
            if (batches is null || place == 0)
            {
                batches = Batches(texts, Chance(seed, Shuffles, pass));
                progress(step / (double)steps);
            }

            var (of, random) = (batches[place], Chance(seed, Steps, step));
            using var scope = NewDisposeScope();
            var batch = WordBatch.Of(Array.ConvertAll(of, i => texts[i]), reader);
            Blank(batch, rules.WordDropout, random);
            var loss = nn.functional.cross_entropy(network.Forward(batch, pooled => Drop(pooled, rules.Dropout, random)), tensor(Array.ConvertAll(of, i => (long)rows[i].Class)), label_smoothing: rules.LabelSmoothing);
            loss.backward();
            adam.Step(rules.LearningRate * RateAt((step + 1.0) / (steps + 1)), rules.WeightDecay);
            if (adam.StateBytes <= MostBytes) slot.Keep(adam.State);
        }

        return network.Weights;
    }

    private static Random Chance(int seed, ulong of, int number) => new((int)(SplitMix.Of(of | (uint)number, seed) >> 33));

    // All rows once in any order, texts of about the same length together, so that little is computed for what fills up.
    private static int[][] Batches(string[] texts, Random random)
    {
        var order = Enumerable.Range(0, texts.Length).ToArray();
        random.Shuffle(order);
        var batches = order.Chunk(Batch * Together).SelectMany(some => some.OrderBy(i => texts[i].Length).Chunk(Batch)).ToArray();
        random.Shuffle(batches);
        return batches;
    }

    private static double RateAt(double done) => done < Warming ? done / Warming : (1 - done) / (1 - Warming);

    // What stays counts more, so that the sum is what it is without dropping (Srivastava et al. 2014).
    private static Tensor Drop(Tensor pooled, double share, Random random)
    {
        if (share == 0) return pooled;
        var mask = new float[pooled.shape[0] * pooled.shape[1]];
        var kept = (float)(1 / (1 - share));
        for (var i = 0; i < mask.Length; i++) mask[i] = random.NextSingle() < share ? 0 : kept;
        return pooled * tensor(mask, pooled.shape);
    }

    private static void Blank(WordBatch batch, double share, Random random)
    {
        for (var i = 0; i < batch.Words.Length; i++)
        {
            if (batch.Words[i] != 0 && random.NextDouble() < share) batch.Words[i] = 0;
        }
    }
}
