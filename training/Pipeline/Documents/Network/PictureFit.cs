using Serverless.Serving.Documents;
using Serverless.Training.Text;
using Serverless.Training.Torch;
using static TorchSharp.torch;

namespace Serverless.Training.Documents;

/// <summary>A picture that is learned from.</summary>
/// <param name="Picture">As the network sees it.</param>
/// <param name="Class">Its label, from 0.</param>
internal readonly record struct PictureSample(FramedPicture Picture, int Class);

/// <summary>Trains a <see cref="PictureNetwork"/>.</summary>
internal static class PictureFit
{
    // The rate rises over this share of the steps, then falls to 0 (Smith and Topin 2018).
    private const double Warming = 0.2;

    // With few pictures there are more passes, with very many fewer: steps are what is learned and what costs time.
    private const int LeastSteps = 300, LeastPasses = 15, MostSteps = 6_000;

    // Pictures that say how a batch is normalised when it is served.
    private const int MostNormalising = 2_048, NormalisingBatch = 256;

    // What is drawn by chance: each step and each shuffle has a generator of its own, so that training goes on at any step without what was drawn before it.
    private const ulong Shuffles = 0, Steps = 1UL << 32, Beginning = 1UL << 33;

    /// <summary>Trains one; the same pictures give the same network, whether it goes on from a checkpoint or not.</summary>
    /// <param name="samples">The pictures.</param>
    /// <param name="features">Sizes and labels.</param>
    /// <param name="rules">Sizes and steps.</param>
    /// <param name="changes">What is done to pictures at each step.</param>
    /// <param name="seed">Of everything random.</param>
    /// <param name="slot">Where it leaves how far it is, and goes on from.</param>
    /// <param name="progress">Told the share that is done.</param>
    /// <param name="cancel">Stops it.</param>
    public static PictureWeights Train(
        IReadOnlyList<PictureSample> samples, PictureFeatures features, PictureNetworkRules rules, AugmentationRules changes, int seed, CheckpointSlot slot, Action<double> progress, CancellationToken cancel)
    {
        using var network = new PictureNetwork(PicturePlan.Of(features, rules.Channels), Chance(seed, Beginning, 0));
        var adam = new AdamSteps(network.Parameters);
        var perPass = Math.Max(1, samples.Count / rules.Batch);
        var steps = Math.Clamp(rules.Epochs * perPass, Math.Min(LeastSteps, LeastPasses * rules.Epochs), MostSteps);
        if (slot.Take(adam.StateBytes) is { } state) adam.Restore(state);
        var augmentation = new Augmentation(changes, features);
        int[][]? batches = null;
        for (var step = adam.Steps; step < steps; step++)
        {
            cancel.ThrowIfCancellationRequested();
            var (pass, place) = Math.DivRem(step, perPass);
            if (batches is null || place == 0)
            {
                batches = Batches(samples.Count, perPass, rules.Batch, Chance(seed, Shuffles, pass));
                progress(step / (double)steps);
            }

            var (of, random) = (batches[place], Chance(seed, Steps, step));
            using var scope = NewDisposeScope();
            var input = new float[of.Length * features.Length];
            for (var i = 0; i < of.Length; i++) augmentation.Write(samples[of[i]].Picture, random, input.AsSpan(i * features.Length, features.Length));
            var scores = network.Forward(Tensors.Aligned(input, of.Length, features.Channels, features.Height, features.Width));
            var loss = nn.functional.cross_entropy(scores, tensor(Array.ConvertAll(of, i => (long)samples[i].Class)), label_smoothing: rules.LabelSmoothing);
            loss.backward();
            adam.Step(rules.LearningRate * RateAt((step + 1.0) / (steps + 1)), rules.WeightDecay);
            slot.Keep(adam.State);
        }

        return network.Folded(Normalising(samples, features, Chance(seed, Shuffles, int.MaxValue)));
    }

    private static Random Chance(int seed, ulong of, int number) => new((int)(SplitMix.Of(of | (uint)number, seed) >> 33));

    // All pictures once in any order, what is left over in the first batches; of fewer pictures than a batch has, some come twice, each changed otherwise.
    private static int[][] Batches(int count, int perPass, int size, Random random)
    {
        var order = Enumerable.Range(0, count).ToArray();
        random.Shuffle(order);
        if (count < size) return [[.. Enumerable.Range(0, Math.Min(size, Math.Max(count, 4 * count))).Select(i => order[i % count])]];
        return [.. Enumerable.Range(0, perPass).Select(b => order[(int)((long)b * count / perPass)..(int)((long)(b + 1) * count / perPass)])];
    }

    private static IEnumerable<Tensor> Normalising(IReadOnlyList<PictureSample> samples, PictureFeatures features, Random random)
    {
        var order = Enumerable.Range(0, samples.Count).ToArray();
        random.Shuffle(order);
        var (count, batches) = (Math.Min(MostNormalising, order.Length), (Math.Min(MostNormalising, order.Length) + NormalisingBatch - 1) / NormalisingBatch);
        for (var b = 0; b < batches; b++)
        {
            var of = order[(b * count / batches)..((b + 1) * count / batches)]; // of about the same size, since each counts as much
            var input = new float[of.Length * features.Length];
            for (var i = 0; i < of.Length; i++) samples[of[i]].Picture.WriteTo(input.AsSpan(i * features.Length, features.Length), features);
            yield return Tensors.Aligned(input, of.Length, features.Channels, features.Height, features.Width);
        }
    }

    private static double RateAt(double done) => done < Warming ? done / Warming : (1 + Math.Cos(Math.PI * (done - Warming) / (1 - Warming))) / 2;
}
