using Serverless.Serving.Credit;
using Serverless.Training.Torch;
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
/// On one thread and from a generator of its own, so that the same rows give the same network whatever else runs.
/// </summary>
internal sealed class Network : IDisposable
{
    /// <summary>Numbers that each layer gives; the code is what the third one gives.</summary>
    public static readonly int[] Sizes = [64, 32, Autoencoder.CodeLength, 32, 64, ApplicationEncoding.Width];

    /// <summary>Rows of a step.</summary>
    public const int Batch = 32;

    // Passes without a better loss on the rows not learned from, before it stops.
    private const int Patience = 8;

    // Steps are what costs time: with more rows there are fewer passes.
    private const int MaxSteps = 4_000;

    private const double Rate = 2e-3;

    // Rows that say when to stop.
    private const int MostJudging = 1_024;

    private readonly Parameter[] _weights;
    private readonly Parameter[] _biases;
    private readonly Random _random;
    private readonly float[] _shares;

    private Network(float[] shares, int seed)
    {
        set_num_threads(1);
        (_shares, _random) = (shares, new Random(seed));
        _weights = [.. Sizes.Select((outputs, l) => Initial(outputs, l == 0 ? ApplicationEncoding.Width : Sizes[l - 1]))];
        _biases = [.. Sizes.Select(outputs => new Parameter(zeros(outputs)))];
    }

    /// <summary>Passes over the rows that were made.</summary>
    public int Epochs { get; private set; }

    /// <summary>
    /// Half the log-odds of each value being 1 among the rows learned from: what is rare by itself counts half, so that what does not go
    /// together is not lost among it.
    /// </summary>
    public float[] HalfLogOdds => Array.ConvertAll(_shares, share => (float)(Math.Log(share / (1 - share)) / 2));

    /// <summary>The layers in their order.</summary>
    public IReadOnlyList<Layer> Layers => [.. _weights.Zip(_biases, (w, b) => new Layer(w.data<float>().ToArray(), b.data<float>().ToArray()))];

    /// <summary>Trains one.</summary>
    /// <param name="values">Rows to learn from, <see cref="ApplicationEncoding.Width"/> values each.</param>
    /// <param name="held">Rows to stop by.</param>
    /// <param name="epochs">Most passes.</param>
    /// <param name="seed">Of everything random.</param>
    /// <param name="progress">Told the share that is done.</param>
    /// <param name="cancel">Stops it.</param>
    public static Network Train(float[] values, float[] held, int epochs, int seed, Action<double> progress, CancellationToken cancel)
    {
        var network = new Network(Shares(values), seed);
        try
        {
            network.Learn(values, held, epochs, progress, cancel);
            return network;
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    /// <summary>The reconstruction error (<see cref="Autoencoder.Run"/>) and the code of some rows.</summary>
    public (float[] Errors, float[] Codes) Run(float[] values)
    {
        using var scope = NewDisposeScope();
        using var without = no_grad();
        var rows = Rows(values);
        var (logits, code) = Forward(rows, dropping: false);
        var half = HalfLogOdds;
        var alone = Loss(tensor(Array.ConvertAll(half, h => h * 2)).expand(rows.shape), rows).mean([1L]).data<float>().ToArray();
        return ([.. Loss(logits, rows).mean([1L]).data<float>().ToArray().Zip(alone, (loss, byItself) => loss - (byItself / 2))], code.data<float>().ToArray());
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var parameter in _weights.Concat(_biases)) parameter.Dispose();
    }

    private void Learn(float[] values, float[] held, int epochs, Action<double> progress, CancellationToken cancel)
    {
        using var rows = Rows(values);
        var count = (int)rows.shape[0];
        var most = Math.Clamp(MaxSteps * Batch / count, 1, epochs);
        var judging = held[..Math.Min(held.Length, MostJudging * ApplicationEncoding.Width)];
        var adam = new AdamSteps([.. _weights, .. _biases]);
        var order = Enumerable.Range(0, count).Select(i => (long)i).ToArray();
        var (best, since, kept) = (double.PositiveInfinity, 0, Layers);
        while (Epochs < most && since < Patience)
        {
            _random.Shuffle(order);
            for (var from = 0; from < count; from += Batch)
            {
                cancel.ThrowIfCancellationRequested();
                Step(adam, rows, order.AsSpan(from, Math.Min(Batch, count - from)).ToArray());
            }

            progress(++Epochs / (double)most);
            var loss = Run(judging).Errors.Average();
            since++;
            if (loss < best) (best, since, kept) = (loss, 0, Layers);
        }

        Restore(kept);
    }

    private void Step(AdamSteps adam, Tensor rows, long[] of)
    {
        using var scope = NewDisposeScope();
        var batch = rows.index_select(0, tensor(of));
        var loss = Loss(Forward(batch, dropping: true).Logits, batch).mean();
        loss.backward();
        adam.Step(Rate);
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

    // A unit that stays counts twice, so that their sum is what it is without dropping.
    private Tensor Drop(Tensor state)
    {
        var mask = new float[state.shape[0] * state.shape[1]];
        for (var i = 0; i < mask.Length; i++) mask[i] = _random.Next(2) * 2;
        return state * tensor(mask, state.shape);
    }

    // How often each value is 1; as if half a row more had either, so that none is impossible.
    private static float[] Shares(float[] values)
    {
        var rows = values.Length / ApplicationEncoding.Width;
        var ones = new double[ApplicationEncoding.Width];
        for (var i = 0; i < values.Length; i++) ones[i % ones.Length] += values[i];
        return Array.ConvertAll(ones, count => (float)((count + 0.5) / (rows + 1)));
    }

    // From the logits, which is exact where a sigmoid would round to 0 or 1.
    private static Tensor Loss(Tensor logits, Tensor values) => nn.functional.binary_cross_entropy_with_logits(logits, values, reduction: nn.Reduction.None);

    private static Tensor Rows(float[] values) => Tensors.Aligned(values, values.Length / ApplicationEncoding.Width, ApplicationEncoding.Width);

    // He et al. 2015.
    private Parameter Initial(int outputs, int inputs)
    {
        var bound = (float)Math.Sqrt(6.0 / inputs);
        var weights = new float[outputs * inputs];
        for (var i = 0; i < weights.Length; i++) weights[i] = ((_random.NextSingle() * 2) - 1) * bound;
        return new Parameter(Tensors.Aligned(weights, outputs, inputs));
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
