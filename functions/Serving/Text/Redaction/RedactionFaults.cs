using System.Globalization;
using System.Text.RegularExpressions;

namespace Serverless.Serving.Text;

/// <summary>What can be wrong with the redaction of a contract.</summary>
internal static partial class RedactionFaults
{
    private const int LongestPattern = 500;

    /// <summary>Every fault, each with what to do.</summary>
    public static IEnumerable<string> Of(RedactionRules rules)
    {
        if (rules.PhoneWords.Any(string.IsNullOrWhiteSpace)) yield return "'redaction.phoneWords' has an empty word: remove it.";
        foreach (var (i, recogniser) in rules.Recognisers.Index())
        {
            var place = string.Create(CultureInfo.InvariantCulture, $"'redaction.recognisers', number {i + 1},");
            if (recogniser is null)
            {
                yield return $"{place} is null: write a recogniser or remove it.";
                continue;
            }

            if (!Name().IsMatch(recogniser.Name)) yield return $"{place} has no good 'name': write 1 to 50 lower-case letters, digits and hyphens.";
            else if (Redactor.Kinds.Contains(recogniser.Name)) yield return $"{place} has the 'name' of what is found without it, {recogniser.Name}: choose another.";
            if (recogniser.Pattern.Length is 0 or > LongestPattern) yield return string.Create(CultureInfo.InvariantCulture, $"{place} must have a 'pattern' of 1 to {LongestPattern} characters.");
            else if (IdFinder.FaultOf(recogniser.Pattern) is { } fault) yield return $"The 'pattern' of {place} named '{recogniser.Name}', {fault}.";
            if (recogniser.Context.Any(string.IsNullOrWhiteSpace)) yield return $"{place} has an empty word in its 'context': remove it.";
        }
    }

    [GeneratedRegex("^[a-z0-9][a-z0-9-]{0,49}\\z", RegexOptions.CultureInvariant)]
    private static partial Regex Name();
}
