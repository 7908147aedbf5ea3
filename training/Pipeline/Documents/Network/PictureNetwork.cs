using Serverless.Training.Torch;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Serverless.Training.Documents;

/// <summary>
/// A residual network over pictures (He et al. 2016), each convolution followed by batch normalisation (Ioffe and Szegedy 2015). On one thread, so that
/// the same pictures give the same scores whatever else runs.
/// </summary>
internal sealed class PictureNetwork : IDisposable
{
    private const double Epsilon = 1e-5;

    // Kept: TorchSharp's operator makes a new one for each sum, which may be collected while the native code reads it.
    private static readonly Scalar One = 1.ToScalar();

    private readonly PicturePlan _plan;
    private readonly Parameter[] _kernels, _factors, _shifts;
    private readonly Tensor[] _means, _variances;
    private readonly Parameter _output, _outputBiases;

    /// <summary>A network as it begins, drawn by chance (He et al. 2015).</summary>
    public PictureNetwork(PicturePlan plan, Random random)
    {
        set_num_threads(1);
        _plan = plan;
        _kernels = [.. plan.Convolutions.Select(c => new Parameter(Tensors.Aligned(Normal(c.Weights, Math.Sqrt(2.0 / (c.Outputs * c.Kernel * c.Kernel)), random), c.Outputs, c.Inputs, c.Kernel, c.Kernel)))];

        // A block begins as what came in: its second convolution counts nothing yet (Goyal et al. 2017).
        var seconds = plan.Blocks.Select(b => b.Second).ToHashSet();
        _factors = [.. plan.Convolutions.Select((c, i) => new Parameter(seconds.Contains(i) ? zeros(c.Outputs) : ones(c.Outputs)))];
        _shifts = [.. plan.Convolutions.Select(c => new Parameter(zeros(c.Outputs)))];
        (_means, _variances) = ([.. plan.Convolutions.Select(c => zeros(c.Outputs))], [.. plan.Convolutions.Select(c => ones(c.Outputs))]);
        _output = new Parameter(Tensors.Aligned(Normal(plan.Classes * plan.Pooled, Math.Sqrt(1.0 / plan.Pooled), random), plan.Classes, plan.Pooled));
        _outputBiases = new Parameter(zeros(plan.Classes));
    }

    /// <summary>Everything that is learned.</summary>
    public Parameter[] Parameters => [.. _kernels, .. _factors, .. _shifts, _output, _outputBiases];

    /// <summary>Scores before the softmax, [pictures, classes], each batch normalised by itself. Within a scope that disposes of what is made on the way.</summary>
    /// <param name="pictures">[pictures, channels, height, width].</param>
    public Tensor Forward(Tensor pictures)
    {
        var found = Rectified(0, pictures);
        foreach (var (first, second, skip) in _plan.Blocks)
        {
            var added = Normalised(second, Rectified(first, found));
            found = nn.functional.relu(added.add(skip is { } through ? Normalised(through, found) : found, One));
        }

        var pooled = cat([found.mean([2L, 3L]), found.amax([2L, 3L])], 1);
        return nn.functional.linear(pooled, _output, _outputBiases);
    }

    /// <summary>
    /// The weights to serve: what normalises becomes the mean over batches of pictures as they are served (Izmailov et al. 2018), and part of the kernels.
    /// </summary>
    /// <param name="batches">The pictures.</param>
    public PictureWeights Folded(IEnumerable<Tensor> batches)
    {
        using var without = no_grad();
        var means = _plan.Convolutions.Select(c => new double[c.Outputs]).ToArray();
        var variances = _plan.Convolutions.Select(c => new double[c.Outputs]).ToArray();
        var count = 0;
        foreach (var batch in batches)
        {
            using var scope = NewDisposeScope();
            Forward(batch);
            batch.Dispose();
            count++;
            for (var i = 0; i < means.Length; i++)
            {
                Add(means[i], Numbers(_means[i]));
                Add(variances[i], Numbers(_variances[i]));
            }
        }

        var (kernels, biases) = (new float[means.Length][], new float[means.Length][]);
        for (var i = 0; i < means.Length; i++)
        {
            var (numbers, factors, shifts, each) = (Numbers(_kernels[i]), Numbers(_factors[i]), Numbers(_shifts[i]), _plan.Convolutions[i].Weights / _plan.Convolutions[i].Outputs);
            biases[i] = new float[factors.Length];
            for (var o = 0; o < factors.Length; o++)
            {
                var factor = factors[o] / Math.Sqrt((variances[i][o] / count) + Epsilon);
                for (var j = o * each; j < (o + 1) * each; j++) numbers[j] = (float)(numbers[j] * factor);
                biases[i][o] = (float)(shifts[o] - (means[i][o] / count * factor));
            }

            kernels[i] = numbers;
        }

        return new(_plan, kernels, biases, Numbers(_output), Numbers(_outputBiases));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var tensor in Parameters.Cast<Tensor>().Concat(_means).Concat(_variances)) tensor.Dispose();
    }

    private Tensor Rectified(int convolution, Tensor input) => nn.functional.relu(Normalised(convolution, input));

    // With a momentum of 1, means and variances become those of the batch.
    private Tensor Normalised(int convolution, Tensor input)
    {
        var c = _plan.Convolutions[convolution];
        var found = nn.functional.conv2d(input, _kernels[convolution], strides: [c.Stride, c.Stride], padding: [c.Padding, c.Padding]);
        return nn.functional.batch_norm(found, _means[convolution], _variances[convolution], _factors[convolution], _shifts[convolution], training: true, momentum: 1, eps: Epsilon);
    }

    private static void Add(double[] sums, float[] numbers)
    {
        for (var i = 0; i < sums.Length; i++) sums[i] += numbers[i];
    }

    private static float[] Numbers(Tensor tensor) => tensor.data<float>().ToArray();

    // Box and Muller 1958.
    private static float[] Normal(int count, double deviation, Random random)
    {
        var numbers = new float[count];
        for (var i = 0; i < count; i++)
            numbers[i] = (float)(deviation * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
        return numbers;
    }
}
