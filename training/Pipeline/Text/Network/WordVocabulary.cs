using Serverless.Serving.Text;

namespace Serverless.Training.Text;

/// <summary>Chooses the pieces of words that a network learns a vector for.</summary>
internal static class WordVocabulary
{
    // One text with a piece says little of it, and each costs a row of the table.
    private const int LeastTexts = 2;

    // With 128 numbers each 8 MB, so that the bundle stays small however many texts there are.
    private const int MostPieces = 1 << 14;

    /// <summary>The pieces in two texts or more; of too many, those in most texts.</summary>
    public static WordFeatures Of(IEnumerable<string> texts, int bits)
    {
        var counts = new int[2 << bits];
        var last = new int[counts.Length]; // the text, from 1, that a slot was counted for last: once a text
        var (words, slots, text) = (new List<string>(), new List<int>(), 0);
        foreach (var each in texts)
        {
            text++;
            words.Clear();
            NGrams.Words(each, words);
            foreach (var word in words)
            {
                WordReader.Slots(word, bits, slots);
                foreach (var slot in slots)
                {
                    if (last[slot] == text) continue;
                    last[slot] = text;
                    counts[slot]++;
                }
            }
        }

        return new([.. Enumerable.Range(0, counts.Length).Where(s => counts[s] >= LeastTexts).OrderByDescending(s => counts[s]).Take(MostPieces).Order()]);
    }
}
