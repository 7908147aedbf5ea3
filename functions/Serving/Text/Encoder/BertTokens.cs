using System.Text;
using System.Text.RegularExpressions;
using Microsoft.ML.Tokenizers;

namespace Serverless.Serving.Text;

/// <summary>Turns texts into the tokens of an encoder, as the tokenizer that it was trained with does.</summary>
internal sealed class BertTokens
{
    private readonly TokenRules _rules;
    private readonly WordPieceTokenizer _pieces;
    private readonly Dictionary<string, int> _special;
    private readonly Regex _spelledOut;

    /// <summary>Prepares the vocabulary.</summary>
    /// <param name="rules">How texts are read.</param>
    /// <param name="vocabulary">UTF-8, a token a line, its id the number of the line from 0.</param>
    /// <exception cref="InvalidModelException">The two do not fit together.</exception>
    public BertTokens(TokenRules rules, ReadOnlyMemory<byte> vocabulary)
    {
        // What holds a word's pieces lies on the stack.
        if (rules.MostCharacters is < 1 or > TokenRules.MostOfWord) throw new InvalidModelException($"A word may have {rules.MostCharacters} characters, and 1 to {TokenRules.MostOfWord} are supported: register the encoder again.");
        _rules = rules;
        var ids = Ids(vocabulary);
        Count = ids.Count;
        if (rules.Special.Union([rules.Unknown, rules.First, rules.Last]).Where(t => !ids.ContainsKey(t)).ToList() is { Count: > 0 } missing)
            throw new InvalidModelException($"The vocabulary has no {string.Join(", ", missing.Select(t => $"'{t}'"))}: register the encoder with the vocabulary that it was trained with.");
        _special = rules.Special.ToDictionary(t => t, t => ids[t]);
        (First, Last, Unknown) = (ids[rules.First], ids[rules.Last], ids[rules.Unknown]);
        _spelledOut = new(string.Join('|', rules.Special.OrderByDescending(t => t.Length).ThenBy(t => t, StringComparer.Ordinal).Select(Regex.Escape)), RegexOptions.CultureInvariant);
        _pieces = WordPieceTokenizer.Create(new MemoryStream(vocabulary.ToArray(), writable: false), new WordPieceOptions
        {
            PreTokenizer = new WholeWord(),
            UnknownToken = rules.Unknown,
            ContinuingSubwordPrefix = rules.Prefix,
            MaxInputCharsPerWord = 2 * rules.MostCharacters, // in UTF-16 units; the original counts code points, as is done here
        });
    }

    /// <summary>Tokens of the vocabulary.</summary>
    public int Count { get; }

    private int First { get; }

    private int Last { get; }

    private int Unknown { get; }

    /// <summary>The ids of a text's tokens between the first and the last mark, cut off behind the given number with both; 2 or more.</summary>
    public int[] Of(string text, int most)
    {
        var ids = new List<int>(most) { First };
        var at = 0;
        foreach (Match special in _spelledOut.Matches(text))
        {
            Add(text[at..special.Index], ids, most);
            ids.Add(_special[special.Value]);
            at = special.Index + special.Length;
        }

        Add(text[at..], ids, most);
        if (ids.Count > most - 1) ids.RemoveRange(most - 1, ids.Count - (most - 1));
        return [.. ids, Last];
    }

    /// <summary>Reads a vocabulary.</summary>
    /// <exception cref="InvalidModelException">A token stands in it twice.</exception>
    private static Dictionary<string, int> Ids(ReadOnlyMemory<byte> vocabulary)
    {
        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var token in Encoding.UTF8.GetString(vocabulary.Span).TrimEnd('\n').Split('\n'))
        {
            if (!ids.TryAdd(token, ids.Count)) throw new InvalidModelException($"The vocabulary has the token of line {ids.Count + 1} twice: register the encoder with the vocabulary that it was trained with.");
        }

        return ids;
    }

    private void Add(string text, List<int> ids, int most)
    {
        foreach (var word in BertText.Words(text, _rules))
        {
            if (ids.Count >= most) return;
            if (word.EnumerateRunes().Count() > _rules.MostCharacters) ids.Add(Unknown);
            else ids.AddRange(_pieces.EncodeToIds(word));
        }
    }

    /// <summary>Takes what it is given for one word.</summary>
    private sealed class WholeWord : PreTokenizer
    {
        public override IEnumerable<(int Offset, int Length)> PreTokenize(string text) => [(0, text.Length)];

        public override IEnumerable<(int Offset, int Length)> PreTokenize(ReadOnlySpan<char> text) => [(0, text.Length)];
    }
}
