using System.Globalization;
using System.Text.RegularExpressions;

namespace Serverless.Serving.Text;

/// <summary>What can be wrong with the behaviour that a contract asks for.</summary>
internal static partial class BehaviourFaults
{
    private const int LongestName = 100;

    /// <summary>The metrics of invariance, which can have floors.</summary>
    public static IReadOnlyList<string> Floors { get; } = [BehaviourRules.Typos, BehaviourRules.Case, BehaviourRules.Punctuation, BehaviourRules.Greeted];

    /// <summary>Every fault, each with what to do. Whether a drop has a case's intent, only its training can tell.</summary>
    public static IEnumerable<string> Of(TextContract contract)
    {
        var rules = contract.Behaviour;
        foreach (var floor in contract.Gate.Floors.Keys.Intersect(Floors))
        {
            if (rules.Texts == 0) yield return $"'gate.floors.{floor}' needs texts to be measured on, and 'behaviour.texts' is 0: raise it, or remove the floor.";
            else if (floor == BehaviourRules.Greeted && rules.Greetings.Count == 0) yield return $"'gate.floors.{floor}' needs greetings, and 'behaviour.greetings' is empty: write some, or remove the floor.";
        }

        foreach (var (i, greeting) in rules.Greetings.Index())
        {
            if (greeting is null || !AroundWords().IsMatch(greeting))
                yield return string.Create(CultureInfo.InvariantCulture, $"'behaviour.greetings', number {i + 1}, must hold {BehaviourRules.Words} once, where the customer's words stand, and no other braces, such as \"Hi, {BehaviourRules.Words}\".");
        }

        for (var i = 0; i < rules.Cases.Count; i++)
        {
            var place = $"'behaviour.cases', {rules.CaseName(i)},";
            if (rules.Cases[i] is null) yield return $"{place} is null: write a case or remove it.";
            else foreach (var fault in Of(rules.Cases[i], contract, place)) yield return fault;
        }
    }

    private static IEnumerable<string> Of(BehaviourCase test, TextContract contract, string place)
    {
        if (test.Name is { Length: 0 or > LongestName }) yield return string.Create(CultureInfo.InvariantCulture, $"The 'name' of {place} must have 1 to {LongestName} characters.");
        if (TextFaults.Of(test.Text, contract.MaxLength) is { } text) yield return $"The 'text' of {place} {text}";
        if (test.From is { } before && TextFaults.Of(before, contract.MaxLength) is { } from) yield return $"The 'from' of {place} {from}";
        if (test.Intent is not null && test.Not is not null) yield return $"{place} has both 'intent' and 'not': write what its answer must be, or what it must not be.";
        if (test.From is not null && test.Intent is null && test.Not is null) yield return $"{place} has 'from' without an intent: write the 'intent' whose probability must rise, or as 'not' the one whose must fall.";
        foreach (var (member, intent) in new[] { ("intent", test.Intent), ("not", test.Not) })
        {
            if (intent is null) continue;
            if (intent.Length == 0 || intent.Trim() != intent) yield return $"The '{member}' of {place} is empty or has spaces around it: write the intent as it stands in the file.";
            else if (intent == contract.OutOfScopeLabel) yield return $"The '{member}' of {place} is the 'outOfScopeLabel', which is no intent: leave 'intent' and 'not' out where the answer must be none.";
        }
    }

    [GeneratedRegex(BehaviourRules.AroundWords, RegexOptions.CultureInvariant)]
    private static partial Regex AroundWords();
}
