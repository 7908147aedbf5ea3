using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using TorchSharp.Modules;

namespace Serverless.Training.Torch;

/// <summary>
/// Adam (Kingma and Ba 2015) with its usual numbers. In managed code over Torch's memory: once over the numbers instead of once for each operation, and
/// without the scalars that TorchSharp makes for these, which may be collected while native code reads them.
/// </summary>
/// <param name="parameters">What it changes: contiguous floats on the processor.</param>
internal sealed class AdamSteps(Parameter[] parameters)
{
    private const float First = 0.9f, Second = 0.999f, Epsilon = 1e-8f;

    private readonly float[][] _means = Array.ConvertAll(parameters, p => new float[p.numel()]);
    private readonly float[][] _squares = Array.ConvertAll(parameters, p => new float[p.numel()]);
    private readonly bool[] _used = new bool[parameters.Length];

    /// <summary>Steps made so far.</summary>
    public int Steps { get; private set; }

    /// <summary>Length of <see cref="State"/>.</summary>
    public long StateBytes => sizeof(int) + _used.Length + (3L * sizeof(float) * _means.Sum(m => (long)m.Length));

    /// <summary>Changes the parameters by their gradients, and clears these. Within a scope that disposes of what is made on the way.</summary>
    /// <param name="learningRate">How far.</param>
    /// <param name="decay">What the parameters lose besides, as a multiple of the rate (decoupled: Loshchilov and Hutter 2019).</param>
    public void Step(double learningRate, double decay = 0)
    {
        Steps++;
        var rate = (float)(learningRate / (1 - Math.Pow(First, Steps)));
        var correction = (float)(1 / Math.Sqrt(1 - Math.Pow(Second, Steps)));
        var keep = (float)(1 - (learningRate * decay));
        for (var p = 0; p < parameters.Length; p++)
        {
            // A parameter that no step has used yet has no gradient. One that was used before a restore has none until it is used again: then it is zero, as it would be without.
            var gradient = parameters[p].grad;
            if (gradient is null && !_used[p]) continue;
            _used[p] = true;
            Change(Numbers(parameters[p]), gradient is null ? new float[_means[p].Length] : Numbers(gradient), _means[p], _squares[p], rate, correction, keep);
        }
    }

    /// <summary>A copy of everything that later steps go on from: number of steps, which parameters were used, their numbers, and both moments of each.</summary>
    public byte[] State()
    {
        var state = new byte[StateBytes];
        var rest = state.AsSpan();
        BinaryPrimitives.WriteInt32LittleEndian(rest, Steps);
        rest = rest[sizeof(int)..];
        for (var p = 0; p < _used.Length; p++) rest[p] = _used[p] ? (byte)1 : (byte)0;
        rest = rest[_used.Length..];
        for (var p = 0; p < parameters.Length; p++)
        {
            Put(parameters[p].bytes, ref rest);
            Put(MemoryMarshal.AsBytes(_means[p].AsSpan()), ref rest);
            Put(MemoryMarshal.AsBytes(_squares[p].AsSpan()), ref rest);
        }

        return state;

        static void Put(ReadOnlySpan<byte> numbers, ref Span<byte> into)
        {
            numbers.CopyTo(into);
            into = into[numbers.Length..];
        }
    }

    /// <summary>Goes on from a state of parameters of the same sizes, bit for bit.</summary>
    /// <param name="state">As <see cref="State"/> gives it.</param>
    public void Restore(ReadOnlySpan<byte> state)
    {
        Steps = BinaryPrimitives.ReadInt32LittleEndian(state);
        state = state[sizeof(int)..];
        for (var p = 0; p < _used.Length; p++) _used[p] = state[p] == 1;
        state = state[_used.Length..];
        for (var p = 0; p < parameters.Length; p++)
        {
            Take(parameters[p].bytes, ref state);
            Take(MemoryMarshal.AsBytes(_means[p].AsSpan()), ref state);
            Take(MemoryMarshal.AsBytes(_squares[p].AsSpan()), ref state);
        }

        static void Take(Span<byte> numbers, ref ReadOnlySpan<byte> from)
        {
            from[..numbers.Length].CopyTo(numbers);
            from = from[numbers.Length..];
        }
    }

    private static Span<float> Numbers(TorchSharp.torch.Tensor tensor) => MemoryMarshal.Cast<byte, float>(tensor.bytes);

    // The same in every element, so that the processor's width changes no bit.
    private static void Change(Span<float> values, Span<float> gradients, Span<float> means, Span<float> squares, float rate, float correction, float keep)
    {
        var whole = values.Length - (values.Length % Vector<float>.Count);
        var v = MemoryMarshal.Cast<float, Vector<float>>(values[..whole]);
        var g = MemoryMarshal.Cast<float, Vector<float>>(gradients[..whole]);
        var m = MemoryMarshal.Cast<float, Vector<float>>(means[..whole]);
        var s = MemoryMarshal.Cast<float, Vector<float>>(squares[..whole]);
        var epsilon = new Vector<float>(Epsilon);
        for (var i = 0; i < v.Length; i++)
        {
            m[i] = (m[i] * First) + (g[i] * (1 - First));
            s[i] = (s[i] * Second) + (g[i] * g[i] * (1 - Second));
            v[i] = (v[i] * keep) - (m[i] * rate / ((Vector.SquareRoot(s[i]) * correction) + epsilon));
        }

        for (var i = whole; i < values.Length; i++)
        {
            means[i] = (means[i] * First) + (gradients[i] * (1 - First));
            squares[i] = (squares[i] * Second) + (gradients[i] * gradients[i] * (1 - Second));
            values[i] = (values[i] * keep) - (means[i] * rate / ((MathF.Sqrt(squares[i]) * correction) + Epsilon));
        }

        gradients.Clear();
    }
}
