using System.Globalization;
using System.Text;
using System.Text.Json;
using Serverless.Serving.Credit;

namespace Serverless.Serving.Documents;

/// <summary>Compares what papers say with what their application says.</summary>
public static class DocumentChecks
{
    // A name that stands whole within the other is the same one with more words, from so many characters on.
    private const int LeastWithin = 4;

    /// <summary>Every contradiction, in the order of the rules. A field that is not stated or not read, or read too uncertainly to rely on, contradicts nothing.</summary>
    /// <param name="rules">What must agree.</param>
    /// <param name="fields">The application.</param>
    /// <param name="readings">Its papers.</param>
    public static IReadOnlyList<Contradiction> Of(IReadOnlyList<DocumentRule> rules, IReadOnlyDictionary<string, JsonElement> fields, IReadOnlyList<DocumentReading> readings)
    {
        var found = new List<Contradiction>();
        foreach (var rule in rules)
        {
            if (!fields.TryGetValue(rule.Field, out var element) || Stated(element) is not { } stated) continue;
            foreach (var reading in readings)
            {
                if (reading.Fields is not { } read || (rule.Kind is { } kind && read.Kind != kind)) continue;
                if (read[rule.Reads] is { ForHuman: false } field && !Agrees(rule, stated, field.Normalised))
                    found.Add(new(rule.Field, rule.Reads, reading.File, stated, field.Value, field.Confidence));
            }
        }

        return found;
    }

    private static string? Stated(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String when !string.IsNullOrWhiteSpace(element.GetString()) => element.GetString()!.Trim(),
        JsonValueKind.Number => element.GetRawText(),
        _ => null,
    };

    private static bool Agrees(DocumentRule rule, string stated, string read) => rule.Reads switch
    {
        KeyFieldName.Total => Amount(stated) is not { } said || Amount(read) is not { } amount || Math.Abs((amount * rule.Times) - said) <= rule.Tolerance * Math.Abs(said),
        KeyFieldName.Date => Day(stated) is not { } said || Day(read) is not { } day || Math.Abs(day.DayNumber - said.DayNumber) <= rule.Days,
        KeyFieldName.Account or KeyFieldName.Iban => Letters(stated) == Letters(read),
        _ => Alike(Letters(stated), Letters(read), rule.Likeness),
    };

    private static decimal? Amount(string text) => decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var amount) && Math.Abs(amount) < 1e15m ? amount : null;

    private static DateOnly? Day(string text) => DateOnly.TryParseExact(text.Length > 10 ? text[..10] : text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;

    private static string Letters(string text) => string.Concat(text.Normalize(NormalizationForm.FormKC).Where(char.IsLetterOrDigit)).ToUpperInvariant();

    private static bool Alike(string stated, string read, double likeness)
    {
        var (shorter, longer) = stated.Length <= read.Length ? (stated, read) : (read, stated);
        if (shorter.Length >= LeastWithin && longer.Contains(shorter, StringComparison.Ordinal)) return true;
        return EditDistance.Likeness(shorter, longer) >= likeness;
    }
}
