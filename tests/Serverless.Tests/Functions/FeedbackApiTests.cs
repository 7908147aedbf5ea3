using System.Net;
using System.Net.Http.Json;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Functions.Http;
using Serverless.Serving;
using Serverless.Serving.Text;

namespace Serverless.Tests.Functions;

/// <summary>POST feedback: what is kept, and what is refused with what to do.</summary>
public class FeedbackApiTests(AzuriteFixture azurite)
{
    private const string Refused = "The feedback cannot be used: correct what the reasons name and send it again.";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Feedback_is_kept_once_however_often_it_is_delivered()
    {
        await using var app = await StartAsync(ChatModel.Contract);
        var given = new { portfolio = ChatModel.Portfolio, text = " 我的卡不翼而飞 💳 ", intent = "lost_card", source = "agent-desktop", saidBy = "C-4711" };
        var kept = await GiveAsync(app, given);
        Assert.Equal((ChatModel.Portfolio, "我的卡不翼而飞 💳", "lost_card", false), (kept.Portfolio, kept.Text, kept.Intent, kept.NewIntent));
        Assert.Equal(kept.Id, (await GiveAsync(app, given)).Id);
        await GiveAsync(app, new { portfolio = ChatModel.Portfolio, text = "which wine?", intent = "other", source = "agent-desktop" }); // none of the intents

        var store = app.App.Services.GetRequiredService<FeedbackStore>();
        var waiting = await store.WaitingAsync(ChatModel.Portfolio, Cancel);
        var personal = await GiveAsync(app, new { portfolio = ChatModel.Portfolio, text = "4111 1111 1111 1111 of a.b@example.com is lost", intent = "lost_card", source = "web" });
        Assert.Equal("[card] of [email] is lost", personal.Text);
        Assert.Equal(["card", "email"], personal.Redactions.Select(r => r.Kind).Order(StringComparer.Ordinal));
        Assert.Equal(["我的卡不翼而飞 💳", "which wine?"], waiting.Select(r => r.Text));
        Assert.Equal(("C-4711", "agent-desktop", "functions-key"), (waiting[0].SaidBy, waiting[0].Source, waiting[0].Actor));

        // Nor once more when it is in a drop.
        await store.MarkAsync(waiting[0] with { Drop = "text/chat/a.csv" }, Cancel);
        await GiveAsync(app, given);
        Assert.DoesNotContain(await store.WaitingAsync(ChatModel.Portfolio, Cancel), r => r.Id == waiting[0].Id);
    }

    [Fact]
    public async Task Every_fault_is_told_at_once_with_the_limits()
    {
        await using var app = await StartAsync(ChatModel.Contract);
        Assert.Equal(
            [Names.Portfolio.Fault, "'text' is missing: give the text that was misunderstood.", "'intent' is missing: give the intent that is right.", "'source' is missing: name what this comes from, such as agent-desktop."],
            (await RefusedAsync(app, """{"portfolio":"No Such"}""", 400, Refused)).Reasons);
        Assert.Equal(
            [
                "'text' is longer than 200 characters: shorten it.", Names.FeedbackSource.Fault, Names.SaidBy.Fault,
                "'intent' is none that the live model knows ('balance', 'lost_card', 'transfer', 'other'): correct it, or let the contract's feedback.newIntents allow new ones.",
            ],
            (await RefusedAsync(app, $$"""{"portfolio":"chat","text":"{{new string('x', 201)}}","intent":"crypto","source":"Agent Desktop","saidBy":" "}""", 400, Refused)).Reasons);
        Assert.Equal(["'text' is empty: write what the customer says."], (await RefusedAsync(app, """{"portfolio":"chat","text":" ","intent":"balance","source":"a"}""", 400, Refused)).Reasons);
        Assert.Equal(["'text' holds a character that no text has (NUL or U+FFFF): leave it out."], (await RefusedAsync(app, """{"portfolio":"chat","text":"a\u0000b","intent":"balance","source":"a"}""", 400, Refused)).Reasons);
        Assert.Empty(await app.App.Services.GetRequiredService<FeedbackStore>().WaitingAsync(ChatModel.Portfolio, Cancel));
    }

