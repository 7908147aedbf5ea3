using System.Text;
using Serverless.Serving;
using Serverless.Serving.Text;
using Serverless.Tests.Functions;

namespace Serverless.Tests.Serving.Text;

/// <summary>Training questions nearest to a text: by cosine, in order, redacted, cancelled, and files that cannot be.</summary>
public sealed class SimilarQuestionsTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("is my card lost or stolen", "lost_card")]
    [InlineData("我的银行卡丢了", "lost_card")]
    [InlineData("请问账户余额", "balance")]
    [InlineData("كم رصيدي", "balance")]
    [InlineData("التحويل لم يصل بعد", "transfer")]
    public async Task Nearest_come_first_with_the_cosines_of_the_vectors(string text, string intent)
    {
        using var model = await LoadAsync();
        var questions = model.Bundle.Read<IReadOnlyList<TrainingQuestion>>("questions.json");
        var vectorizer = new Vectorizer(model.Bundle.Read<TextFeatures>("features.json"));
        var asked = vectorizer.Of(text);
        var expected = questions.Select(q => (q.Text, q.Intent, Similarity: Cosine(asked, vectorizer.Of(q.Text)))).Where(q => q.Similarity > 0).OrderByDescending(q => q.Similarity).ToList();

        var all = Found(model.Similar(text, questions.Count, Cancel)).Questions;
        Assert.Equal(expected.Count, all.Count);
        Assert.All(expected.Zip(all), pair => Assert.Equal(pair.First.Similarity, pair.Second.Similarity, 1e-5));
        Assert.All(all, q => Assert.Contains(new TrainingQuestion(q.Text, q.Intent), questions));
        var nearest = Found(model.Similar(text, 3, Cancel)).Questions;
        Assert.Equal(all.Take(3), nearest);
        Assert.Equal(intent, nearest[0].Intent);
    }

    [Fact]
    public async Task Question_itself_is_as_near_as_can_be_and_equally_near_ones_keep_their_order()
    {
        using var model = await LoadAsync(new("what is my balance", "balance"), new("my card is lost", "lost_card"), new("my card is lost", "transfer"));
        var nearest = Found(model.Similar("my card is lost", 3, Cancel)).Questions;
        Assert.Equal(["lost_card", "transfer", "balance"], nearest.Select(q => q.Intent));
        Assert.All(nearest.Take(2), q => Assert.InRange(q.Similarity, 1 - 1e-6, 1));
        Assert.InRange(nearest[2].Similarity, 0.01, 0.9); // "my" and "is"
        Assert.Empty(Found(model.Similar("ขอบคุณ", 3, Cancel)).Questions); // nothing in common with any
    }

    [Fact]
    public async Task Personal_numbers_are_taken_out_of_the_text_before_it_is_compared()
    {
        using var model = await LoadAsync();
        var found = Found(model.Similar("my card 4111 1111 1111 1111 is lost, write to jane@example.com", 5, Cancel));
        Assert.Equal([new("card", 1), new("email", 1)], found.Redactions);
        var redacted = Found(model.Similar("my card [card] is lost, write to [email]", 5, Cancel));
        Assert.Empty(redacted.Redactions);
        Assert.Equal(redacted.Questions, found.Questions);
    }

    [Fact]
    public async Task Bad_texts_are_refused_with_the_limit_and_a_cancelled_search_ends()
    {
        using var model = await LoadAsync();
        Assert.Equal("'text' is empty: write what the customer says.", Refused(model.Similar(" \n", 5, Cancel)).Reasons.Single());
        Assert.Equal("'text' is longer than 200 characters: shorten it.", Refused(model.Similar(new string('x', 201), 5, Cancel)).Reasons.Single());
        Assert.Equal("'text' holds half of a surrogate pair: send it as valid Unicode.", Refused(model.Similar("hi \uD83D", 5, Cancel)).Reasons.Single());
        Assert.Throws<ArgumentOutOfRangeException>(() => model.Similar("hi", 0, Cancel));
        Assert.Throws<OperationCanceledException>(() => model.Similar("my card is lost", 5, new CancellationToken(canceled: true)));
    }

    [Fact]
    public async Task Model_without_questions_says_what_to_do()
    {
        using var model = TextClassifier.Load(await ChatModel.BundleAsync(new Dictionary<string, byte[]> { ["contract.json"] = Json.File(ChatModel.Contract with { Similar = null }) }));
        var refused = Refused(model.Similar("my card is lost", 5, Cancel));
        Assert.Equal(Rejection.Missing, refused.Kind);
        Assert.Equal($"Version {model.Bundle.Version} of portfolio 'chat' keeps no training questions: add \"similar\": {{}} to its contract, activate it, and drop the texts again.", refused.Reasons.Single());
    }

    [Theory]
    [InlineData("[]", "questions.json has 0 questions and must have 1 to 20000: train the model again or restore the file.")]
    [InlineData("[null]", "Question 1 of questions.json is empty or has an intent that features.json does not name: train the model again or restore the file.")]
    [InlineData("""[{"text":"hi","intent":"balance"},{"text":" ","intent":"balance"}]""", "Question 2 of questions.json is empty or has an intent that features.json does not name: train the model again or restore the file.")]
    [InlineData("""[{"text":"hi","intent":"other"}]""", "Question 1 of questions.json is empty or has an intent that features.json does not name: train the model again or restore the file.")]
    [InlineData("""[{"text":"hi"}]""", "'questions.json' cannot be read: ")]
    [InlineData("null", "'questions.json' is null.")]
    public async Task File_that_cannot_be_of_the_model_is_refused(string json, string expected)
    {
        var bundle = await ChatModel.BundleAsync(new Dictionary<string, byte[]> { ["questions.json"] = Encoding.UTF8.GetBytes(json) });
        Assert.StartsWith(expected, Assert.Throws<InvalidModelException>(() => TextClassifier.Load(bundle)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task File_that_the_contract_asks_for_must_be_there()
    {
        var whole = await ChatModel.BundleAsync(new Dictionary<string, byte[]>());
        var without = ModelBundle.Create(whole.Manifest, whole.Served.Where(f => f.Key != "questions.json").ToDictionary(f => f.Key, f => f.Value.ToArray()));
        Assert.Equal("The bundle has no 'questions.json'.", Assert.Throws<InvalidModelException>(() => TextClassifier.Load(without)).Message);
    }

    private static async Task<TextClassifier> LoadAsync(params TrainingQuestion[] questions) => TextClassifier.Load(await ChatModel.BundleAsync(
        questions.Length == 0 ? new Dictionary<string, byte[]>() : new Dictionary<string, byte[]> { ["questions.json"] = Json.File(questions) }));

    private static double Cosine(TextVector a, TextVector b)
    {
        var weights = a.Ids.Zip(a.Weights).ToDictionary(w => w.First, w => (double)w.Second);
        return b.Ids.Zip(b.Weights).Sum(w => weights.GetValueOrDefault(w.First) * w.Second);
    }

    private static SimilarQuestions Found(Outcome<SimilarQuestions> outcome) => Assert.IsType<Outcome<SimilarQuestions>.Done>(outcome).Value;

    private static Outcome<SimilarQuestions>.Rejected Refused(Outcome<SimilarQuestions> outcome) => Assert.IsType<Outcome<SimilarQuestions>.Rejected>(outcome);
}
