using Serverless.Serving.Text;
using Serverless.Training.Text;

namespace Serverless.Tests.Training.Text;

public class VocabularyTests
{
    [Fact]
    public void N_grams_of_the_texts_are_kept_and_weighed_by_how_many_texts_have_them()
    {
        var features = Vocabulary.Of(["zebra zebra zebra", "lost card", "lost card", "stolen card"], ["a", "b"]);
        var vectorizer = new Vectorizer(features);
        Assert.NotEmpty(vectorizer.Of("zebra").Ids);
        Assert.Empty(vectorizer.Of("xylophone").Ids);
        Assert.Equal(features.Slots.Order().Distinct(), features.Slots);

        var word = new List<int>();
        NGrams.Collect("card", Vocabulary.HashBits, word);
        var at = features.Slots.Index().Single(s => s.Item == word[0]).Index;
        Assert.Equal(Math.Log(5.0 / 4) + 1, features.Idf[at], 1e-6); // in 3 of 4 texts
    }

    [Fact]
    public void Many_intents_bound_the_features_to_the_most_frequent()
    {
        string[] intents = [.. Enumerable.Range(0, 1000).Select(i => $"i{i}")];
        var random = new Random(3);
        var words = Enumerable.Range(0, 6000).Select(_ => string.Concat(Enumerable.Range(0, 9).Select(_ => (char)('a' + random.Next(26))))).ToList();
        var text = string.Join(' ', words);
        var all = Vocabulary.Of([text, text, "frequent"], ["a", "b"]).Slots.Count;
        var features = Vocabulary.Of([text, text, "frequent", "frequent", "frequent"], intents);
        Assert.True(all > Vocabulary.MostWeights / 1000);
        Assert.Equal(Vocabulary.MostWeights / 1000, features.Slots.Count);
        Assert.Equal(features.Slots.Order(), features.Slots);
        Assert.NotEmpty(new Vectorizer(features).Of("frequent").Ids);
    }
}
