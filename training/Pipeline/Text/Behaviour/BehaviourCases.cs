using System.Globalization;
using Serverless.Serving;
using Serverless.Serving.Text;

namespace Serverless.Training.Text;

/// <summary>The cases of a contract: texts whose answers are known.</summary>
internal static class BehaviourCases
{
    /// <summary>The cases that name an intent which the texts do not have, each with what to do.</summary>
    public static IEnumerable<string> Unknown(BehaviourRules rules, IReadOnlyCollection<string> intents) => rules.Cases.Index()
        .Where(c => (c.Item.Intent ?? c.Item.Not) is { } intent && !intents.Contains(intent))
        .Select(c => $"'behaviour.cases', {rules.CaseName(c.Index)}, names the intent '{c.Item.Intent ?? c.Item.Not}', of which there is no text: drop texts of it, or correct the case in the contract.");

    /// <summary>Asks a loaded model every case, by itself, as a customer would.</summary>
    /// <exception cref="InvalidModelException">The model refuses a text.</exception>
    public static IReadOnlyList<CaseAnswer> Ask(TextClassifier model, BehaviourRules rules) => [.. rules.Cases.Select((test, place) => test.From is { } before
        ? Direction(rules.CaseName(place), test, Asked(model, before), Asked(model, test.Text))
        : Answer(rules.CaseName(place), test, Asked(model, test.Text)))];

    private static CaseAnswer Answer(string name, BehaviourCase test, Classification answer) => new(
        name,
        test.Not is { } not ? $"not {not}" : test.Intent ?? "none of them",
        string.Create(CultureInfo.InvariantCulture, $"{answer.Intent ?? "none of them"}, best {answer.Top[0].Probability:0.0000}"),
        test.Not is null ? answer.Intent == test.Intent : answer.Intent != test.Not);

    private static CaseAnswer Direction(string name, BehaviourCase test, Classification before, Classification after)
    {
        var intent = (test.Intent ?? test.Not)!;
        var (was, isNow) = (before.Top.First(t => t.Intent == intent).Probability, after.Top.First(t => t.Intent == intent).Probability);
        return new(
            name,
            $"{(test.Intent is null ? "less" : "more")} probably {intent}",
            string.Create(CultureInfo.InvariantCulture, $"from {was:0.0000} to {isNow:0.0000}"),
            test.Intent is null ? isNow < was : isNow > was);
    }

    private static Classification Asked(TextClassifier model, string text) => model.Classify([text], model.Intents.Count) switch
    {
        Outcome<IReadOnlyList<Classification>>.Done { Value: [var answer] } => answer,
        var refused => throw new InvalidModelException($"A case is refused: {string.Join(' ', ((Outcome<IReadOnlyList<Classification>>.Rejected)refused).Reasons)}"),
    };
}
