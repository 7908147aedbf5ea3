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
    private const ulong Shuffles = 0, Steps = 1UL << 32, ContrastiveShuffles = 2UL << 32, ContrastiveSteps = 3UL << 32;

    /// <summary>Trains one; the same rows give the same network, whether it goes on from a checkpoint or not.</summary>
    /// <param name="targets">The texts, and what is to be said of them.</param>
    /// <param name="features">The pieces of words.</param>
    /// <param name="rules">Sizes and steps.</param>
    /// <param name="seed">Of everything random.</param>
    /// <param name="slot">Where it leaves how far it is, and goes on from.</param>
    /// <param name="progress">Told the share that is done.</param>
    /// <param name="cancel">Stops it.</param>
    public static NetworkWeights Train(TextTargets targets, WordFeatures features, NetworkRules rules, int seed, CheckpointSlot slot, Action<double> progress, CancellationToken cancel)
    {
        var rows = targets.Rows;
        using var network = new TextNetwork(NetworkWeights.Draw(features.Slots.Count, targets.Intents, rules, new Random(seed)));
        var noisy = new NoisyTexts(rows, new WordReader(features, Vocabulary.HashBits), rules);
        var perPass = (rows.Count + Batch - 1) / Batch;
        var steps = Math.Clamp(rules.Epochs * perPass, Math.Min(LeastSteps, 3 * rules.Epochs * perPass), MostSteps);
        var before = (int)((long)steps * rules.ContrastiveEpochs / rules.Epochs);

        var adam = new AdamSteps(network.Parameters);
        if (slot.Take(adam.StateBytes) is { } state) adam.Restore(state); // what comes before is in its weights
        else if (before > 0) Contrast();
        Run(adam, slot, Shuffles, Steps, steps, done => progress((before + done) / (before + steps)), (of, random) =>
            targets.Loss(network.Forward(noisy.Words(of, random), pooled => noisy.Patterns(pooled, random)), of));
        return network.Weights;

        void Contrast()
        {
            var (first, phase) = (new AdamSteps(network.Parameters), slot.Of("contrast"));
            if (phase.Take(first.StateBytes) is { } state) first.Restore(state);
            Run(first, phase, ContrastiveShuffles, ContrastiveSteps, before, done => progress(done / (before + steps)), (of, random) =>
            {
                int[] twice = [.. of, .. of];
                return ContrastiveLoss.Of(noisy.Patterns(network.Pooled(noisy.Words(twice, random)), random), Array.ConvertAll(twice, i => rows[i].Class));
            });
        }

        void Run(AdamSteps adam, CheckpointSlot slot, ulong shuffles, ulong chances, int steps, Action<double> told, Func<int[], Random, Tensor> loss)
        {
            int[][]? batches = null;
            for (var step = adam.Steps; step < steps; step++)
            {
                cancel.ThrowIfCancellationRequested();
                var (pass, place) = Math.DivRem(step, perPass);
                if (batches is null || place == 0)
                {
                    batches = Batches(rows, Chance(seed, shuffles, pass));
                    told(step);
                }

                using var scope = NewDisposeScope();
                loss(batches[place], Chance(seed, chances, step)).backward();
                adam.Step(rules.LearningRate * RateAt((step + 1.0) / (steps + 1)), rules.WeightDecay);
                if (adam.StateBytes <= MostBytes) slot.Keep(adam.State);
            }
        }
    }

    private static Random Chance(int seed, ulong of, int number) => new((int)(SplitMix.Of(of | (uint)number, seed) >> 33));

    // All rows once in any order, texts of about the same length together, so that little is computed for what fills up.
    private static int[][] Batches(IReadOnlyList<TextRow> rows, Random random)
    {
        var order = Enumerable.Range(0, rows.Count).ToArray();
        random.Shuffle(order);
        var batches = order.Chunk(Batch * Together).SelectMany(some => some.OrderBy(i => rows[i].Text.Length).Chunk(Batch)).ToArray();
        random.Shuffle(batches);
        return batches;
    }

    private static double RateAt(double done) => done < Warming ? done / Warming : (1 - done) / (1 - Warming);
}
