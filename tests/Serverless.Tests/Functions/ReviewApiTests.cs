using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Serverless.Functions.Http;
using Serverless.Serving;
using Serverless.Serving.Credit;
using Serverless.Tests.Serving.Credit;
using Serverless.Tests.Serving.Decisions;

namespace Serverless.Tests.Functions;

/// <summary>Contest, the queue of reviews and notices over HTTP, signed in.</summary>
public class ReviewApiTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private StorageAccount _account = null!;
    private TestApp _app = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var connection = await azurite.NewConnectionAsync();
        _account = StorageAccount.Open(connection);
        await _account.PrepareAsync(Cancel);
        var contract = CreditExample.Contract with
        {
            Policy = new() { KnockOuts = [new() { Name = "travel", When = "purpose = 'travel'", Decision = RuleDecision.Decline, Reason = "We do not lend for travel." }] },
            Notice = new() { Creditor = "Example Bank", Address = "1 Main Street", Contact = "1-800-555-0100", Agency = "Example Agency" },
        };
        await ScoringInstance.PromoteAsync(_account, CreditExample.Bundle(contract: contract));
        Assert.IsType<Outcome<DataContract>.Done>(await new ContractStore(_account, [new CreditFamily()]).ActivateAsync(Json.File(contract), Cancel));
        _app = await TestApp.HandlerAsync(connection, null, "WEBSITE_AUTH_ENABLED=True");
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task Applicant_contests_and_a_person_takes_and_decides()
    {
        await SubmitAsync("A-1", "travel");
        var contested = await OkAsync("POST", "decisions/example/A-1/contest", """{"statement": "It is a study trip."}""", "branch");
        Assert.Equal(("decline", "open", 4), ((string?)contested["verdict"], (string?)contested["state"], contested["procedure"]!.AsArray().Count));
        Assert.Equal("We do not lend for travel.", (string?)contested["rules"]![0]!["reason"]);
        Assert.NotNull(contested["counterfactuals"]);
        Assert.Equal(contested.ToJsonString(), (await OkAsync("POST", "decisions/example/A-1/contest", """{"statement": "It is a study trip."}""", "branch")).ToJsonString());

        var listed = (await OkAsync("GET", "reviews/example?top=200"))["reviews"]!.AsArray();
        Assert.Contains(listed, r => ((string?)r!["applicationId"], (bool)r["contested"]!) == ("A-1", true));
        Assert.Equal("ann", (string?)(await OkAsync("POST", "reviews/example/A-1/take", "{}", "ann"))["taken"]!["by"]);
        await (await SendAsync("POST", "reviews/example/A-1/take", "{}", "ben")).ProblemAsync(409);
        await (await SendAsync("POST", "reviews/example/A-1/decide", """{"verdict": "approve", "reason": "Fine."}""", "ben")).ProblemAsync(409);
        var shown = await OkAsync("GET", "reviews/example/A-1");
        Assert.Equal(("taken", "It is a study trip.", "travel"), ((string?)shown["review"]!["state"], (string?)shown["review"]!["contested"]!["statements"]![0]!["text"], (string?)shown["inputs"]!["fields"]!["purpose"]));

        // Without its queue the decision stands, and the same once more sends it.
        var queue = _account.Queues.GetQueueClient("loan-decisions");
        await queue.DeleteAsync(Cancel);
        var unsent = await (await SendAsync("POST", "reviews/example/A-1/decide", """{"verdict": "approve", "reason": "It is for study."}""", "ann")).ProblemAsync(503);
        Assert.Equal(
            "The decision on application 'A-1' of portfolio 'example' is recorded and stands, but could not be put on queue 'loan-decisions' " +
            "(RequestFailedException: 404 QueueNotFound): decide again with the same verdict and reason, which sends it.", unsent.Detail);
        await queue.CreateAsync(cancellationToken: Cancel);
        await (await SendAsync("POST", "reviews/example/A-1/decide", """{"verdict": "decline", "reason": "It is for study."}""", "ann")).ProblemAsync(409);
        Assert.Equal("approve", (string?)(await OkAsync("POST", "reviews/example/A-1/decide", """{"verdict": "approve", "reason": "It is for study."}""", "ann"))["outcome"]!["verdict"]);
        var sent = JsonNode.Parse(Assert.Single((await queue.ReceiveMessagesAsync(32, cancellationToken: Cancel)).Value).Body)!;
        Assert.Equal(("example", "A-1", "approve", "ann", "decline"), ((string?)sent["portfolio"], (string?)sent["applicationId"], (string?)sent["verdict"], (string?)sent["person"]!["by"], (string?)sent["person"]!["ofVerdict"]));
        var decision = await OkAsync("GET", "decisions/example/A-1");
        Assert.Equal(("decline", "approve", "ann"), ((string?)decision["verdict"], (string?)decision["review"]!["verdict"], (string?)decision["review"]!["by"]));
        Assert.Equal(((string?)decision["decisionId"], (string?)decision["review"]!["at"]), ((string?)sent["person"]!["of"], (string?)sent["decidedAt"]));
        await (await SendAsync("GET", "decisions/example/A-1/notice")).ProblemAsync(409);
        Assert.Contains((await OkAsync("GET", "reviews/example?state=decided"))["reviews"]!.AsArray(), r => (string?)r!["applicationId"] == "A-1");
    }

    [Fact]
    public async Task Notice_is_text_or_json_as_the_caller_accepts()
    {
        await SubmitAsync("N-1", "travel");
        foreach (var (accept, type) in new[]
        {
            (null, "application/json"), ("*/*", "application/json"), ("text/plain", "text/plain"), ("text/*;q=0.5, application/json;q=0.1", "text/plain"), ("application/json, text/plain;q=0.9", "application/json"),
        })
        {
            using var answer = await SendAsync("GET", "decisions/example/N-1/notice", accept: accept);
            Assert.Equal((accept, 200, type), (accept, (int)answer.StatusCode, answer.Content.Headers.ContentType!.MediaType));
            Assert.Contains("We do not lend for travel.", await answer.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        }

        foreach (var accept in new[] { "text/html", "text/html, text/plain;q=0" }) await (await SendAsync("GET", "decisions/example/N-1/notice", accept: accept)).ProblemAsync(406);
    }

    [Fact]
    public async Task What_is_not_there_erased_or_malformed_is_told()
    {
        foreach (var (method, path, body) in Requests)
        {
            await (await SendAsync(method, path.Replace("{p}", "example", StringComparison.Ordinal).Replace("{id}", "X-1", StringComparison.Ordinal), body)).ProblemAsync(404);
            Assert.Equal([Names.Portfolio.Fault, Names.ApplicationId.Fault], (await (await SendAsync(method, path.Replace("{p}", "EXAMPLE", StringComparison.Ordinal).Replace("{id}", "-", StringComparison.Ordinal), body)).ProblemAsync(400)).Reasons);
        }

        await SubmitAsync("E-1", "boat");
        using (var instance = new ScoringInstance(_account, TimeProvider.System)) await instance.Erasure.RunAsync("example", "E-1", "officer", Cancel);
        foreach (var (method, path, body) in Requests)
            await (await SendAsync(method, path.Replace("{p}", "example", StringComparison.Ordinal).Replace("{id}", "E-1", StringComparison.Ordinal), body)).ProblemAsync(410);
    }

    [Fact]
    public async Task Bad_body_is_a_400_one_too_large_a_413_and_one_that_is_no_json_a_415()
    {
        foreach (var (path, body) in new[]
        {
            ("decisions/example/A-1/contest", """{"text": "x"}"""), ("decisions/example/A-1/contest", """{"statement": ""}"""), ("decisions/example/A-1/contest", "null"),
            ("reviews/example/A-1/take", """{"from": "a\nb"}"""), ("reviews/example/A-1/take", "[]"), ("reviews/example/A-1/decide", """{"verdict": "approve"}"""),
            ("reviews/example/A-1/decide", """{"verdict": "refer", "reason": "Later."}"""), ("reviews/example/A-1/decide", """{"verdict": "maybe", "reason": "Later."}"""),
            ("reviews/example/A-1/decide", """{"verdict": "approve", "reason": ""}"""),
        }) await (await SendAsync("POST", path, body)).ProblemAsync(400);

        foreach (var path in new[] { "decisions/example/A-1/contest", "reviews/example/A-1/take", "reviews/example/A-1/decide" })
        {
            await (await SendAsync("POST", path, $$"""{"statement": "{{new string('x', 40_000)}}"}""")).ProblemAsync(413);
            await (await SendAsync("POST", path, "x", type: "text/plain")).ProblemAsync(415);
        }
    }

    [Fact]
    public async Task Bad_question_for_the_list_is_told_with_every_fault()
    {
        Assert.Equal(
            [Names.Portfolio.Fault, "'state' must be open, taken, decided or all.", "'top' must be 1 to 200."],
            (await (await SendAsync("GET", "reviews/EXAMPLE?state=1&top=0")).ProblemAsync(400)).Reasons);
        await (await SendAsync("GET", "reviews/example?top=201")).ProblemAsync(400);
        Assert.Empty((await OkAsync("GET", "reviews/other?state=all"))["reviews"]!.AsArray());
    }

    private static IEnumerable<(string Method, string Path, string? Body)> Requests =>
    [
        ("POST", "decisions/{p}/{id}/contest", "{}"), ("GET", "decisions/{p}/{id}/notice", null), ("GET", "reviews/{p}/{id}", null),
        ("POST", "reviews/{p}/{id}/take", "{}"), ("POST", "reviews/{p}/{id}/decide", """{"verdict": "approve", "reason": "Fine."}"""),
    ];

    private async Task SubmitAsync(string id, string purpose) => await OkAsync("POST", "applications", ScoringInstance.Message(id, purpose: purpose).ToString(), "branch");

    private async Task<JsonNode> OkAsync(string method, string path, string? body = null, string caller = "ann")
    {
        using var answer = await SendAsync(method, path, body, caller);
        Assert.True((int)answer.StatusCode == 200, await answer.Content.ReadAsStringAsync(Cancel));
        return (await answer.Content.ReadFromJsonAsync<JsonNode>(Cancel))!;
    }

    private async Task<HttpResponseMessage> SendAsync(string method, string path, string? body = null, string caller = "ann", string? accept = null, string type = "application/json")
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), $"/api/{path}") { Content = body is null ? null : new StringContent(body, Encoding.UTF8, type) };
        var roles = new[] { "Applications.Write", "Decisions.Read", "Reviews.Decide" }.Select(r => (JsonNode)new JsonObject { ["typ"] = "roles", ["val"] = r });
        var principal = new JsonObject { ["auth_typ"] = "aad", ["claims"] = new JsonArray([new JsonObject { ["typ"] = "oid", ["val"] = caller }, .. roles]) };
        request.Headers.Add(Caller.Header, Convert.ToBase64String(Encoding.UTF8.GetBytes(principal.ToJsonString())));
        if (accept is not null) request.Headers.Add("Accept", accept);
        return await _app.Client.SendAsync(request, Cancel);
    }
}
