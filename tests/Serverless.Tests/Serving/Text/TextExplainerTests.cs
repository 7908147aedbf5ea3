using Serverless.Serving;
using Serverless.Serving.Onnx.Proto;
using Serverless.Serving.Text;
using Serverless.Tests.Functions;
using Serverless.Tests.Training.Text;

namespace Serverless.Tests.Serving.Text;

/// <summary>What is said to have decided a text: that it adds up, that each part is what it says, and where its words stand.</summary>
[Collection(nameof(TrainedText))]
public class TextExplainerTests(TrainedText trained)
{
    private const string Unknown = "\u16A0"; // a rune, of which nothing is known

    private static readonly string[] Texts =
    [
        "my card is lost", "card", "what is my balance please and also my transfer did not arrive", "pin pin pin card pin", "хочу взять кредит", "我的银行卡丢了", "لقد فقدت بطاقتي",
        "my 银行卡 بطاقتي is lost 😱", "balance余额رصيد 💰💰", "ＭＹ ＣＡＲＤ ① is lo\u0301st", "zzz", "😱", "\uFDFA \uFB01ne card", string.Join(' ', Enumerable.Repeat("send the money", 42)), new string('x', 2000),
    ];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Words_bias_and_residual_add_up_to_the_log_odds()
    {
        using var chat = await ChatModel.LoadAsync();
        foreach (var (model, network) in new[] { (trained.Classifier, true), (chat, false) })
        {
            var texts = Texts.Where(t => t.Length <= model.Contract.MaxLength).ToList();
            foreach (var (answer, explained) in Answers(model.Classify(texts, 2, Cancel)).Zip(Answers(model.Explain(texts, 1, Cancel)).Select(a => a.Explanation!)))
            {
                Assert.Equal((answer.Top[0].Intent, answer.Top[1].Intent), (explained.Of, explained.Against));
                Assert.Equal(Math.Log(answer.Top[0].Probability / answer.Top[1].Probability), explained.LogOdds, 1e-4);
                Assert.Equal(explained.LogOdds, explained.Bias + explained.Residual + explained.Words.Sum(w => w.Linear + w.Network), 1e-9);
                Assert.All(explained.Words, w => Assert.Equal(w.Linear + w.Network, w.Total));
                if (network) continue;
                Assert.Equal(0, explained.Residual, 1e-4);
                Assert.All(explained.Words, w => Assert.Equal(0, w.Network));
            }
        }
    }

    [Fact]
    public void Linear_part_is_what_the_weights_of_the_graph_say()
    {
        foreach (var explained in Explain(trained.Classifier, Texts))
            Assert.Equal(OfWeights(explained.Text, explained.Of, explained.Against), explained.Words.Sum(w => w.Linear), 1e-4);
    }

    [Fact]
    public void Network_part_of_a_word_is_what_its_blank_takes_away()
    {
        var explained = Assert.Single(Explain(trained.Classifier, "please block the stolen card"));
        var words = explained.Text.Split(' ');
        Assert.Contains(explained.Words, w => Math.Abs(w.Network) > 0.05);
        for (var i = 0; i < words.Length; i++)
            Assert.Equal(OfNetwork(explained.Text, explained) - OfNetwork(string.Join(' ', words.Index().Select(w => w.Index == i ? Unknown : w.Item)), explained), explained.Words[i].Network, 1e-4);
    }

    [Fact]
    public async Task Word_that_decides_comes_out_and_its_characters_with_it()
    {
        using var chat = await ChatModel.LoadAsync();
        var card = Explain(chat, "is my card stolen?")[0].Words;
        Assert.Equal("card", card.MaxBy(w => w.Total)!.Text);
        var characters = card[2].Characters;
        Assert.Equal(3, characters.Count);
        Assert.All(characters, c => Assert.Contains(c.Text, " card ", StringComparison.Ordinal));
        Assert.Equal(characters.OrderByDescending(c => Math.Abs(c.Linear)), characters);
        Assert.InRange(characters.Sum(c => Math.Abs(c.Linear)), 1e-3, 10);

        // Words of a script without spaces share the characters that reach over them.
        var chinese = Explain(chat, "余额")[0].Words;
        Assert.Equal(["余", "额"], chinese.Select(w => w.Text));
        Assert.Contains(chinese[0].Characters, c => c.Text == "余额 ");
        Assert.Equal(chinese[0].Characters.Single(c => c.Text == "余额 ").Linear, chinese[1].Characters.Single(c => c.Text == "余额 ").Linear, 1e-12);
        Assert.Equal("رصيدي", Explain(chat, "😱 كم رصيدي؟")[0].Words.MaxBy(w => w.Total)!.Text);
    }

