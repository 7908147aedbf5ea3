using System.Text;

namespace Serverless.Serving.Text;

/// <summary>
/// Takes personal numbers and addresses out of texts before anything is classified, logged, stored or trained on; safe for concurrent use.
/// The order decides what a value is that could be several things: e-mail address, account number, card number, identifier, telephone number.
/// </summary>
public sealed class Redactor(RedactionRules rules)
{
    private readonly IdFinder[] _ids = [.. rules.Recognisers.Select(r => new IdFinder(r))];

    /// <summary>Kinds that are found without a recogniser, which must not have their names.</summary>
    internal static IReadOnlyList<string> Kinds { get; } = ["email", "iban", "card", "phone"];

    /// <summary>The text with a placeholder such as <c>[card]</c> for each value, and what was taken out; the same text where nothing was.</summary>
    /// <param name="text">Any text.</param>
    public RedactedText Redact(string text)
    {
        var folded = FoldedText.Of(text);
        var plain = folded.Plain;
        var digits = plain.ContainsAnyInRange('0', '9');
        if (!digits && !plain.Contains('@')) return new(text, []);

        var values = new List<Value>();
        var found = new List<(int Start, int End)>();
        EmailAddresses.Find(plain, found);
        Take(folded, found, "email", "[email]", values);
        if (digits)
        {
            Ibans.Find(plain, found);
            Take(folded, found, "iban", "[iban]", values);
            CardNumbers.Find(plain, found);
            Take(folded, found, "card", "[card]", values);
            foreach (var id in _ids)
            {
                id.Find(plain, found);
                Take(folded, found, id.Name, "[id]", values);
            }

            PhoneNumbers.Find(plain, rules.PhoneWords, found);
            Take(folded, found, "phone", "[phone]", values);
        }

        return values.Count == 0 ? new(text, []) : Replace(text, values);
    }

    private static void Take(FoldedText folded, List<(int Start, int End)> found, string kind, string placeholder, List<Value> values)
    {
        foreach (var (start, end) in found)
        {
            var (from, to) = folded.Original(start, end);
            values.Add(new(from, to, kind, placeholder));
            folded.Plain[start..end].Fill(FoldedText.Taken);
        }

        found.Clear();
    }

    private static RedactedText Replace(string text, List<Value> values)
    {
        var written = new StringBuilder(text.Length);
        var at = 0;
        foreach (var value in values.OrderBy(v => v.Start))
        {
            written.Append(text, at, value.Start - at).Append(value.Placeholder);
            at = value.End;
        }

        written.Append(text, at, text.Length - at);
        return new(written.ToString(), [.. values.GroupBy(v => v.Kind).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => new Redaction(g.Key, g.Count()))]);
    }

    private readonly record struct Value(int Start, int End, string Kind, string Placeholder);
}

/// <summary>A text without personal numbers and addresses.</summary>
/// <param name="Text">The text with placeholders.</param>
/// <param name="Redactions">What was taken out, a line a kind, ordered by kind.</param>
public sealed record RedactedText(string Text, IReadOnlyList<Redaction> Redactions);

/// <summary>How many values of a kind were taken out of a text: <c>card</c>, <c>iban</c>, <c>email</c>, <c>phone</c> or a recogniser's name.</summary>
public sealed record Redaction(string Kind, int Count);
