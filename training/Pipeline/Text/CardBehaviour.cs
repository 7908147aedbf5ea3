using Serverless.Serving.Cards;
using Serverless.Serving.Text;
using Serverless.Training.Cards;
using Serverless.Training.Quality;

namespace Serverless.Training.Text;

/// <summary>The part of a text classifier's card on how it behaves: texts written otherwise, and the contract's cases.</summary>
internal static class TextBehaviourPart
{
    private static readonly Dictionary<string, string> Changes = new()
    {
        [BehaviourRules.Typos] = "two letters of a word swapped, one left out or one doubled",
        [BehaviourRules.Case] = "all lower case, all upper case, or a capital at the start",
        [BehaviourRules.Punctuation] = "end mark taken away or added, commas left out",
        [BehaviourRules.Greeted] = "a greeting or thanks around it",
    };

    public static void Write(CardPage page, TextCardInput input)
    {
        var rules = input.Contract.Behaviour;
        page.Heading("How it behaves");
        if (input.Invariance.Count == 0) page.Text("No text was written otherwise to see whether the answer stays: the contract's 'behaviour.texts' is 0.");
        else
        {
            page.Text($"Of the held-out texts with an intent, at most {CardParts.Count(rules.Texts)} were chosen by chance and written otherwise in ways that leave what they mean (invariance tests of CheckList: Ribeiro et al. 2020). A text on which a change has no effect, as case in Chinese, is not counted.")
                .Table("Texts written otherwise", ["Change", "What was done", "#Texts", "#Same intent", "#Share", "#95 % interval"], input.Invariance.Select(f =>
                {
                    var (low, high) = Proportion.Interval(f.Same, f.Texts);
                    return new CardCell[]
                    {
                        f.Metric, Changes[f.Metric], CardParts.Count(f.Texts), CardParts.Count(f.Same),
                        f.Texts == 0 ? "no texts" : CardCell.Filled(CardParts.Share(f.Share), f.Share), f.Texts == 0 ? "no texts" : $"{CardParts.Share(low)} to {CardParts.Share(high)}",
                    };
                }));
        }

        if (input.Cases.Count == 0)
        {
            page.Text(rules.Cases.Count == 0 ? "The contract states no cases of its own: write some under 'behaviour.cases'." : "The contract's cases were not asked, since the model was not loaded.");
            return;
        }

        page.Subheading("Cases of the contract")
            .Text($"The model as it is served answers {CardParts.Count(input.Cases.Count(c => c.Passed))} of {CardParts.Count(input.Cases.Count)} cases as the contract's 'behaviour.cases' says. Their texts are in contract.json.")
            .Table("Cases", ["Case", "Expected", "Answered", "Verdict"], input.Cases.Select(c => new CardCell[] { c.Case, c.Expected, c.Answered, c.Passed ? "passed" : "failed" }));
    }
}
