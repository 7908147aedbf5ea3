using Serverless.Serving.Text;
using Serverless.Training.Text;

namespace Serverless.Tests.Training.Text.Behaviour;

public class InvarianceTests
{
    private static readonly List<string> Texts = [.. Enumerable.Range(0, 100).Select(i => $"where is my card number {i}")];

    // The answer depends on capitals alone: a text in other case always has some, a greeting has, the other two changes have none.
    [Fact]
    public void Share_is_that_of_texts_whose_best_intent_stays()
    {
        var figures = Invariance.Of(Texts, new() { Greetings = ["hi, {text}", "Hi, {text}"] }, 7, texts => [.. texts.Select(t => t.Any(char.IsUpper) ? 1 : 0)]);
        Assert.Equal([("invarianceTypos", 100, 1.0), ("invarianceCase", 100, 0.0), ("invariancePunctuation", 100, 1.0)], figures.Take(3).Select(f => (f.Metric, f.Texts, f.Share)));
        Assert.Equal(("invarianceGreetings", 100), (figures[3].Metric, figures[3].Texts));
        Assert.InRange(figures[3].Same, 30, 70); // half of the greetings
    }

    [Fact]
    public void Every_figure_can_have_a_floor() => Assert.Equal(BehaviourFaults.Floors, Invariance.Of(Texts, new(), 7, texts => new int[texts.Count]).Select(f => f.Metric));

    [Fact]
    public void Sample_and_changes_are_those_of_the_seed()
    {
        var (first, again, other) = (Asked(7), Asked(7), Asked(8));
        Assert.Equal(150, first.Count); // 30 texts, then each changed in four ways
        Assert.Equal(first, again);
        Assert.NotEqual(first, other);
        Assert.Equal(30, first.Take(30).Select(t => t.Split(' ')[^1]).Distinct().Count());

        static List<string> Asked(int seed)
        {
            List<string> asked = [];
            Invariance.Of(Texts, new() { Texts = 30 }, seed, texts =>
            {
                asked.AddRange(texts);
                return new int[texts.Count];
            });
            return asked;
        }
    }

    [Fact]
    public void Change_without_effect_is_neither_asked_nor_counted()
    {
        var figures = Invariance.Of(["我的卡丢了。", "怎么办？"], new(), 7, texts => new int[texts.Count]).ToDictionary(f => f.Metric, f => f.Texts);
        Assert.Equal((0, 0, 2, 2), (figures["invarianceTypos"], figures["invarianceCase"], figures["invariancePunctuation"], figures["invarianceGreetings"]));
        Assert.Equal(double.NaN, new InvarianceFigure("invarianceCase", 0, 0).Share);
    }

    [Fact]
    public void Rules_leave_tests_out()
    {
        Assert.Empty(Invariance.Of(Texts, new() { Texts = 0 }, 7, _ => throw new InvalidOperationException("asked")));
        Assert.Equal(3, Invariance.Of(Texts, new() { Greetings = [] }, 7, texts => new int[texts.Count]).Count);
    }
}
