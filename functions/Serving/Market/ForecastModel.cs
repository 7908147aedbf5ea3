using Microsoft.ML.OnnxRuntime;
using Serverless.Serving.Onnx;

namespace Serverless.Serving.Market;

/// <summary>What a forecast says at the close of a day.</summary>
/// <param name="Variance">Variance of the next day's logarithmic return.</param>
/// <param name="Ahead">Distribution of the logarithmic return over the horizon.</param>
public readonly record struct DayForecast(double Variance, StudentT Ahead);

/// <summary>A forecast's graph with what its inputs are made by; safe for parallel calls until disposed. It looks at no day behind the one it forecasts from.</summary>
public sealed class ForecastModel : IDisposable
{
    // Days of one run of the graph.
    private const int RunLength = 512;

    private static readonly string[] Outputs = ["logVariance", "logVarianceAhead", "location", "freedom"];

    private readonly OnnxModel _graph;
    private readonly string[] _inputs;
    private readonly RunOptions _options = new();

    private ForecastModel(ForecastFeatures features, OnnxModel graph) => (Features, _graph, _inputs) = (features, graph, InputsOf(features.Kind));

    /// <summary>How days become inputs.</summary>
    public ForecastFeatures Features { get; }

    /// <summary>The inputs of a graph: a baseline needs the baselines alone.</summary>
    public static string[] InputsOf(ForecastKind kind) => kind == ForecastKind.Network ? ["symbol", "anchors", "signals", "windows"] : ["symbol", "anchors"];

    /// <summary>Loads a graph.</summary>
    /// <exception cref="InvalidModelException">It is none that fits the features.</exception>
    public static ForecastModel Load(ForecastFeatures features, ReadOnlyMemory<byte> onnx)
    {
        var graph = OnnxModel.Load(onnx);
        if (graph.Session.InputNames.Order().SequenceEqual(InputsOf(features.Kind).Order()) && graph.Session.OutputNames.SequenceEqual(Outputs) && features.Symbols.Count > 0)
            return new(features, graph);
        graph.Dispose();
        throw new InvalidModelException($"The graph is no forecast that fits features.json: it must take {string.Join(", ", InputsOf(features.Kind))} and give {string.Join(", ", Outputs)}. Train the model again or restore the files.");
    }

    /// <summary>Forecasts from the close of some days of a symbol.</summary>
    /// <param name="symbol">Place of the symbol in <see cref="ForecastFeatures.Symbols"/>.</param>
    /// <param name="days">The symbol.</param>
    /// <param name="from">The first day, at least <see cref="ForecastFeatures.FirstDay"/>.</param>
    /// <param name="count">How many.</param>
    public DayForecast[] Forecast(int symbol, SymbolDays days, int from, int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(from, Features.FirstDay(days.Features));
        var forecasts = new DayForecast[count];
        if (count == 0) return forecasts;
        var anchors = VarianceAnchors.Of(days.Past.Until(from + count), Features.Symbols[symbol].Parameters);
        var rows = Features.Kind == ForecastKind.Network
            ? Enumerable.Range(from - Features.Window + 1, count + Features.Window - 1).Select(t => Features.Scaling.Row(days.Features[t], anchors, t)).ToArray()
            : [];
        for (var at = 0; at < count; at += RunLength)
        {
            var n = Math.Min(RunLength, count - at);
            Run(new(Enumerable.Repeat((long)symbol, n).ToArray(), Columns(anchors.Logs, from + at, n), Columns(anchors.Signals, from + at, n), Windows(rows, at, n))).CopyTo(forecasts, at);
        }

        return forecasts;
    }

    /// <summary>Runs the graph on inputs as they are.</summary>
    public DayForecast[] Run(ForecastInputs inputs)
    {
        var n = inputs.Symbols.Length;
        List<OrtValue> values = [Value(inputs.Symbols, n), Value(inputs.Anchors, n, VarianceAnchors.Baselines.Count)];
        try
        {
            if (Features.Kind == ForecastKind.Network)
            {
                values.Add(Value(inputs.Signals, n, Features.Signals));
                values.Add(Value(inputs.Windows, Features.Window, n, Features.Scaling.Means.Length));
            }

            using var results = _graph.Session.Run(_options, _inputs, values, Outputs);
            var forecasts = new DayForecast[n];
            for (var i = 0; i < n; i++)
                forecasts[i] = new(Math.Exp(Of(results, 0, i)), new(Of(results, 2, i), Math.Exp(Of(results, 1, i)), Of(results, 3, i)));
            return forecasts;
        }
        finally
        {
            foreach (var value in values) value.Dispose();
        }

        static double Of(IDisposableReadOnlyCollection<OrtValue> results, int output, int row) => results[output].GetTensorDataAsSpan<float>()[row];

        static OrtValue Value<T>(T[] values, params long[] shape)
            where T : unmanaged => OrtValue.CreateTensorValueFromMemory(values, shape);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _options.Dispose();
        _graph.Dispose();
    }

    private static float[] Columns(double[][] columns, int from, int count)
    {
        var values = new float[count * columns.Length];
        for (var i = 0; i < values.Length; i++) values[i] = (float)columns[i % columns.Length][from + (i / columns.Length)];
        return values;
    }

    // [window, n, features]: the graph's recurrence runs over the first.
    private float[] Windows(float[][] rows, int at, int count)
    {
        if (rows.Length == 0) return [];
        var width = rows[0].Length;
        var values = new float[Features.Window * count * width];
        for (var back = 0; back < Features.Window; back++)
        {
            for (var i = 0; i < count; i++) rows[at + i + back].CopyTo(values, ((back * count) + i) * width);
        }

        return values;
    }
}

/// <summary>Inputs of a forecast's graph, row-major.</summary>
/// <param name="Symbols">Places of the symbols, [n].</param>
/// <param name="Anchors">[n, baselines]: logarithms of the baselines' variances.</param>
/// <param name="Signals">[n, signals].</param>
/// <param name="Windows">[window, n, numbers].</param>
public sealed record ForecastInputs(long[] Symbols, float[] Anchors, float[] Signals, float[] Windows);