    [Theory]
    [InlineData("""{"portfolio":"chat","text":"a",""", 400, "The body is not the JSON that is expected, at $, line 1, byte 31: see openapi.json for its form.")]
    [InlineData("""{"portfolio":"chat","text":7}""", 400, "The body is not the JSON that is expected, at $.text, line 1, byte 29: see openapi.json for its form.")]
    [InlineData("""{"portfolio":"chat","txt":"a"}""", 400, "The body is not the JSON that is expected, at $.txt, line 1, byte 27: see openapi.json for its form.")]
    [InlineData("null", 400, "The body must be a JSON object, not null.")]
    [InlineData("""{"portfolio":"nowhere","text":"a","intent":"b","source":"c"}""", 404, "Portfolio 'nowhere' has no live text model (there is 'chat'): drop labelled texts as a CSV at drops/text/nowhere/.")]
    public async Task Request_that_cannot_be_read_or_has_no_model_is_a_problem(string body, int status, string detail)
    {
        await using var app = await StartAsync(ChatModel.Contract);
        await RefusedAsync(app, body, status, detail);
    }

    [Fact]
    public async Task Body_over_the_limit_is_a_413()
    {
        await using var app = await StartAsync(ChatModel.Contract);
        await RefusedAsync(app, new string(' ', (64 * 1024) + 1), 413, "The body is larger than 64 KiB. A text has at most 10,000 characters.");
    }

    [Fact]
    public async Task New_intent_is_kept_where_the_contract_allows_it_and_its_name_can_be_one()
    {
        await using var app = await StartAsync(ChatModel.Contract with { Feedback = new() { NewIntents = true } });
        Assert.True((await GiveAsync(app, new { portfolio = ChatModel.Portfolio, text = "sell my coins", intent = "加密货币", source = "web" })).NewIntent);
        Assert.Equal([Names.Intent.Fault], (await RefusedAsync(app, """{"portfolio":"chat","text":"a","intent":" crypto","source":"a"}""", 400, Refused)).Reasons);
        Assert.Equal([Names.Intent.Fault], (await RefusedAsync(app, """{"portfolio":"chat","text":"a","intent":"","source":"a"}""", 400, Refused)).Reasons);
    }

    [Fact]
    public async Task Portfolio_that_does_not_learn_from_feedback_is_a_409_that_says_what_to_do()
    {
        await using var app = await StartAsync(ChatModel.Contract with { Drops = DropMode.Full });
        const string Given = """{"portfolio":"chat","text":"a","intent":"balance","source":"a"}""";
        await RefusedAsync(app, Given, 409, "Portfolio 'chat' takes no feedback, because each of its drops holds all rows and would leave it out: write \"drops\": \"increment\" with an 'idColumn' in its contract, activate that, and drop all rows once.");
        await using var none = await StartAsync(null);
        await RefusedAsync(none, Given, 409, "Portfolio 'chat' takes no feedback, because it has no active contract: activate one with 'serverless contract activate FILE' that says \"drops\": \"increment\".");
    }

    private async Task<TestApp> StartAsync(TextContract? contract)
    {
        var connection = await azurite.NewConnectionAsync();
        var account = StorageAccount.Open(connection);
        await account.PrepareAsync(Cancel);
        await ChatModel.PromoteAsync(account);
        if (contract is not null) Assert.IsType<Outcome<DataContract>.Done>(await new ContractStore(account, [new TextFamily()]).ActivateAsync(Json.File<object>(contract), Cancel));
        return await TestApp.HandlerAsync(connection);
    }

    private static async Task<FeedbackAnswer> GiveAsync(TestApp app, object given)
    {
        using var response = await app.Client.PostAsJsonAsync("/api/feedback", given, Cancel);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return (await response.Content.ReadFromJsonAsync<FeedbackAnswer>(Json.Options, Cancel))!;
    }

    private static async Task<ProblemAnswer> RefusedAsync(TestApp app, string body, int status, string detail)
    {
        using var response = await app.Client.PostAsync("/api/feedback", new StringContent(body, Encoding.UTF8, "application/json"), Cancel);
        var problem = await response.ProblemAsync(status);
        Assert.Equal(detail, problem.Detail);
        return problem;
    }
}
