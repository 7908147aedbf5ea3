using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Serverless.Serving.Onnx;

namespace Serverless.Serving.Credit;

/// <summary>What stands beside the graph of an autoencoder, <c>autoencoder.json</c>.</summary>
/// <param name="Encoding">How an application becomes the graph's input.</param>
/// <param name="Limit">Greatest reconstruction error of an application like those trained on.</param>
/// <param name="Rows">Rows that the network learned from.</param>
/// <param name="LimitRows">Rows not learned from that set the limit.</param>
/// <param name="Epochs">Passes over the rows.</param>
/// <param name="Golden">What the graph must answer to the patterns of <see cref="Autoencoder.Pattern"/>, in their order.</param>
public sealed record AutoencoderFile(ApplicationEncoding Encoding, double Limit, int Rows, int LimitRows, int Epochs, IReadOnlyList<GoldenCode> Golden);

/// <summary>An answer that a graph must give.</summary>
/// <param name="Error">The reconstruction error.</param>
/// <param name="Code">The code.</param>
public sealed record GoldenCode(float Error, float[] Code);

/// <summary>
/// A network that was trained to write an application's values again after squeezing them into eight numbers (Hinton and Salakhutdinov 2006). What it
/// writes badly is unlike what it was trained on; what has like codes is alike. Safe for parallel calls until disposed.
/// </summary>
public sealed class Autoencoder : IDisposable
{
    /// <summary>Its graph: input <c>values</c> (float [n, 768]), outputs <c>error</c> (float [n]) and <c>code</c> (float [n, 8]).</summary>
    public const string GraphFile = "autoencoder.onnx";

    /// <summary>See <see cref="AutoencoderFile"/>.</summary>
    public const string FeaturesFile = "autoencoder.json";

    /// <summary>List of <see cref="PastCase"/>; absent where the contract wants none.</summary>
    public const string CasesFile = "cases.json";

    /// <summary>Numbers in a code.</summary>
    public const int CodeLength = 8;

    private const int MaxCases = 20_000;
    private const double Tolerance = 1e-4;
    private static readonly string[] Inputs = ["values"];
    private static readonly string[] Outputs = ["error", "code"];

    private readonly OnnxModel _graph;
    private readonly RunOptions _run = new();
    private readonly IReadOnlyList<PastCase> _cases;

    private Autoencoder(OnnxModel graph, AutoencoderFile file, IReadOnlyList<PastCase> cases) => (_graph, File, _cases) = (graph, file, cases);

    /// <summary>What stands beside the graph.</summary>
    public AutoencoderFile File { get; }

    /// <summary>Loads that of a bundle; null where it has none.</summary>
    /// <exception cref="InvalidModelException">A file is missing or has another form, or the files do not fit each other.</exception>
    internal static Autoencoder? Load(ModelBundle bundle, CreditContract contract)
    {
        string[] names = [GraphFile, FeaturesFile, CasesFile];
        if (!names.Any(bundle.Served.ContainsKey)) return null;
        foreach (var name in names.Take(2).Where(n => !bundle.Served.ContainsKey(n)))
            throw new InvalidModelException($"The bundle has a part of an autoencoder but no '{name}': restore the file, or train the model again.");
        var file = bundle.Read<AutoencoderFile>(FeaturesFile);
        if (!file.Encoding.Fits(contract)) throw Unfit($"'{FeaturesFile}' does not fit the inputs of 'contract.json'");
        if (!double.IsFinite(file.Limit)) throw Unfit($"the limit in '{FeaturesFile}' is no finite number");
        if (file.Golden.Count == 0 || file.Golden.Any(g => g?.Code.Length != CodeLength)) throw Unfit($"'{FeaturesFile}' holds no golden answers of {CodeLength} numbers");
        var cases = bundle.Served.ContainsKey(CasesFile) ? bundle.Read<IReadOnlyList<PastCase>>(CasesFile) : [];
        if (cases.Count > MaxCases || cases.Any(c => c?.Code.Length != CodeLength || !Array.TrueForAll(c.Code, float.IsFinite)))
            throw Unfit($"'{CasesFile}' has more than {MaxCases} cases, or one without {CodeLength} finite numbers");
        return Of(file, bundle.Read(GraphFile), cases);
    }

    /// <summary>That of some files, which fit each other.</summary>
    /// <param name="file">What stands beside the graph.</param>
    /// <param name="bytes">The graph.</param>
    /// <param name="cases">The past loans.</param>
    /// <exception cref="InvalidModelException">The graph cannot be loaded, or has another form.</exception>
    public static Autoencoder Of(AutoencoderFile file, ReadOnlyMemory<byte> bytes, IReadOnlyList<PastCase> cases)
    {
        var graph = OnnxModel.Load(bytes);
        if (Fits(graph.Session)) return new Autoencoder(graph, file, cases);
        graph.Dispose();
        throw Unfit($"'{GraphFile}' must have the input 'values', float [n, {ApplicationEncoding.Width}], and the outputs 'error', float [n], and 'code', float [n, {CodeLength}]");
    }

