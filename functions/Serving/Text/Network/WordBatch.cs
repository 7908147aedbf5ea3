namespace Serverless.Serving.Text;

/// <summary>
/// Some texts as rows of words of the same length, with a blank word before each, and blanks behind it. A text without any word is one blank.
/// </summary>
public sealed class WordBatch
{
    /// <summary>The most words in a row that the network looks at together.</summary>
    public const int Widest = 3;

    /// <summary>Blanks before a text, and at least so many behind it: a pattern has its middle on a word.</summary>
    public const int Before = (Widest - 1) / 2, Behind = Widest / 2;

    /// <summary>
    /// For each width of a pattern, from 1, its blocks of weights: the place of a block among all of them, and where in a row of <see cref="Words"/>
    /// the word stands that it is for when the pattern is at the first word. An even number of words has one more behind its middle than before.
    /// </summary>
    public static IReadOnlyList<IReadOnlyList<(int Index, int First)>> Patterns { get; } =
    [
        .. Enumerable.Range(1, Widest).Select(width => Enumerable.Range(0, width)
            .Select(i => ((width * (width - 1) / 2) + i, Before - ((width - 1) / 2) + i)).ToList()),
    ];

    private WordBatch(int texts, int length, List<int[]> pieces)
    {
        (Texts, Length, Pieces) = (texts, length, pieces);
        Words = new long[texts * (Before + length + Behind)];
        There = new float[texts * length];
    }

    /// <summary>Number of texts.</summary>
    public int Texts { get; }

    /// <summary>Words of the longest text; 1 or more.</summary>
    public int Length { get; }

    /// <summary>The pieces of each different word; the first is blank.</summary>
    public IReadOnlyList<int[]> Pieces { get; }

    /// <summary>Places in <see cref="Pieces"/>: a row of <see cref="Before"/> + <see cref="Length"/> + <see cref="Behind"/> for each text.</summary>
    public long[] Words { get; }

    /// <summary>1 for a word, 0 for what fills up: a row of <see cref="Length"/> for each text.</summary>
    public float[] There { get; }

    /// <summary>What each of a word's pieces counts: the vector of a word is as long whether it has few pieces or many.</summary>
    public static float WeightOf(int[] pieces) => 1 / MathF.Sqrt(pieces.Length);

    /// <summary>The first text as often as there are places, each time with the word at the place blank, and as it is for -1.</summary>
    internal WordBatch Blanked(IReadOnlyList<int> places)
    {
        var batch = new WordBatch(places.Count, Length, [.. Pieces]);
        var width = Before + Length + Behind;
        for (var i = 0; i < places.Count; i++)
        {
            Words.AsSpan(0, width).CopyTo(batch.Words.AsSpan(i * width));
            There.AsSpan(0, Length).CopyTo(batch.There.AsSpan(i * Length));
            if (places[i] >= 0) batch.Words[(i * width) + Before + places[i]] = 0;
        }

        return batch;
    }

    /// <summary>Reads texts.</summary>
    /// <param name="texts">One or more.</param>
    /// <param name="reader">Knows the pieces.</param>
    public static WordBatch Of(IReadOnlyList<string> texts, WordReader reader)
    {
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        var pieces = new List<int[]> { Array.Empty<int>() };
        var slots = new List<int>();
        var rows = texts.Select(Row).ToArray();
        var batch = new WordBatch(rows.Length, Math.Max(1, rows.Max(r => r.Count)), pieces);
        var width = Before + batch.Length + Behind;
        for (var i = 0; i < rows.Length; i++)
        {
            for (var j = 0; j < rows[i].Count; j++) batch.Words[(i * width) + Before + j] = rows[i][j];
            batch.There.AsSpan(i * batch.Length, Math.Max(1, rows[i].Count)).Fill(1);
        }

        return batch;

        List<int> Row(string text)
        {
            var words = new List<string>();
            NGrams.Words(text, words);
            return words.ConvertAll(Place);
        }

        int Place(string word)
        {
            if (places.TryGetValue(word, out var place)) return place;
            var known = reader.Pieces(word, slots);
            if (known.Length > 0) pieces.Add(known);
            return places[word] = known.Length > 0 ? pieces.Count - 1 : 0;
        }
    }
}
