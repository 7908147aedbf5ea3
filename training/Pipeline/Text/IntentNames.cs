using System.Text.RegularExpressions;

namespace Serverless.Training.Text;

/// <summary>
/// The name of each intent as one more example of it: what people called it says what it is about, which counts most where an intent has few
/// texts (after Luo et al. 2021, "Don't Miss the Labels: Label-semantic Augmented Meta-Learner for Few-Shot Text Classification").
/// </summary>
internal static partial class IntentNames
{
    /// <summary>A row for every intent whose name has a word; names such as 17 or A1 say nothing and give none.</summary>
    /// <param name="intents">The names: class i is the i-th.</param>
    public static IEnumerable<TextRow> Rows(IReadOnlyList<string> intents) =>
        intents.Select((name, at) => new TextRow(0, Words(name), at)).Where(row => Word().IsMatch(row.Text));

    /// <summary>A name as a text: <c>card_arrival</c>, <c>card-arrival</c> and <c>cardArrival</c> are two words.</summary>
    internal static string Words(string name) => Between().Replace(name, " ").Trim();

    // What is no letter, digit or mark, and where a small letter meets a capital.
    [GeneratedRegex(@"[^\p{L}\p{M}\p{N}]+|(?<=\p{Ll})(?=\p{Lu})")]
    private static partial Regex Between();

    // In scripts without capitals, such as Chinese, one sign may be a word; of letters with capitals three are asked.
    [GeneratedRegex(@"\p{Lo}|\p{L}{3}")]
    private static partial Regex Word();
}
