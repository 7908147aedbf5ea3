using Microsoft.ML.OnnxRuntime;
using Serverless.Serving.Onnx;

namespace Serverless.Serving.Text;

/// <summary>A loaded encoder: texts to vectors. Safe for parallel calls until disposed.</summary>
public sealed class TextEncoder : IDisposable
{
    /// <summary>
    /// The operators that exports of BERT-like encoders are made of, in the default domain. None that draws by chance, branches, loops or
    /// quantises by what else is in a batch.
    /// </summary>
    public static IReadOnlySet<string> Operators { get; } = new HashSet<string>(OnnxModel.AllowedOperators, StringComparer.Ordinal)
    {
        "Abs", "And", "Clip", "Constant", "ConstantOfShape", "CumSum", "DequantizeLinear", "Equal", "Erf", "Exp", "Expand", "Flatten", "GatherElements", "GatherND", "Gelu", "Greater",
        "GreaterOrEqual", "Identity", "IsNaN", "LayerNormalization", "Less", "LessOrEqual", "Log", "Max", "Min", "Mod", "Neg", "Not", "Or", "Pad", "Pow", "Range", "Reciprocal", "ReduceMean",
        "Reshape", "Shape", "Split", "Sqrt", "Squeeze", "Sum", "Tanh", "Tile", "Transpose", "Trilu", "Where",
    };

    // Tokens of one run, those that fill up included: what attention holds for them stays within some megabytes. And one text, however long.
    private const int RunTokens = 4096;

    private readonly OnnxModel _graph;
    private readonly BertTokens _tokens;
    private readonly EncoderPooling _pooling;
    private readonly int _most;
    private readonly string[] _inputs;
    private readonly RunOptions _options = new();

    private TextEncoder(EncoderSettings settings, BertTokens tokens, OnnxModel graph, EncoderPooling pooling, int most)
    {
        (Settings, _tokens, _graph, _pooling, _most) = (settings, tokens, graph, pooling, most);
        _inputs = settings.TokenTypes ? ["input_ids", "attention_mask", "token_type_ids"] : ["input_ids", "attention_mask"];
    }

    /// <summary>What it takes and gives.</summary>
    public EncoderSettings Settings { get; }

    /// <summary>Loads the encoder that lies in a bundle, its own or that of a model that is built on it.</summary>
    /// <param name="bundle">With verified hashes.</param>
    /// <param name="pooling">How one vector is made of those of the tokens.</param>
    /// <param name="maxTokens">Tokens of a text that are read.</param>
    /// <exception cref="InvalidModelException">It cannot be served.</exception>
    public static TextEncoder Load(ModelBundle bundle, EncoderPooling pooling, int maxTokens)
    {
        var settings = bundle.Read<EncoderSettings>(EncoderSettings.File);
        if (maxTokens < 2 || maxTokens > settings.MostTokens)
            throw new InvalidModelException($"The encoder reads up to {settings.MostTokens} tokens and the contract asks for {maxTokens}: write at most that many in 'encoder.maxTokens'.");
        var tokens = new BertTokens(settings.Tokens, bundle.Read(EncoderSettings.VocabularyFile));
        var encoder = new TextEncoder(settings, tokens, OnnxModel.Load(bundle.Read(EncoderSettings.GraphFile), Operators), pooling, maxTokens);
        try
        {
            var (takes, gives) = (encoder._graph.Session.InputMetadata, encoder._graph.Session.OutputMetadata);
            if (!takes.Keys.Order(StringComparer.Ordinal).SequenceEqual(encoder._inputs.Order(StringComparer.Ordinal)) || takes.Values.Any(t => t.ElementType != typeof(long) || t.Dimensions.Length != 2 || t.Dimensions.Any(d => d > 0)))
                throw new InvalidModelException($"The encoder's graph must take {string.Join(", ", encoder._inputs)} of int64 [n, length], both free: export it for feature extraction with dynamic axes.");
            if (!gives.TryGetValue(settings.Output, out var output) || output.ElementType != typeof(float) || output.Dimensions.Length != 3 || output.Dimensions[2] is > 0 and var width && width != settings.Dimensions)
                throw new InvalidModelException($"The encoder's graph must give '{settings.Output}' of float [n, length, {settings.Dimensions}]: export it for feature extraction.");
            return encoder;
        }
        catch
        {
            encoder.Dispose();
            throw;
        }
    }

