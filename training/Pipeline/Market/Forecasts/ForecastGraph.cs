using Serverless.Serving.Market;
using Serverless.Training.Onnx;

namespace Serverless.Training.Market.Forecasts;

/// <summary>
/// Writes a fitted forecast as one ONNX graph: <c>symbol</c> int64 [n], <c>anchors</c> float [n, baselines] and, for the networks, <c>signals</c> float
/// [n, signals] and <c>windows</c> float [window, n, numbers] to <c>logVariance</c>, <c>logVarianceAhead</c>, <c>location</c> and <c>freedom</c>, float [n].
/// </summary>
internal sealed class ForecastGraph
{
    // Torch's gates are i-f-g-o and r-z-n, those of the standard i-o-f-c and z-r-h.
    private static readonly int[] LstmOrder = [0, 3, 1, 2], GruOrder = [1, 0, 2];

    private readonly GraphBuilder _graph = new("forecast");
    private readonly ForecastFit _fit;
    private readonly string _symbol, _anchors, _columns;

    private ForecastGraph(ForecastFit fit)
    {
        _fit = fit;
        _symbol = _graph.Input("symbol", ElementType.Int64, "n");
        _anchors = _graph.Input("anchors", ElementType.Float, "n", VarianceAnchors.Baselines.Count);
        _columns = _graph.Constant<long>("columns", [1], 1);
    }

    /// <summary>Writes the graph of what is served.</summary>
    public static byte[] Write(ForecastFit fit, ForecastKind kind)
    {
        var graph = new ForecastGraph(fit);
        if (kind == ForecastKind.Network) graph.WriteNetwork();
        else graph.WriteBaseline(kind - ForecastKind.Ewma);
        return graph._graph.ToBytes();
    }

    private void WriteBaseline(int place)
    {
        var next = _graph.Node("Gather", "baseline", [_anchors, _graph.Constant<long>("place", [place], 1)], ("axis", 1));
        WriteOutputs(next, Add("baselineAhead", next, Number("logHorizon", Math.Log(_fit.Horizon))), PerSymbol("drift", Drifts), PerSymbol("freedoms", _fit.Freedoms));
    }

    private void WriteNetwork()
    {
        var signals = _graph.Input("signals", ElementType.Float, "n", _fit.Next.Signals);
        var windows = _graph.Input("windows", ElementType.Float, _fit.Plan.Window, "n", _fit.Scaling.Means.Length);
        var equal = new float[VarianceAnchors.Baselines.Count];
        Array.Fill(equal, 1f / equal.Length);
        var anchor = _graph.Node("MatMul", "anchor", [_anchors, _graph.Constant<float>("equally", equal, equal.Length, 1)]);
        var heads = Heads(windows);
        var levels = PerSymbol("level", _fit.Levels);
        var next = Add("next", Add("linearNext", anchor, Linear("Next", _fit.Next, signals)), Head(heads, 0));
        next = Add("levelledNext", next, levels);
        var ahead = next;
        if (_fit.Horizon > 1)
        {
            ahead = Add("ahead", Add("linearAhead", anchor, Linear("Ahead", _fit.Ahead, signals)), Head(heads, 1));
            ahead = Add("levelledAhead", Add("overHorizon", ahead, Number("logHorizon", Math.Log(_fit.Horizon))), levels);
        }

        var location = PerSymbol("drift", Drifts);
        var freedom = PerSymbol("freedoms", _fit.Freedoms);
        if (_fit.Members.Count > 0)
        {
            var deviation = _graph.Node("Exp", "deviation", [_graph.Node("Mul", "halfLog", [ahead, Number("half", 0.5)])]);
            location = Add("moved", location, _graph.Node("Mul", "byDeviations", [Head(heads, 2), deviation]));
            freedom = Add("freeFrom", _graph.Node("Exp", "freedomOver", [Head(heads, 3)]), Number("leastFreedom", FreedomHead.Least));
        }

        WriteOutputs(next, ahead, location, freedom);
    }

    private double[] Drifts => Array.ConvertAll(_fit.Drifts, d => d * _fit.Horizon);

