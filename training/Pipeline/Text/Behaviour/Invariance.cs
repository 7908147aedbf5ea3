using Serverless.Serving.Text;

namespace Serverless.Training.Text;

/// <summary>Of texts that were written otherwise in one way, how many kept their best intent.</summary>
/// <param name="Metric">Name of the share, see <see cref="BehaviourRules"/>.</param>
/// <param name="Texts">Texts on which the change had an effect.</param>
/// <param name="Same">Those of them whose best intent is that of the text before.</param>
internal sealed record InvarianceFigure(string Metric, int Texts, int Same)
{
    /// <summary>The share, 0 to 1; NaN without texts.</summary>
    public double Share => Texts == 0 ? double.NaN : (double)Same / Texts;
}

/// <summary>Whether a classifier says the same of a text that is written otherwise (CheckList: Ribeiro et al. 2020).</summary>
internal static class Invariance
{
    /// <summary>Asks for a sample of texts, each changed in every way; the same seed gives the same.</summary>
    /// <param name="heldOut">Texts that the classifier was not fitted on.</param>
    /// <param name="rules">How many texts, and the greetings.</param>
    /// <param name="seed">Of the sample and of the changes.</param>
    /// <param name="best">The classifier: places of the best intents of texts.</param>
    /// <returns>A figure for each way; none when the rules leave the tests out.</returns>
    public static IReadOnlyList<InvarianceFigure> Of(
        IReadOnlyList<string> heldOut, BehaviourRules rules, int seed, Func<IReadOnlyList<string>, IReadOnlyList<int>> best)
    {
        if (rules.Texts == 0) return [];
        var random = new Random(seed);
        int[] order = [.. Enumerable.Range(0, heldOut.Count)];
        random.Shuffle(order);
        var texts = Array.ConvertAll(order[..Math.Min(rules.Texts, order.Length)], i => heldOut[i]);
        var sample = texts.Zip(best(texts), (text, intent) => (Text: text, Best: intent)).ToList();
        return
        [
            Figure(BehaviourRules.Typos, text => Typo.In(text, random)),
            Figure(BehaviourRules.Case, text => TextChanges.Case(text, random)),
            Figure(BehaviourRules.Punctuation, TextChanges.Punctuation),
            .. rules.Greetings.Count > 0 ? [Figure(BehaviourRules.Greeted, text => TextChanges.Greeting(text, rules.Greetings, random))] : Array.Empty<InvarianceFigure>(),
        ];

        InvarianceFigure Figure(string metric, Func<string, string?> change)
        {
            var changed = sample.Select(s => (Text: change(s.Text), s.Best)).Where(s => s.Text is not null).ToList();
            var answers = changed.Count == 0 ? [] : best(changed.ConvertAll(s => s.Text!));
            return new(metric, changed.Count, changed.Zip(answers).Count(pair => pair.First.Best == pair.Second));
        }
    }
}
