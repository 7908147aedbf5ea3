using System.Globalization;
using System.Text;
using Serverless.Serving.Text;

namespace Serverless.Training.Text;

/// <summary>A tokenizer in the one form in which it is kept, whichever file it was exported as.</summary>
/// <param name="Rules">How texts become tokens.</param>
/// <param name="Vocabulary">UTF-8, a token a line, its id the number of the line from 0.</param>
/// <param name="Count">Tokens.</param>
internal sealed record EncoderVocabulary(TokenRules Rules, byte[] Vocabulary, int Count)
{
    /// <summary>Takes tokens by id; null with the faults added.</summary>
    public static EncoderVocabulary? Of(TokenRules rules, IReadOnlyDictionary<string, int> ids, string file, List<string> faults)
    {
        var before = faults.Count;
        var tokens = ids.OrderBy(t => t.Value).Select(t => t.Key).ToList();
        if (tokens.Count == 0 || !ids.Values.Order().SequenceEqual(Enumerable.Range(0, tokens.Count)))
            faults.Add($"The ids of the tokens in {file} are not the numbers from 0 on, each once: export the tokenizer again.");
        if (tokens.Exists(t => t.AsSpan().ContainsAny('\n', '\r')))
            faults.Add($"A token in {file} holds a line break: take an encoder whose tokens do not.");
        if (rules.Special.Append(rules.Unknown).Append(rules.First).Append(rules.Last).Distinct().Where(t => !ids.ContainsKey(t)).ToList() is { Count: > 0 } missing)
            faults.Add($"{file} lacks {string.Join(", ", missing.Select(t => $"'{t}'"))}: export the tokenizer that the model was trained with.");
        if (rules.MostCharacters is < 1 or > TokenRules.MostOfWord)
            faults.Add(string.Create(CultureInfo.InvariantCulture, $"{file} lets a word have {rules.MostCharacters} characters, and 1 to {TokenRules.MostOfWord} are supported: 100 is usual."));
        return faults.Count > before ? null : new(rules, Encoding.UTF8.GetBytes(string.Concat(tokens.Select(t => $"{t}\n"))), tokens.Count);
    }
}
