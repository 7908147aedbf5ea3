using Serverless.Training.Torch;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Serverless.Training.Market.Forecasts;

/// <summary>
/// One recurrent network over the last days of a symbol, shared by all symbols; beside its last state stands what it has learned of the symbol. On one
/// thread, so that the same days give the same answers whatever else runs.
/// </summary>
internal sealed class RecurrentNetwork : IDisposable
{
    private static readonly string[] RecurrentNames = ["weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0"];

    private readonly RecurrentCell _cell;
    private readonly int _units;
    private readonly LSTM? _lstm;
    private readonly GRU? _gru;
    private readonly Parameter[] _recurrent;
    private readonly Parameter _symbols;
    private readonly Parameter _output;
    private readonly Parameter _outputBiases;

    /// <summary>A network as it was trained, or as it begins.</summary>
    public RecurrentNetwork(RecurrentWeights weights)
    {
        set_num_threads(1);
        (_cell, _units) = (weights.Cell, weights.Units);
        if (_cell == RecurrentCell.Lstm) _lstm = nn.LSTM(weights.Features, weights.Units);
        else _gru = nn.GRU(weights.Features, weights.Units);
        nn.Module module = _lstm is null ? _gru! : _lstm;
        _recurrent = Array.ConvertAll(RecurrentNames, name => module.get_parameter(name)!);
        _symbols = new Parameter(Tensors.Aligned(weights.Symbols, weights.Symbols.Length / RecurrentWeights.SymbolNumbers, RecurrentWeights.SymbolNumbers));
        _output = new Parameter(Tensors.Aligned(weights.Output, weights.Output.Length / RecurrentWeights.Heads, RecurrentWeights.Heads));
        _outputBiases = new Parameter(Tensors.Aligned(weights.OutputBiases, RecurrentWeights.Heads));
        Restore(weights);
    }

    /// <summary>Everything that is learned.</summary>
    public Parameter[] Parameters => [.. _recurrent, _symbols, _output, _outputBiases];

    /// <summary>A copy of the weights.</summary>
    public RecurrentWeights Weights => new(
        _cell, _units, Numbers(_recurrent[0]), Numbers(_recurrent[1]), Numbers(_recurrent[2]), Numbers(_recurrent[3]), Numbers(_symbols), Numbers(_output), Numbers(_outputBiases));

    /// <summary>Takes back earlier weights.</summary>
    public void Restore(RecurrentWeights weights)
    {
        using var scope = NewDisposeScope();
        using var without = no_grad();
        float[][] values = [weights.Input, weights.State, weights.InputBiases, weights.StateBiases, weights.Symbols, weights.Output, weights.OutputBiases];
        foreach (var (parameter, numbers) in Parameters.Zip(values)) parameter.copy_(tensor(numbers, parameter.shape));
    }

    /// <summary>
    /// The heads of <see cref="RecurrentWeights.Heads"/>, [n, heads]. Within a scope that disposes of what is made on the way, and not under <c>no_grad</c>: there
    /// this version of Torch hands an LSTM to oneDNN, which gives other numbers than the standard says and than it is trained by.
    /// </summary>
    /// <param name="windows">[window, n, features].</param>
    /// <param name="symbols">Places of the symbols, [n].</param>
    public Tensor Forward(Tensor windows, Tensor symbols)
    {
        var last = (_lstm is null ? _gru!.call(windows).Item2 : _lstm.call(windows).Item2).squeeze(0);
        return nn.functional.linear(cat([last, _symbols.index_select(0, symbols)], 1), _output.t(), _outputBiases);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _lstm?.Dispose();
        _gru?.Dispose();
        _symbols.Dispose();
        _output.Dispose();
        _outputBiases.Dispose();
    }

    private static float[] Numbers(Parameter parameter) => parameter.data<float>().ToArray();
}