    [Fact]
    public void Places_are_in_the_text_without_personal_numbers()
    {
        var explained = Assert.Single(Explain(trained.Classifier, "😱 My card 4111 1111 1111 1111 is lo\u0301st 银行"));
        Assert.Equal("😱 My card [card] is lo\u0301st 银行", explained.Text);
        Assert.Equal([("My", 3), ("card", 6), ("card", 12), ("is", 18), ("lo\u0301st", 21), ("银", 27), ("行", 28)], explained.Words.Select(w => (w.Text, w.Start)));
        Assert.All(explained.Words, w => Assert.Equal(w.Text, explained.Text.Substring(w.Start, w.Length)));
    }

    [Fact]
    public void Answer_of_none_is_explained_by_what_came_closest_and_an_unknown_text_by_nothing()
    {
        using var never = TrainedText.Load(trained.Model, new Dictionary<string, byte[]>(trained.Model.Served) { ["thresholds.json"] = Json.File(new TextThresholds(1.01, 0)) });
        var answers = Answers(never.Explain(["my card is lost", "😱"], 1, Cancel));
        Assert.All(answers, a => Assert.Null(a.Intent));
        Assert.Equal("lost_card", answers[0].Explanation!.Of);
        var nothing = answers[1].Explanation!;
        Assert.Empty(nothing.Words);
        Assert.Equal(nothing.LogOdds, nothing.Bias, 1e-6);
    }

    [Fact]
    public void Text_of_too_many_words_is_refused_with_its_place()
    {
        var most = string.Concat(Enumerable.Repeat('卡', Explainer.MostWords));
        Assert.Equal(Explainer.MostWords, Assert.Single(Explain(trained.Classifier, most)).Words.Count);
        var refused = Assert.IsType<Outcome<IReadOnlyList<Classification>>.Rejected>(trained.Classifier.Explain(["hi", most + "!卡"], 1, Cancel));
        Assert.Equal(["text 2 has 129 words, and 128 can be explained: shorten it, or ask without an explanation."], refused.Reasons);
    }

    [Fact]
    public void Cancelled_explanation_is_not_given()
    {
        using var cancel = new CancellationTokenSource();
        cancel.Cancel();
        Assert.Throws<OperationCanceledException>(() => trained.Classifier.Explain(["my card"], 1, cancel.Token));
    }

    // The linear part's share of the log-odds, without its bias, from the weights that lie in the served graph.
    private double OfWeights(string text, string of, string against)
    {
        var graph = ModelProto.Parser.ParseFrom(trained.Model.Served["model.onnx"]).Graph;
        var (table, scale) = (Floats(graph, "table"), Floats(graph, "ofLinear")[0]);
        var (best, second, intents) = (Place(of), Place(against), trained.Classifier.Intents.Count);
        var vector = new Vectorizer(trained.Classifier.Bundle.Read<TextFeatures>("features.json")).Of(text);
        return scale * vector.Ids.Zip(vector.Weights, (id, weight) => weight * ((double)table[(id * intents) + best] - table[(id * intents) + second])).Sum();
    }

    private double OfNetwork(string text, TextExplanation explained)
    {
        var top = Assert.Single(Answers(trained.Classifier.Classify([text], 99))).Top.ToDictionary(t => t.Intent, t => t.Probability);
        return Math.Log(top[explained.Of] / top[explained.Against]) - OfWeights(text, explained.Of, explained.Against);
    }

    private int Place(string intent) => trained.Classifier.Intents.Index().Single(i => i.Item == intent).Index;

    private static float[] Floats(GraphProto graph, string name) =>
        System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(graph.Initializer.Single(i => i.Name == name).RawData.Span).ToArray();

    private static List<TextExplanation> Explain(TextClassifier model, params string[] texts) => [.. Answers(model.Explain(texts, 1)).Select(a => a.Explanation!)];

    private static IReadOnlyList<Classification> Answers(Outcome<IReadOnlyList<Classification>> outcome) => Assert.IsType<Outcome<IReadOnlyList<Classification>>.Done>(outcome).Value;
}
