using Serverless.Training.Text;

namespace Serverless.Tests.Training.Text;

public class LabelSuspectsTests
{
    // Mean probability of the own label: 0.6 for the first intent, 13/30 for the second; nothing is labelled with the third.
    private static readonly (int Label, double[] Probabilities)[] Texts =
    [
        (0, [0.9, 0.1, 0]),
        (0, [0.7, 0.2, 0.1]),
        (0, [0.2, 0.8, 0]), // as sure of the second as texts of the second mostly are
        (1, [0.1, 0.8, 0.1]),
        (1, [0.5, 0.4, 0.1]), // the first is the best and less probable than it is for its own texts
        (1, [0, 0.1, 0.9]),
        (-1, [0, 1, 0]),
    ];

    [Fact]
    public void Another_intent_must_be_as_probable_as_it_is_for_its_own_texts() => Assert.Equal([new LabelSuspect(2, 0, 1, 0.8, 0.2)], Of(Texts));

    // Two intents are likely for the first text: 0.45 is above the first's 0.4 and 0.5 above the second's 0.45. The label must be neither.
    [Theory]
    [InlineData(2, true)]
    [InlineData(1, false)]
    [InlineData(0, true)]
    public void Greatest_of_the_likely_intents_is_suggested(int label, bool suspected)
    {
        var suspects = Of([(label, [0.45, 0.5, 0.05]), (0, [0.3, 0.35, 0.35]), (0, [0.4, 0.3, 0.3]), (1, [0.3, 0.4, 0.3]), (1, [0.3, 0.35, 0.35]), (2, [0, 0, 1])]).Where(s => s.Text == 0).ToList();
        Assert.Equal(suspected ? [new LabelSuspect(0, label, 1, 0.5, label == 0 ? 0.45 : 0.05)] : [], suspects);
    }

    // A rare best answer is not what the model is sure of: the label, although not the best, is the only likely intent.
    [Fact]
    public void Label_that_is_itself_likely_is_not_suspected() =>
        Assert.Empty(Of([(0, [0.45, 0.55]), (0, [0.41, 0.59]), (1, [0, 1]), (1, [0.1, 0.9])]));

    [Fact]
    public void Furthest_apart_come_first() => Assert.Equal(
        [3, 1], Of([(0, [1, 0]), (0, [0.3, 0.7]), (1, [0.4, 0.6]), (0, [0.1, 0.9]), (1, [0.3, 0.7])]).Select(s => s.Text));

    private static IReadOnlyList<LabelSuspect> Of((int Label, double[] Probabilities)[] texts) => LabelSuspects.Of(
        [.. texts.Select(t => new AnsweredText(t.Label, TextEvaluation.Best(t.Probabilities), t.Probabilities.Max(), t.Label < 0 ? 0 : t.Probabilities[t.Label], t.Probabilities.Max(), false))],
        texts[0].Probabilities.Length,
        i => texts[i].Probabilities);
}
