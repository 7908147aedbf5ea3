using Serverless.Serving.Text;

namespace Serverless.Training.Text;

/// <summary>Chooses the features of a model: the n-grams of its texts.</summary>
internal static class Vocabulary
{
    /// <summary>Most weights, features times intents, so that memory and the served graph stay bounded however many intents a drop has.</summary>
    public const int MostWeights = 1 << 25;

    /// <summary>The hash table has 2^17 slots each for words and characters, so that few n-grams share one.</summary>
    public const int HashBits = 17;

    /// <summary>The features of the texts; of too many, those in most texts.</summary>
    public static TextFeatures Of(IReadOnlyList<string> texts, IReadOnlyList<string> intents)
    {
        var counts = new int[2 << HashBits];
        var last = new int[counts.Length]; // the text, from 1, that a slot was counted for last: once a text
        var slots = new List<int>();
        for (var i = 1; i <= texts.Count; i++)
        {
            slots.Clear();
            NGrams.Collect(texts[i - 1], HashBits, slots);
            foreach (var slot in slots)
            {
                if (last[slot] == i) continue;
                last[slot] = i;
                counts[slot]++;
            }
        }

        int[] kept =
        [
            .. Enumerable.Range(0, counts.Length).Where(s => counts[s] > 0)
                .OrderByDescending(s => counts[s]).Take(MostWeights / intents.Count).Order(),
        ];
        return new(HashBits, kept, [.. kept.Select(s => (float)(Math.Log((1.0 + texts.Count) / (1.0 + counts[s])) + 1))], intents);
    }
}
