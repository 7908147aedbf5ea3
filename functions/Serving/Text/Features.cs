using System.Runtime.InteropServices;

namespace Serverless.Serving.Text;

/// <summary>What the graph's inputs and outputs mean; <c>features.json</c>.</summary>
/// <param name="HashBits">The hash table has 2^HashBits slots for words and as many for characters.</param>
/// <param name="Slots">The slot of each feature, ascending: feature i is row i of the graph's weights.</param>
/// <param name="Idf">Inverse document frequency of each feature, ln((1 + texts) / (1 + texts with it)) + 1.</param>
/// <param name="Intents">The classes, in the order of the graph's output.</param>
public sealed record TextFeatures(int HashBits, IReadOnlyList<int> Slots, IReadOnlyList<float> Idf, IReadOnlyList<string> Intents)
{
    /// <summary>What the graph's network knows; null when it has none.</summary>
    public WordFeatures? Words { get; init; }
}

/// <summary>
/// Turns texts into the graph's inputs: TF-IDF with a logarithmic term frequency (Salton and Buckley 1988), words and characters
/// each scaled to length 1, then both together.
/// </summary>
public sealed class Vectorizer
{
    private readonly int[] _features;
    private readonly float[] _idf;
    private readonly int _bits;
    private readonly int _words;

    /// <summary>Prepares the table.</summary>
    /// <exception cref="InvalidModelException">The parts do not fit together.</exception>
    public Vectorizer(TextFeatures features)
    {
        if (features.HashBits is < 8 or > 24 || features.Slots.Count != features.Idf.Count || features.Intents.Count < 2)
            throw new InvalidModelException("features.json does not fit together: train the model again or restore the file.");
        (_bits, _idf) = (features.HashBits, [.. features.Idf]);
        _features = new int[2 << _bits];
        Array.Fill(_features, -1);
        for (var i = 0; i < features.Slots.Count; i++)
        {
            var slot = features.Slots[i];
            if (slot < 0 || slot >= _features.Length || (i > 0 && slot <= features.Slots[i - 1]))
                throw new InvalidModelException("The slots of features.json do not ascend within its table: train the model again or restore the file.");
            _features[slot] = i;
            if (slot < 1 << _bits) _words = i + 1;
        }
    }

    /// <summary>Size of the hash table, as in <see cref="TextFeatures"/>.</summary>
    internal int Bits => _bits;

    /// <summary>The feature of a slot; -1 when it is not known.</summary>
    internal int FeatureOf(int slot) => _features[slot];

    /// <summary>The known features of a text and their weights: ids ascending, squares of the weights sum to 1; empty when none is known.</summary>
    public TextVector Of(string text)
    {
        var ids = new List<int>(256);
        NGrams.Collect(text, _bits, ids);
        var known = 0;
        foreach (var slot in CollectionsMarshal.AsSpan(ids)) // written while it is read
        {
            if (_features[slot] is var feature and >= 0) ids[known++] = feature;
        }

        ids.RemoveRange(known, ids.Count - known);
        ids.Sort();
        return Weigh(ids);
    }

    private TextVector Weigh(List<int> sorted)
    {
        var distinct = 0;
        for (var i = 0; i < sorted.Count; i++)
        {
            if (i == 0 || sorted[i] != sorted[i - 1]) distinct++;
        }

        var vector = new TextVector(new int[distinct], new float[distinct]);
        double words = 0, characters = 0;
        for (int i = 0, at = 0; at < sorted.Count; i++)
        {
            var id = sorted[at];
            var start = at;
            while (at < sorted.Count && sorted[at] == id) at++;
            var weight = (1 + Math.Log(at - start)) * _idf[id];
            vector.Ids[i] = id;
            vector.Weights[i] = (float)weight;
            if (id < _words) words += weight * weight;
            else characters += weight * weight;
        }

        Scale(vector, words, characters);
        return vector;
    }

    private void Scale(TextVector vector, double words, double characters)
    {
        var parts = (words > 0 ? 1 : 0) + (characters > 0 ? 1 : 0);
        for (var i = 0; i < vector.Ids.Length; i++)
            vector.Weights[i] = (float)(vector.Weights[i] / Math.Sqrt((vector.Ids[i] < _words ? words : characters) * parts));
    }
}

/// <summary>A text as the graph takes it.</summary>
/// <param name="Ids">Its features, ascending.</param>
/// <param name="Weights">The weight of each.</param>
public readonly record struct TextVector(int[] Ids, float[] Weights);
