using System.Net;
using System.Net.Http.Json;
using Serverless.Functions.Http;
using Serverless.Serving;
using Serverless.Serving.Text;

namespace Serverless.Tests.Functions;

/// <summary>POST classify with a model: scripts, batches, what is ambiguous, and what a person is told.</summary>
public class ClassifyApiTests(AzuriteFixture azurite)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Texts_of_any_script_are_answered_in_order()
    {
        var (app, version) = await StartAsync(new TextThresholds(None: 0, AmbiguousMargin: 0.1)); // so that none is only what has no word that it knows
        await using var _ = app;
        (string Text, string? Intent)[] texts =
        [
            ("我的银行卡丢了", "lost_card"), ("账户余额是多少？", "balance"), ("给朋友转账", "transfer"),
            ("لقد فقدت بطاقتي", "lost_card"), ("ما هو رصيدي", "balance"), ("التحويل لم يصل بعد", "transfer"),
            ("my 银行卡 بطاقتي is lost 😱", "lost_card"), ("MY CARD IS LOST 💳💳", "lost_card"), ("balance 余额 رصيد 💰", "balance"), ("\u202Eكم رصيدي\u202C", "balance"),
            ("😱", null), ("👨‍👩‍👧‍👦 🏳️‍🌈", null), ("ขอบคุณ", null),
        ];
        var answer = await AskAsync(app, new { portfolio = ChatModel.Portfolio, texts = texts.Select(t => t.Text), top = 2 });
        Assert.Equal((ChatModel.Portfolio, version, ChatModel.Contract.AiDisclosure), (answer.Portfolio, answer.ModelVersion, answer.AiDisclosure));
        Assert.Equal(texts.Select(t => t.Intent), answer.Results.Select(r => r.Intent));
        Assert.All(answer.Results, r => Assert.Equal(2, r.Top.Count));
    }

    [Fact]
    public async Task Batch_at_the_limit_is_answered_and_one_more_is_refused_with_the_limit()
    {
        var (app, _) = await StartAsync();
        await using var __ = app;
        var texts = Enumerable.Range(0, ClassifyRequest.MostTexts).Select(i => i % 2 == 0 ? "my card is lost" : "查询账户余额").ToList();
        var answer = await AskAsync(app, new { portfolio = ChatModel.Portfolio, texts });
        Assert.Equal(texts.Select(t => t == "my card is lost" ? "lost_card" : "balance"), answer.Results.Select(r => r.Intent));
        using var refused = await app.Client.PostAsJsonAsync("/api/classify", new { portfolio = ChatModel.Portfolio, texts = texts.Append("one more") }, Cancel);
        Assert.Equal(["'texts' must have 1 to 256 texts: send more in several requests."], (await refused.ProblemAsync(400)).Reasons);
    }

    [Fact]
    public async Task Ambiguous_text_is_answered_with_both_intents_and_a_clear_one_without()
    {
        var (app, _) = await StartAsync(new TextThresholds(None: 0, AmbiguousMargin: 1));
        await using var __ = app;
        using var response = await app.Client.PostAsJsonAsync("/api/classify", new { portfolio = ChatModel.Portfolio, text = "my card transfer", top = 1 }, Cancel);
        var result = Assert.Single((await response.Content.ReadFromJsonAsync<ClassifyAnswer>(Json.Options, Cancel))!.Results);
        Assert.True(result.Ambiguous);
        Assert.Equal(result.Intent, Assert.Single(result.Top).Intent);
        Assert.Equal(["lost_card", "transfer"], result.Between!.Order(StringComparer.Ordinal));

        var (clear, _) = await StartAsync(new TextThresholds(None: 0, AmbiguousMargin: 0));
        await using var ___ = clear;
        Assert.DoesNotContain("between", await (await clear.Client.PostAsJsonAsync("/api/classify", new { portfolio = ChatModel.Portfolio, text = "my card transfer" }, Cancel)).Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Explanation_is_given_where_it_is_asked_for_and_for_so_many_texts()
    {
        var (app, _) = await StartAsync();
        await using var __ = app;
        var answer = await AskAsync(app, new { portfolio = ChatModel.Portfolio, texts = new[] { "my card is lost 😱", "我的余额是多少" }, explain = true, top = 1 });
        Assert.All(answer.Results, r => Assert.Equal(r.Top[0].Intent, r.Explanation!.Of));
        Assert.Equal(["my", "card", "is", "lost"], answer.Results[0].Explanation!.Words.Select(w => w.Text));
        Assert.Equal(7, answer.Results[1].Explanation!.Words.Count);
        Assert.All((await AskAsync(app, new { portfolio = ChatModel.Portfolio, text = "my card" })).Results, r => Assert.Null(r.Explanation));
        using var refused = await app.Client.PostAsJsonAsync("/api/classify", new { portfolio = ChatModel.Portfolio, texts = Enumerable.Repeat("card", ClassifyRequest.MostExplained + 1), explain = true }, Cancel);
        Assert.Equal(["'explain' is for up to 4 texts: send more in several requests, or leave it out."], (await refused.ProblemAsync(400)).Reasons);
    }

    [Fact]
    public async Task Caller_who_hangs_up_during_a_batch_leaves_the_app_answering()
    {
        var (app, _) = await StartAsync();
        await using var __ = app;
        using var hangUp = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        hangUp.CancelAfter(TimeSpan.FromMilliseconds(20));
        try
        {
            await app.Client.PostAsJsonAsync("/api/classify", new { portfolio = ChatModel.Portfolio, texts = Enumerable.Repeat(new string('卡', 200), 256) }, hangUp.Token);
        }
        catch (OperationCanceledException)
        {
            // Which of the two comes first is the machine's.
        }

        Assert.Equal("lost_card", Assert.Single((await AskAsync(app, new { portfolio = ChatModel.Portfolio, text = "我的卡丢了" })).Results).Intent);
    }

    private async Task<(TestApp App, string Version)> StartAsync(TextThresholds? thresholds = null)
    {
        var connection = await azurite.NewConnectionAsync();
        var account = StorageAccount.Open(connection);
        await account.PrepareAsync(Cancel);
        var version = await ChatModel.PromoteAsync(account, thresholds);
        return (await TestApp.HandlerAsync(connection), version);
    }

    private static async Task<ClassifyAnswer> AskAsync(TestApp app, object request)
    {
        using var response = await app.Client.PostAsJsonAsync("/api/classify", request, Cancel);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return (await response.Content.ReadFromJsonAsync<ClassifyAnswer>(Json.Options, Cancel))!;
    }
}