    // The mean of the networks' heads, [n, heads].
    private string Heads(string windows)
    {
        if (_fit.Members.Count == 0) return "";
        var sum = _fit.Members.Select((weights, i) => Member(weights, $"net{i + 1}.", windows)).Aggregate((one, other) => Add($"{one}+{other}", one, other));
        return _graph.Node("Mul", "heads", [sum, Number("perNetwork", 1.0 / _fit.Members.Count)]);
    }

    private string Head(string heads, int place) => heads.Length == 0
        ? Number($"noHead{place}", 0)
        : _graph.Node("Gather", $"head{place}", [heads, _graph.Constant<long>($"headPlace{place}", [place], 1)], ("axis", 1));

    private string Member(RecurrentWeights weights, string prefix, string windows)
    {
        var lstm = weights.Cell == RecurrentCell.Lstm;
        var order = lstm ? LstmOrder : GruOrder;
        var rows = weights.Gates * weights.Units;
        string[] inputs =
        [
            windows,
            _graph.Constant<float>($"{prefix}input", Reordered(weights.Input, order), 1, rows, weights.Features),
            _graph.Constant<float>($"{prefix}state", Reordered(weights.State, order), 1, rows, weights.Units),
            _graph.Constant<float>($"{prefix}biases", [.. Reordered(weights.InputBiases, order), .. Reordered(weights.StateBiases, order)], 1, 2 * rows),
        ];
        var state = lstm
            ? _graph.LastState("LSTM", $"{prefix}last", inputs, ("hidden_size", weights.Units))
            : _graph.LastState("GRU", $"{prefix}last", inputs, ("hidden_size", weights.Units), ("linear_before_reset", 1));
        var last = _graph.Node("ReduceSum", $"{prefix}state1", [state, _graph.Constant<long>($"{prefix}first", [0], 1)], ("keepdims", 0));
        var symbol = _graph.Node("Gather", $"{prefix}symbol", [_graph.Constant<float>($"{prefix}symbols", weights.Symbols, weights.Symbols.Length / RecurrentWeights.SymbolNumbers, RecurrentWeights.SymbolNumbers), _symbol], ("axis", 0));
        var known = _graph.Node("Concat", $"{prefix}known", [last, symbol], ("axis", 1));
        return _graph.Node("Gemm", $"{prefix}heads",
        [
            known,
            _graph.Constant<float>($"{prefix}output", weights.Output, weights.Output.Length / RecurrentWeights.Heads, RecurrentWeights.Heads),
            _graph.Constant<float>($"{prefix}outputBiases", weights.OutputBiases, RecurrentWeights.Heads),
        ]);
    }

    private static float[] Reordered(float[] values, int[] order)
    {
        var block = values.Length / order.Length;
        return [.. order.SelectMany(gate => values[(gate * block)..((gate + 1) * block)])];
    }

    private string Linear(string name, LinearPart part, string signals)
    {
        var count = part.Weights[0].Length - 1;
        var table = _graph.Constant<float>($"weights{name}", [.. part.Weights.SelectMany(w => w[..count].Select(v => (float)v))], part.Weights.Length, count);
        var weighed = _graph.Node("Mul", $"weighed{name}", [_graph.Node("Gather", $"ofSymbol{name}", [table, _symbol], ("axis", 0)), signals]);
        var sum = _graph.Node("ReduceSum", $"sum{name}", [weighed, _columns], ("keepdims", 1));
        return Add($"linear{name}Sum", sum, PerSymbol($"constant{name}", [.. part.Weights.Select(w => w[^1])]));
    }

    private string PerSymbol(string name, double[] values) =>
        _graph.Node("Gather", name, [_graph.Constant<float>($"{name}s", Array.ConvertAll(values, v => (float)v), values.Length, 1), _symbol], ("axis", 0));

    private string Number(string name, double value) => _graph.Constant<float>(name, [(float)value], 1, 1);

    private string Add(string name, string one, string other) => _graph.Node("Add", name, [one, other]);

    private void WriteOutputs(params ReadOnlySpan<string> columns)
    {
        foreach (var (name, column) in (ReadOnlySpan<(string, string)>)[("logVariance", columns[0]), ("logVarianceAhead", columns[1]), ("location", columns[2]), ("freedom", columns[3])])
            _graph.Output(_graph.Node("ReduceSum", name, [column, _columns], ("keepdims", 0)), ElementType.Float, "n");
    }
}