    /// <summary>
    /// The reconstruction error and the code of some applications. The error is the mean binary cross-entropy of the values behind the network, less half of
    /// that behind their shares in training alone (a likelihood ratio tempered by half; Ren et al. 2019), in nats: what is rare by itself
    /// counts half, so that what is usual by itself and does not go together is not lost among it.
    /// </summary>
    /// <param name="values">Application after application the <see cref="ApplicationEncoding.Width"/> values.</param>
    /// <exception cref="ArgumentException">The values are no whole applications.</exception>
    public (float[] Errors, float[] Codes) Run(Memory<float> values)
    {
        var rows = values.Length / ApplicationEncoding.Width;
        if (rows * ApplicationEncoding.Width != values.Length) throw new ArgumentException($"{values.Length} values are no whole applications of {ApplicationEncoding.Width}.");
        var (errors, codes) = (new float[rows], new float[rows * CodeLength]);
        var memory = OrtMemoryInfo.DefaultInstance;
        using var input = OrtValue.CreateTensorValueFromMemory(memory, values, [rows, ApplicationEncoding.Width]);
        using var error = OrtValue.CreateTensorValueFromMemory(memory, errors.AsMemory(), [rows]);
        using var code = OrtValue.CreateTensorValueFromMemory(memory, codes.AsMemory(), [rows, CodeLength]);
        _graph.Session.Run(_run, Inputs, [input], Outputs, [error, code]);
        return (errors, codes);
    }

    /// <summary>Whether an application is unlike those trained on.</summary>
    /// <param name="values">Its values.</param>
    public bool IsOutlier(Memory<float> values) => IsOutlier(Run(values).Errors[0]);

    /// <summary>Which of many applications are unlike those trained on; the answers of <see cref="IsOutlier(Memory{float})"/>.</summary>
    /// <param name="values">Application after application the <see cref="ApplicationEncoding.Width"/> values.</param>
    /// <param name="outliers">Gets the answers; as long as there are applications.</param>
    public void FindOutliers(Memory<float> values, Span<bool> outliers)
    {
        var errors = Run(values).Errors;
        for (var i = 0; i < errors.Length; i++)
        {
            // Many at once are added up in another order, so what comes near the limit is asked once more by itself.
            outliers[i] = Near(errors[i], (float)File.Limit) ? IsOutlier(values.Slice(i * ApplicationEncoding.Width, ApplicationEncoding.Width)) : IsOutlier(errors[i]);
        }
    }

    /// <summary>The past loans that are nearest to an application, the nearest first.</summary>
    /// <param name="values">Its values.</param>
    /// <param name="count">Most loans.</param>
    public IReadOnlyList<SimilarCase> Nearest(float[] values, int count)
    {
        var code = Run(values).Codes;
        return [.. _cases.Select(c => new SimilarCase(c.Row, c.Bad, Distance(c.Code, code))).OrderBy(c => c.Distance).ThenBy(c => c.Row, StringComparer.Ordinal).Take(count)];
    }

    /// <summary>The values of a made-up application that the graph must answer as it did in training; the same for everyone.</summary>
    /// <param name="seed">Which one.</param>
    public static float[] Pattern(int seed)
    {
        // Steps of a linear congruential generator (Knuth 1998, MMIX); later patterns have more ones.
        var state = (ulong)seed + 1;
        var values = new float[ApplicationEncoding.Width];
        for (var i = 0; i < values.Length; i++)
        {
            state = (state * 6364136223846793005) + 1442695040888963407;
            values[i] = (state >> 33) % 16 <= (ulong)(seed % 8) ? 1 : 0;
        }

        return values;
    }

    /// <summary>Compares the graph with what it answered in training.</summary>
    /// <exception cref="InvalidModelException">With the first difference.</exception>
    internal void SelfTest()
    {
        foreach (var (place, golden) in File.Golden.Index())
        {
            var (errors, codes) = Run(Pattern(place));
            if (Near(errors[0], golden.Error) && codes.Zip(golden.Code).All(c => Near(c.First, c.Second))) continue;
            throw Unfit($"'{GraphFile}' answers pattern {place} otherwise than in training");
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _graph.Dispose();
        _run.Dispose();
    }

    // An error that is no number, too.
    private bool IsOutlier(float error) => !(error <= File.Limit);

    // Single precision: what another kind of processor rounds otherwise, relative for great numbers.
    private static bool Near(float a, float b) => Math.Abs(a - b) <= Tolerance * Math.Max(1, Math.Abs(b));

    private static double Distance(float[] a, float[] b)
    {
        double sum = 0;
        for (var i = 0; i < a.Length; i++) sum += (a[i] - (double)b[i]) * (a[i] - (double)b[i]);
        return Math.Sqrt(sum);
    }

    private static bool Fits(InferenceSession graph) =>
        graph.InputMetadata.Keys.SequenceEqual(Inputs)
        && graph.InputMetadata[Inputs[0]] is { ElementDataType: TensorElementType.Float, Dimensions: [-1, ApplicationEncoding.Width] }
        && graph.OutputMetadata.TryGetValue(Outputs[0], out var error) && error is { ElementDataType: TensorElementType.Float, Dimensions: [-1] }
        && graph.OutputMetadata.TryGetValue(Outputs[1], out var code) && code is { ElementDataType: TensorElementType.Float, Dimensions: [-1, CodeLength] };

    private static InvalidModelException Unfit(string what) => new($"{what}: restore the file, or train the model again.");
}
