using Serverless.Serving;
using Serverless.Serving.Text;
using Serverless.Training.Text;

namespace Serverless.Tests.Serving.Text;

public class VectorizerTests
{
    private static readonly TextFeatures Known = Vocabulary.Of(["my card is lost", "my card is lost", "what is my balance", "what is my balance", "карта", "карта"], ["a", "b"]);

    [Theory]
    [InlineData("my card is lost")]
    [InlineData("card card card balance")]
    [InlineData("cardboard")] // characters only
    [InlineData("Карта")]
    public void Weights_have_length_1_and_ids_ascend(string text)
    {
        var vector = new Vectorizer(Known).Of(text);
        Assert.NotEmpty(vector.Ids);
        Assert.Equal(vector.Ids.Distinct().Order(), vector.Ids);
        Assert.Equal(vector.Ids.Length, vector.Weights.Length);
        Assert.Equal(1, vector.Weights.Sum(w => (double)w * w), 1e-6);
    }

    [Fact]
    public void Text_without_a_known_feature_is_empty() => Assert.Empty(new Vectorizer(Known).Of("xyzzy qqq").Ids);

    [Fact]
    public void Repeated_word_weighs_by_the_logarithm_and_its_rareness()
    {
        int Slot(string word)
        {
            var slots = new List<int>();
            NGrams.Collect(word, 8, slots);
            return slots[0];
        }

        // The words a (idf 1) and b (idf 2) alone: a twice weighs 1 + ln 2.
        var (a, b) = (Slot("a"), Slot("b"));
        var features = new TextFeatures(8, [.. new[] { a, b }.Order()], a < b ? [1, 2] : [2, 1], ["x", "y"]);
        var vector = new Vectorizer(features).Of("a b a");
        var (of, both) = (1 + Math.Log(2), Math.Sqrt(Math.Pow(1 + Math.Log(2), 2) + 4));
        Assert.Equal(of / both, vector.Weights[a < b ? 0 : 1], 1e-6);
        Assert.Equal(2 / both, vector.Weights[a < b ? 1 : 0], 1e-6);
    }

    [Fact]
    public void Features_that_do_not_fit_together_are_refused()
    {
        Assert.Throws<InvalidModelException>(() => new Vectorizer(new(7, [1], [1], ["a", "b"])));
        Assert.Throws<InvalidModelException>(() => new Vectorizer(new(8, [1, 2], [1], ["a", "b"])));
        Assert.Throws<InvalidModelException>(() => new Vectorizer(new(8, [1], [1], ["a"])));
        Assert.Throws<InvalidModelException>(() => new Vectorizer(new(8, [2, 1], [1, 1], ["a", "b"])));
        Assert.Throws<InvalidModelException>(() => new Vectorizer(new(8, [512], [1], ["a", "b"])));
    }
}
