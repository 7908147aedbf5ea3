using Serverless.Serving.Credit;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Serverless.Training.Credit;

/// <summary>One fully connected layer, its numbers row-major.</summary>
/// <param name="Weights">A row of <see cref="Inputs"/> for each output.</param>
/// <param name="Biases">One for each output.</param>
internal sealed record Layer(float[] Weights, float[] Biases)
{
    /// <summary>Numbers that come in.</summary>
    public int Inputs => Weights.Length / Biases.Length;
}

/// <summary>
/// The network of an <see cref="Autoencoder"/>: 768→64→32→8 and 8→32→64→768, rectified linear units between the layers, half of the units behind the
/// first layer of each side dropped in training (Srivastava et al. 2014), a sigmoid at the end, binary cross-entropy, Adam (Kingma and Ba 2015).
/// On one thread and from generators of its own, so that the same rows give the same network whatever else runs.
/// </summary>
internal sealed class Network : IDisposable
{
    /// <summary>Numbers that each layer gives; the code is what the third one gives.</summary>
    public static readonly int[] Sizes = [64, 32, Autoencoder.CodeLength, 32, 64, ApplicationEncoding.Width];

    /// <summary>Rows of a step.</summary>
    public const int Batch = 32;

    private const double Dropped = 0.5;
    private const double LearningRate = 2e-3;

    // Passes without a better loss on the rows not learned from, before it stops.
    private const int Patience = 8;

    // Steps are what costs time: with more rows there are fewer passes.
    private const int MaxSteps = 8_000;

    private readonly Parameter[] _weights;
    private readonly Parameter[] _biases;
    private readonly Generator _dropout;

    private Network(int seed)
    {
        set_num_threads(1);
        using var initial = new Generator((ulong)(uint)seed);
        _dropout = new Generator((ulong)(uint)seed + 1);
        _weights = [.. Sizes.Select((outputs, l) => Initial(outputs, l == 0 ? ApplicationEncoding.Width : Sizes[l - 1], initial))];
        _biases = [.. Sizes.Select(outputs => new Parameter(zeros(outputs)))];
    }

    /// <summary>Passes over the rows that were made.</summary>
    public int Epochs { get; private set; }

    /// <summary>The layers in their order.</summary>
    public IReadOnlyList<Layer> Layers => [.. _weights.Zip(_biases, (w, b) => new Layer([.. w.data<float>()], [.. b.data<float>()]))];

    /// <summary>Trains one.</summary>
    /// <param name="values">Rows to learn from, <see cref="ApplicationEncoding.Width"/> values each.</param>
    /// <param name="held">Rows to stop by.</param>
    /// <param name="epochs">Most passes.</param>
    /// <param name="seed">Of everything random.</param>
    /// <param name="progress">Told the share that is done.</param>
    /// <param name="cancel">Stops it.</param>
    public static Network Train(float[] values, float[] held, int epochs, int seed, Action<double> progress, CancellationToken cancel)
    {
        var network = new Network(seed);
        try
        {
            network.Learn(values, held, epochs, seed, progress, cancel);
            return network;
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    /// <summary>Reconstruction error and code of some rows.</summary>
    public (float[] Errors, float[] Codes) Run(float[] values)
    {
        using var scope = NewDisposeScope();
        using var without = no_grad();
        var rows = Rows(values);
        var (logits, code) = Forward(rows, dropping: false);
        return ([.. Loss(logits, rows).mean([1L]).data<float>()], [.. code.data<float>()]);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var parameter in _weights.Concat(_biases)) parameter.Dispose();
        _dropout.Dispose();
    }

    private void Learn(float[] values, float[] held, int epochs, int seed, Action<double> progress, CancellationToken cancel)
    {
        using var rows = Rows(values);
        var count = (int)rows.shape[0];
        var most = Math.Clamp(MaxSteps * Batch / count, 1, epochs);
        using var optimizer = optim.Adam(_weights.Concat(_biases), LearningRate);
        var random = new Random(seed);
        var order = Enumerable.Range(0, count).Select(i => (long)i).ToArray();
        var (best, since, kept) = (double.PositiveInfinity, 0, Layers);
        while (Epochs < most && since < Patience)
        {
            random.Shuffle(order);
            for (var from = 0; from < count; from += Batch)
            {
                cancel.ThrowIfCancellationRequested();
                Step(optimizer, rows, order.AsSpan(from, Math.Min(Batch, count - from)).ToArray());
            }

            progress(++Epochs / (double)most);
            var loss = Run(held).Errors.Average();
            since++;
            if (loss < best) (best, since, kept) = (loss, 0, Layers);
        }

        Restore(kept);
    }

    private void Step(optim.Optimizer optimizer, Tensor rows, long[] of)
    {
        using var scope = NewDisposeScope();
        var batch = rows.index_select(0, tensor(of));
        optimizer.zero_grad();
        var loss = Loss(Forward(batch, dropping: true).Logits, batch).mean();
        loss.backward();
        optimizer.step();
    }

    private (Tensor Logits, Tensor Code) Forward(Tensor input, bool dropping)
    {
        var (state, code) = (input, input);
        for (var l = 0; l < Sizes.Length; l++)
        {
            state = nn.functional.linear(state, _weights[l], _biases[l]);
            if (l == 2) code = state;
            else if (l < Sizes.Length - 1) state = nn.functional.relu(state);
            if (dropping && l is 0 or 3) state = Drop(state);
        }

        return (state, code);
    }

    private Tensor Drop(Tensor state) => state * rand(state.shape, generator: _dropout).gt(Dropped) / (1 - Dropped);

    // From the logits, which is exact where a sigmoid would round to 0 or 1.
    private static Tensor Loss(Tensor logits, Tensor values) => nn.functional.binary_cross_entropy_with_logits(logits, values, reduction: nn.Reduction.None);

    private static Tensor Rows(float[] values) => tensor(values, [values.Length / ApplicationEncoding.Width, ApplicationEncoding.Width]);

    // He et al. 2015.
    private static Parameter Initial(int outputs, int inputs, Generator generator)
    {
        using var scope = NewDisposeScope();
        var weights = (rand([outputs, inputs], generator: generator) * 2 - 1) * Math.Sqrt(6.0 / inputs);
        return new Parameter(weights.MoveToOuterDisposeScope());
    }

    private void Restore(IReadOnlyList<Layer> layers)
    {
        using var scope = NewDisposeScope();
        using var without = no_grad();
        foreach (var (l, layer) in layers.Index())
        {
            _weights[l].copy_(tensor(layer.Weights, [layer.Biases.Length, layer.Inputs]));
            _biases[l].copy_(tensor(layer.Biases));
        }
    }
}