    /// <summary>The tokens of a text, as the graph takes them.</summary>
    public int[] Tokens(string text) => _tokens.Of(text, _most);

    /// <summary>The vectors of texts, a row of <see cref="EncoderSettings.Dimensions"/> numbers for each, in their order.</summary>
    /// <param name="texts">Any number of texts.</param>
    /// <param name="cancel">Stops it behind a run of the graph.</param>
    /// <exception cref="InvalidModelException">The graph cannot read a text, or gives something that is no number.</exception>
    public float[][] Encode(IReadOnlyList<string> texts, CancellationToken cancel = default)
    {
        int[][] tokens = [.. texts.Select(Tokens)];
        var vectors = new float[texts.Count][];
        foreach (var run in Runs(tokens))
        {
            cancel.ThrowIfCancellationRequested();
            Encode(run, tokens, vectors);
        }

        return vectors;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _options.Dispose();
        _graph.Dispose();
    }

    // Texts of about the same length together, so that little is computed for what fills up.
    private static List<int[]> Runs(int[][] tokens)
    {
        var runs = new List<int[]>();
        var run = new List<int>();
        foreach (var i in Enumerable.Range(0, tokens.Length).OrderBy(i => tokens[i].Length))
        {
            if (run.Count > 0 && (run.Count + 1) * tokens[i].Length > RunTokens)
            {
                runs.Add([.. run]);
                run.Clear();
            }

            run.Add(i);
        }

        if (run.Count > 0) runs.Add([.. run]);
        return runs;
    }

    private void Encode(int[] run, int[][] tokens, float[][] vectors)
    {
        var length = tokens[run[^1]].Length;
        var ids = new long[run.Length * length];
        var there = new long[ids.Length];
        for (var row = 0; row < run.Length; row++)
        {
            var of = tokens[run[row]];
            for (var j = 0; j < of.Length; j++) (ids[(row * length) + j], there[(row * length) + j]) = (of[j], 1);
        }

        long[] shape = [run.Length, length];
        OrtValue[] inputs = [.. new[] { ids, there, new long[Settings.TokenTypes ? ids.Length : 0] }.Take(_inputs.Length).Select(values => OrtValue.CreateTensorValueFromMemory(values, shape))];
        try
        {
            using var results = _graph.Session.Run(_options, _inputs, inputs, [Settings.Output]);
            var all = results[0].GetTensorDataAsSpan<float>();
            var size = length * Settings.Dimensions;
            if (all.Length != run.Length * size) throw new InvalidModelException("The encoder's graph gives another number of vectors than it was given tokens: export it for feature extraction.");
            for (var row = 0; row < run.Length; row++) vectors[run[row]] = Pool(all.Slice(row * size, size), tokens[run[row]].Length);
        }
        catch (OnnxRuntimeException error)
        {
            throw new InvalidModelException($"ONNX Runtime cannot run the encoder: {error.Message}", error);
        }
        finally
        {
            foreach (var input in inputs) input.Dispose();
        }
    }

    private float[] Pool(ReadOnlySpan<float> tokens, int count)
    {
        var sums = new double[Settings.Dimensions];
        var of = _pooling == EncoderPooling.Cls ? 1 : count;
        for (var i = 0; i < of * sums.Length; i++) sums[i % sums.Length] += tokens[i];
        var vector = Array.ConvertAll(sums, s => (float)(s / of));
        return Array.TrueForAll(vector, float.IsFinite) ? vector : throw new InvalidModelException("The encoder's graph gives something that is no number: export it again.");
    }
}
