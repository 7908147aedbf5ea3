using Serverless.Serving;
using Serverless.Serving.Text;
using Serverless.Tests.Training.Text;

namespace Serverless.Tests.Serving.Text;

[Collection(nameof(TrainedText))]
public sealed class TextClassifierTests(TrainedText trained)
{
    private static readonly string[] Texts = ["my card is lost", "pin", "what is my balance please and also my transfer did not arrive", "кредит", "zzz", "hello there"];

    [Fact]
    public void Best_intents_come_first()
    {
        var answer = Answers(trained.Classifier, 3, "my card was stolen today")[0];
        Assert.Equal(("lost_card", false, 3), (answer.Intent, answer.Ambiguous, answer.Top.Count));
        Assert.Equal("lost_card", answer.Top[0].Intent);
        Assert.Equal(answer.Top.OrderByDescending(t => t.Probability), answer.Top);
        Assert.Equal("кредит", Answers(trained.Classifier, 1, "КРЕДИТ")[0].Intent);
        var all = Answers(trained.Classifier, 99, "my card was stolen today")[0].Top;
        Assert.Equal(5, all.Count);
        Assert.Equal(1, all.Sum(t => t.Probability), 1e-5);
    }

    [Fact]
    public void Batch_equals_single()
    {
        var many = Enumerable.Range(0, 40).SelectMany(_ => Texts).ToArray(); // more than one run of the graph
        var batch = Answers(trained.Classifier, 5, many);
        Assert.Equal(many.Length, batch.Count);
        foreach (var (text, answer) in many.Zip(batch).Take(Texts.Length).Concat(many.Zip(batch).TakeLast(Texts.Length)))
        {
            var single = Answers(trained.Classifier, 5, text)[0];
            Assert.Equal((single.Intent, single.Ambiguous), (answer.Intent, answer.Ambiguous));
            // ONNX Runtime sums in another order when a text is filled up to the length of its neighbours.
            Assert.All(single.Top.Zip(answer.Top), t => Assert.Equal(t.First.Probability, t.Second.Probability, 1e-6));
        }
    }

    [Fact]
    public void None_is_answered_below_the_threshold_and_for_unknown_words()
    {
        using var never = With(new(1.01, 0.1));
        using var always = With(new(0, 0.1));
        Assert.All(Answers(never, 1, Texts), a => Assert.Equal((null, false, 1), (a.Intent, a.Ambiguous, a.Top.Count)));
        Assert.Equal([false, false, false, false, true, false], Answers(always, 1, Texts).Select(a => a.Intent is null));
    }

    [Fact]
    public void Ambiguous_is_answered_when_the_best_two_are_close()
    {
        var top = Answers(trained.Classifier, 2, "hello there")[0].Top;
        var margin = top[0].Probability - top[1].Probability;
        using var wider = With(new(0, margin + 1e-4));
        using var narrower = With(new(0, margin - 1e-4));
        var asked = Answers(wider, 1, "hello there")[0];
        Assert.True(asked.Ambiguous);
        Assert.Equal(top.Select(t => t.Intent), asked.Between); // both, though one was asked for
        Assert.False(Answers(narrower, 1, "hello there")[0].Ambiguous);
        Assert.Null(Answers(narrower, 1, "hello there")[0].Between);
    }

    [Fact]
    public void Cancelled_batch_is_not_answered_to_its_end()
    {
        using var cancel = new CancellationTokenSource();
        cancel.Cancel();
        var watch = System.Diagnostics.Stopwatch.StartNew();
        Assert.Throws<OperationCanceledException>(() => trained.Classifier.Classify([.. Enumerable.Repeat(string.Join(' ', Texts), 50_000)], 1, cancel.Token));
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 2); // all of them take longer than that
    }

    [Fact]
    public void Personal_numbers_are_taken_out_before_a_text_is_classified()
    {
        string[] texts = ["my card 4111 1111 1111 1111 is lost, write to jane@example.com", "my card [card] is lost, write to [email]"];
        var answers = Answers(trained.Classifier, 5, texts);
        Assert.Equal([new("card", 1), new("email", 1)], answers[0].Redactions);
        Assert.Empty(answers[1].Redactions);
        Assert.Equal(answers[1].Top, answers[0].Top);
    }

    [Fact]
    public void Bad_texts_are_rejected_with_their_places()
    {
        Assert.Equal(["There is no text: send at least one."], Reasons());
        Assert.Equal(
            [
                "text 1 is empty: write what the customer says.",
                "text 2 is empty: write what the customer says.",
                "text 4 is longer than 2000 characters: shorten it.",
                "text 5 holds half of a surrogate pair: send it as valid Unicode.",
                "text 6 holds half of a surrogate pair: send it as valid Unicode.",
                "text 7 holds half of a surrogate pair: send it as valid Unicode.",
            ],
            Reasons("", " \t\n", new string('x', 2000), new string('x', 2001), "hi \uD83D", "\uDE00 hi", "\uD83D\uDE00\uDE00"));
        Assert.IsType<Outcome<IReadOnlyList<Classification>>.Done>(trained.Classifier.Classify(["hi \uD83D\uDE00"], 1, TestContext.Current.CancellationToken));
        Assert.Throws<ArgumentOutOfRangeException>(() => trained.Classifier.Classify(["hi"], 0, TestContext.Current.CancellationToken));
    }

    private TextClassifier With(TextThresholds thresholds) =>
        TrainedText.Load(trained.Model, new Dictionary<string, byte[]>(trained.Model.Served) { ["thresholds.json"] = Json.File(thresholds) });

    private IReadOnlyList<string> Reasons(params string[] texts) => Assert.IsType<Outcome<IReadOnlyList<Classification>>.Rejected>(trained.Classifier.Classify(texts, 1)).Reasons;

    private static IReadOnlyList<Classification> Answers(TextClassifier model, int top, params string[] texts) =>
        Assert.IsType<Outcome<IReadOnlyList<Classification>>.Done>(model.Classify(texts, top)).Value;
}
