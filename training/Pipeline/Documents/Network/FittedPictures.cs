using Serverless.Serving.Documents;
using Serverless.Training.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Serverless.Training.Documents;

/// <summary>A network as training has it, before it is a graph.</summary>
/// <param name="Features">Sizes and labels.</param>
/// <param name="Weights">What it learned.</param>
internal sealed record FittedPictures(PictureFeatures Features, PictureWeights Weights)
{
    private const int Batch = 64;

    // Kept: TorchSharp's operator makes a new one for each sum, which may be collected while the native code reads it.
    private static readonly Scalar One = 1.ToScalar();

    /// <summary>Scores before the softmax, and what they are weighed from, of each picture.</summary>
    public IReadOnlyList<PictureScores> Scores(IReadOnlyList<FramedPicture> pictures)
    {
        set_num_threads(1);
        using var outer = NewDisposeScope();
        using var without = no_grad();
        var plan = Weights.Plan;
        Tensor[] kernels = [.. plan.Convolutions.Select((c, i) => Tensors.Aligned(Weights.Kernels[i], c.Outputs, c.Inputs, c.Kernel, c.Kernel))], biases = Array.ConvertAll(Weights.Biases, b => Tensors.Aligned(b, b.Length));
        var (output, outputBiases) = (Tensors.Aligned(Weights.Output, plan.Classes, plan.Pooled), Tensors.Aligned(Weights.OutputBiases, plan.Classes));
        var all = new List<PictureScores>(pictures.Count);
        foreach (var some in pictures.Chunk(Batch))
        {
            using var scope = NewDisposeScope();
            var found = nn.functional.relu(Convolved(0, Input(some)));
            foreach (var (first, second, skip) in plan.Blocks)
                found = nn.functional.relu(Convolved(second, nn.functional.relu(Convolved(first, found))).add(skip is { } through ? Convolved(through, found) : found, One));
            var pooled = cat([found.mean([2L, 3L]), found.amax([2L, 3L])], 1);
            var (scores, numbers) = (nn.functional.linear(pooled, output, outputBiases).data<float>().ToArray(), pooled.data<float>().ToArray());
            for (var i = 0; i < some.Length; i++)
                all.Add(new(Array.ConvertAll(scores[(i * plan.Classes)..((i + 1) * plan.Classes)], s => (double)s), numbers[(i * plan.Pooled)..((i + 1) * plan.Pooled)]));
        }

        return all;

        Tensor Convolved(int at, Tensor input)
        {
            var c = plan.Convolutions[at];
            return nn.functional.conv2d(input, kernels[at], biases[at], strides: [c.Stride, c.Stride], padding: [c.Padding, c.Padding]);
        }
    }

    private Tensor Input(FramedPicture[] pictures)
    {
        var input = new float[pictures.Length * Features.Length];
        for (var i = 0; i < pictures.Length; i++) pictures[i].WriteTo(input.AsSpan(i * Features.Length, Features.Length), Features);
        return Tensors.Aligned(input, pictures.Length, Features.Channels, Features.Height, Features.Width);
    }
}

/// <summary>What a network says of a picture.</summary>
/// <param name="Scores">One a label, before the softmax.</param>
/// <param name="Pooled">What they are weighed from: of each pattern the mean and the greatest.</param>
internal sealed record PictureScores(double[] Scores, float[] Pooled);
