using System.Text;
using System.Text.RegularExpressions;
using Serverless.Serving.Text;

namespace Serverless.Training.Text;

/// <summary>
/// Ways to write a text otherwise that leave what it means (invariance tests of CheckList: Ribeiro et al. 2020). Each gives null where it has no
/// effect, as case has none in Chinese. What redaction put into a text, such as <c>[card]</c>, stays.
/// </summary>
internal static partial class TextChanges
{
    private const string EndMarks = ".!?…。！？｡؟۔।॥։";

    /// <summary>All lower case, all upper case or the first letter a capital: by chance, one that has an effect.</summary>
    public static string? Case(string text, Random random)
    {
        var first = random.Next(3);
        for (var i = 0; i < 3; i++)
        {
            var changed = ((first + i) % 3) switch
            {
                0 => text.ToLowerInvariant(),
                1 => Placeholder().Replace(text.ToUpperInvariant(), p => p.Value.ToLowerInvariant()),
                _ => Capital(text),
            };
            if (changed != text) return changed;
        }

        return null;
    }

    /// <summary>Without its end mark, or with a full stop where it has none; and without commas.</summary>
    public static string? Punctuation(string text)
    {
        var whole = text.TrimEnd();
        var bare = whole.TrimEnd(EndMarks.ToCharArray());
        var changed = Comma().Replace(bare.Length < whole.Length ? bare : whole + ".", "");
        return string.IsNullOrWhiteSpace(changed) || changed == text ? null : changed;
    }

    /// <summary>One of the greetings around it, by chance.</summary>
    public static string? Greeting(string text, IReadOnlyList<string> greetings, Random random)
    {
        if (greetings.Count == 0) return null;
        var changed = greetings[random.Next(greetings.Count)].Replace(BehaviourRules.Words, text, StringComparison.Ordinal);
        return changed == text ? null : changed;
    }

    private static string Capital(string text)
    {
        for (var at = 0; at < text.Length; at++)
        {
            if (!Rune.TryGetRuneAt(text, at, out var rune) || !Rune.IsLetter(rune)) continue;
            return at > 0 && text[at - 1] == '[' ? text : string.Concat(text.AsSpan(0, at), Rune.ToUpperInvariant(rune).ToString(), text.AsSpan(at + rune.Utf16SequenceLength));
        }

        return text;
    }

    // A comma between digits belongs to the number.
    [GeneratedRegex(@"[,،](?=\s|$)|[，、]", RegexOptions.CultureInvariant)]
    private static partial Regex Comma();

    [GeneratedRegex(@"\[(card|iban|email|phone|id)\]", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Placeholder();
}
