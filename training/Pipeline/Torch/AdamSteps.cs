using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Serverless.Training.Torch;

/// <summary>
/// Adam (Kingma and Ba 2015) with its usual numbers. TorchSharp's own makes a new <see cref="Scalar"/> for each operation and keeps no reference to it
/// while the native code reads it, so that a garbage collection in between hands over freed memory; here they live as long as the operation.
/// </summary>
internal sealed class AdamSteps : IDisposable
{
    private const double First = 0.9;
    private const double Second = 0.999;

    private readonly Parameter[] _parameters;
    private readonly Tensor[] _means;
    private readonly Tensor[] _squares;
    private readonly Scalar _first = First.ToScalar();
    private readonly Scalar _ofFirst = (1 - First).ToScalar();
    private readonly Scalar _second = Second.ToScalar();
    private readonly Scalar _ofSecond = (1 - Second).ToScalar();
    private readonly Scalar _epsilon = 1e-8.ToScalar();
    private readonly Scalar _one = 1.0.ToScalar();
    private int _steps;

    /// <summary>Creates it.</summary>
    /// <param name="parameters">What it changes.</param>
    public AdamSteps(Parameter[] parameters)
    {
        _parameters = parameters;
        _means = Array.ConvertAll(parameters, p => zeros(p.shape));
        _squares = Array.ConvertAll(parameters, p => zeros(p.shape));
    }

    /// <summary>Changes the parameters by their gradients, and clears these. Within a scope that disposes of what is made on the way.</summary>
    /// <param name="learningRate">How far.</param>
    /// <param name="decay">What the parameters lose besides, as a multiple of the rate (decoupled: Loshchilov and Hutter 2019).</param>
    public void Step(double learningRate, double decay = 0)
    {
        using var without = no_grad();
        _steps++;
        using var rate = (-learningRate / (1 - Math.Pow(First, _steps))).ToScalar();
        using var keep = (1 - (learningRate * decay)).ToScalar();
        using var correction = Math.Sqrt(1 - Math.Pow(Second, _steps)).ToScalar();
        for (var p = 0; p < _parameters.Length; p++)
        {
            var gradient = _parameters[p].grad!;
            if (decay > 0) _parameters[p].mul_(keep);
            _means[p].mul_(_first).add_(gradient, _ofFirst);
            _squares[p].mul_(_second).addcmul_(gradient, gradient, _ofSecond);
            _parameters[p].addcdiv_(_means[p], _squares[p].sqrt().div_(correction).add_(_epsilon, _one), rate);
            gradient.zero_();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var tensor in _means.Concat(_squares)) tensor.Dispose();
        foreach (var scalar in new[] { _first, _ofFirst, _second, _ofSecond, _epsilon, _one }) scalar.Dispose();
    }
}
