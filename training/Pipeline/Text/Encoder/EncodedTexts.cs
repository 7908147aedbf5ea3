using System.Collections.Concurrent;
using Serverless.Serving;
using Serverless.Serving.Text;

namespace Serverless.Training.Text;

/// <summary>An encoder with the vectors of the texts that it was asked for: a text is read once, however often it is asked for. Dimensions times 4 bytes a text.</summary>
internal sealed class EncodedTexts : IDisposable
{
    // Texts that one thread takes at once.
    private const int Batch = 128;

    private readonly TextEncoder _encoder;
    private readonly CancellationToken _cancel;
    private readonly ConcurrentDictionary<string, float[]> _vectors = new(StringComparer.Ordinal);

    private EncodedTexts(TextEncoder encoder, CancellationToken cancel) => (_encoder, _cancel) = (encoder, cancel);

    /// <summary>Loads the encoder of a contract.</summary>
    /// <param name="encoder">Its bundle.</param>
    /// <param name="rules">How it is asked.</param>
    /// <param name="cancel">Stops reading behind a run of the graph.</param>
    public static EncodedTexts Open(ModelBundle encoder, EncoderRules rules, CancellationToken cancel) => new(TextEncoder.Load(encoder, rules.Pooling, rules.MaxTokens), cancel);

    /// <summary>Numbers of a vector.</summary>
    public int Dimensions => _encoder.Settings.Dimensions;

    /// <summary>The vectors of texts, in their order.</summary>
    public IReadOnlyList<float[]> Of(IReadOnlyList<string> texts, Action<double>? progress = null)
    {
        var done = 0;
        string[] fresh = [.. texts.Where(t => !_vectors.ContainsKey(t)).Distinct()];
        Parallel.ForEach(fresh.Chunk(Batch), TrainingThread.Loops(_cancel), some =>
        {
            foreach (var (text, vector) in some.Zip(_encoder.Encode(some, _cancel))) _vectors[text] = vector;
            progress?.Invoke(Interlocked.Add(ref done, some.Length) / (double)fresh.Length);
        });
        return [.. texts.Select(t => _vectors[t])];
    }

    /// <inheritdoc/>
    public void Dispose() => _encoder.Dispose();
}
