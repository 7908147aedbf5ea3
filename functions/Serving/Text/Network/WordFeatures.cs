namespace Serverless.Serving.Text;

/// <summary>
/// The pieces of words that the network of a classifier knows: whole words and 3 to 5 characters in a row, as slots of the hash table of
/// <see cref="NGrams"/>, ascending; piece i is row i of the graph's table. A word is what its pieces are together, so that a misspelt one
/// is near the right one (Bojanowski et al. 2017).
/// </summary>
/// <param name="Slots">The slots.</param>
public sealed record WordFeatures(IReadOnlyList<int> Slots);

/// <summary>Reads texts as words, and words as pieces.</summary>
public sealed class WordReader
{
    // A word of more than 22 letters is known by its beginning, so that a text of one endless word costs no more memory than any other.
    private const int MostPieces = 64;

    private readonly int[] _pieces;
    private readonly int _bits;

    /// <summary>Prepares the table.</summary>
    /// <param name="features">The pieces.</param>
    /// <param name="bits">Size of the hash table, as in <see cref="TextFeatures"/>.</param>
    /// <exception cref="InvalidModelException">The pieces do not fit into the table.</exception>
    public WordReader(WordFeatures features, int bits)
    {
        _bits = bits;
        _pieces = new int[2 << bits];
        Array.Fill(_pieces, -1);
        for (var i = 0; i < features.Slots.Count; i++)
        {
            var slot = features.Slots[i];
            if (slot < 0 || slot >= _pieces.Length || (i > 0 && slot <= features.Slots[i - 1]))
                throw new InvalidModelException("The pieces of words in features.json do not ascend within their table: train the model again or restore the file.");
            _pieces[slot] = i;
        }
    }

    /// <summary>The slots of a word's pieces, known or not.</summary>
    public static void Slots(ReadOnlySpan<char> word, int bits, List<int> slots)
    {
        slots.Clear();
        NGrams.Pieces(word, bits, slots);
        if (slots.Count > MostPieces) slots.RemoveRange(MostPieces, slots.Count - MostPieces);
    }

    /// <summary>The known pieces of a word, repeated ones as often as they occur; none for a word of which nothing is known.</summary>
    /// <param name="word">A word as <see cref="NGrams.Words"/> gives it.</param>
    /// <param name="slots">Used on the way.</param>
    public int[] Pieces(ReadOnlySpan<char> word, List<int> slots)
    {
        Slots(word, _bits, slots);
        return [.. slots.Select(slot => _pieces[slot]).Where(piece => piece >= 0)];
    }
}
