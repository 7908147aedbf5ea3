using System.Net;
using System.Text;
using Azure.Storage.Queues;
using Microsoft.AspNetCore.Http.HttpResults;
using Serverless.Functions.Http;
using Serverless.Functions.Triggers;
using Serverless.Serving;
using Serverless.Serving.Decisions;
using Serverless.Serving.Poison;

namespace Serverless.Tests.Functions;

/// <summary>The HTTP API on an account without any model; every error is problem details.</summary>
public class ApiTests(AzuriteFixture azurite)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Health_is_live_and_ready_and_no_model_is_listed()
    {
        await using var app = await StartAsync();
        Assert.Equal("""{"status":"live"}""", await app.Client.GetStringAsync("/api/health/live", Cancel));
        Assert.Equal("""{"status":"ready"}""", await app.Client.GetStringAsync("/api/health/ready", Cancel));
        Assert.Equal("""{"models":[]}""", await app.Client.GetStringAsync("/api/models", Cancel));
    }

    [Fact]
    public async Task Not_ready_while_the_storage_does_not_answer_but_live()
    {
        var nowhere = "DefaultEndpointsProtocol=http;AccountName=a;AccountKey=YQ==;BlobEndpoint=http://127.0.0.1:1/a;QueueEndpoint=http://127.0.0.1:1/a;";
        await using var app = await TestApp.HandlerAsync(nowhere);
        using var live = await app.Client.GetAsync("/api/health/live", Cancel);
        Assert.Equal(HttpStatusCode.OK, live.StatusCode);
        using var ready = await app.Client.GetAsync("/api/health/ready", Cancel);
        var problem = await ready.ProblemAsync(503);
        Assert.Contains("AzureWebJobsStorage", Assert.Single(problem.Reasons!), StringComparison.Ordinal);
        Assert.NotNull(ready.Headers.RetryAfter);
    }

    [Fact]
    public async Task Open_api_document_is_served()
    {
        await using var app = await StartAsync();
        Assert.Equal(await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "openapi.json"), Cancel), await app.Client.GetStringAsync("/api/openapi.json", Cancel));
    }

    [Theory]
    [InlineData("GET", "/api/nothing", 404)]
    [InlineData("GET", "/", 404)]
    [InlineData("GET", "/api/classify", 405)]
    [InlineData("GET", "/api/decisions/hmeq/A-1", 404)]
    [InlineData("GET", "/api/decisions/HMEQ/A-1", 400)]
    [InlineData("GET", "/api/decisions/hmeq/-", 400)]
    [InlineData("GET", "/api/decisions/hmeq/..%2F..", 400)]
    public async Task Address_that_leads_nowhere_is_a_problem(string method, string path, int status)
    {
        await using var app = await StartAsync();
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using var response = await app.Client.SendAsync(request, Cancel);
        await response.ProblemAsync(status);
    }

    [Theory]
    [InlineData("""{"text":"hello",""", "$, line 1, byte 16")]
    [InlineData("""{"text":17}""", "$.text, line 1, byte 11")]
    [InlineData("""{"txt":"hello"}""", "$.txt, line 1, byte 8")]
    [InlineData("""["hello"]""", "$, line 1, byte 2")]
    [InlineData("", "$, line 1, byte 1")]
    public async Task Malformed_classify_request_is_a_400_that_names_the_place(string body, string place)
    {
        await using var app = await StartAsync();
        var problem = await PostAsync(app, "/api/classify", body, 400);
        Assert.Equal($"The body is not the JSON that is expected, at {place}: see openapi.json for its form.", problem.Detail);
    }

    [Fact]
    public async Task Null_as_classify_request_is_a_400()
    {
        await using var app = await StartAsync();
        Assert.Equal("The body must be a JSON object, not null.", (await PostAsync(app, "/api/classify", "null", 400)).Detail);
    }

    [Fact]
    public async Task Classify_request_with_several_faults_gets_all_of_them()
    {
        await using var app = await StartAsync();
        var problem = await PostAsync(app, "/api/classify", """{"portfolio":"No Such","text":"a","texts":[],"top":0}""", 400);
        Assert.Equal([Names.Portfolio.Fault, "Give either 'text' with one text or 'texts' with a list of them.", "'texts' must have 1 to 256 texts: send more in several requests.", "'top' must be 1 to 100."], problem.Reasons);
    }

    [Fact]
    public async Task Portfolio_without_a_model_is_a_404_that_says_what_to_do()
    {
        await using var app = await StartAsync();
        var problem = await PostAsync(app, "/api/classify", """{"text":"where is my card?"}""", 404);
        Assert.Equal("Portfolio 'customer-service' has no live text model (no portfolio has one yet): drop labelled texts as a CSV at drops/text/customer-service/.", problem.Detail);
    }

    [Theory]
    [InlineData("/api/classify", 1024)]
    [InlineData("/api/applications", 48)]
    public async Task Body_over_the_limit_is_a_413_and_one_at_the_limit_is_read(string path, int kibibytes)
    {
        await using var app = await StartAsync();
        Assert.Contains($"{kibibytes} KiB", (await PostAsync(app, path, new string(' ', (kibibytes * 1024) + 1), 413)).Detail, StringComparison.Ordinal);
        await PostAsync(app, path, new string(' ', kibibytes * 1024), 400);
    }

    [Fact]
    public async Task Body_over_the_limit_without_a_length_is_a_413_too()
    {
        await using var app = await StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/applications") { Content = new StringContent(new string(' ', 60_000), Encoding.UTF8, "application/json") };
        request.Headers.TransferEncodingChunked = true;
        using var response = await app.Client.SendAsync(request, Cancel);
        await response.ProblemAsync(413);
    }

    [Fact]
    public async Task Body_that_is_not_declared_json_is_a_415() // so that no web page can post here without being asked first
    {
        await using var app = await StartAsync();
        using var response = await app.Client.PostAsync("/api/classify", new StringContent("""{"text":"x"}""", Encoding.UTF8, "text/plain"), Cancel);
        await response.ProblemAsync(415);
    }

    [Fact]
    public async Task Application_that_cannot_be_decided_is_a_400_with_reasons()
    {
        await using var app = await StartAsync();
        Assert.Equal(["The message is not valid JSON, or nested deeper than 8 levels, at line 1, byte 2: send one JSON object."], (await PostAsync(app, "/api/applications", "{", 400)).Reasons!);
        Assert.Equal(
            ["Portfolio 'nowhere' has no live model: drop data for it, or correct the name."],
            (await PostAsync(app, "/api/applications", """{"applicationId":"A-1","portfolio":"nowhere","submittedAt":"2026-11-23T10:00:00Z","fields":{}}""", 400)).Reasons!);
    }

    [Fact]
    public void Decision_is_a_200_and_a_conflict_a_409()
    {
        var decision = new Decision("d", "A-1", "hmeq", DecisionVerdict.Refer, 512.25m, 0.1, [], [], "v", "1", DateTimeOffset.UnixEpoch);
        Assert.Same(decision, Assert.IsType<JsonHttpResult<Decision>>(SubmitApplication.Answer(decision)).Value);
        var conflict = Assert.IsType<Problem>(SubmitApplication.Answer(new Outcome<Decision>.Rejected(["taken"]) { Kind = Rejection.Conflict }));
        Assert.Equal((409, "taken"), (conflict.Status, Assert.Single(conflict.Reasons!)));
        Assert.Equal(400, Assert.IsType<Problem>(SubmitApplication.Answer(Outcome<Decision>.Reject("bad"))).Status);
    }

    [Theory]
    [InlineData("not json", null)]
    [InlineData("""{"applicationId":"A-1","portfolio":"nowhere","submittedAt":"2026-11-23T10:00:00Z","fields":{}}""", "A-1")]
    [InlineData("""{"applicationId":"../A-1"}""", null)]
    public async Task Message_that_cannot_be_decided_is_recorded_and_completed(string message, string? id)
    {
        var connection = await azurite.NewConnectionAsync();
        await using var app = await TestApp.EmbeddedAsync(connection);
        var account = StorageAccount.Open(connection);
        await account.Queues.GetQueueClient("loan-applications").SendMessageAsync(message, Cancel);

        var store = new PoisonStore(account, TimeProvider.System);
        var record = await Asked.UntilAsync(async () => await store.ListAsync(Cancel).SingleOrDefaultAsync(Cancel));
        Assert.Equal(("loan-applications", PoisonId.Of(message), 1, id), (record.Source, record.Id, record.Count, record.ApplicationId));
        Assert.Equal((MessageEncoding.Base64, message), (record.Encoding, record.Message));
        Assert.NotEmpty(record.Reasons);
        var queue = account.Queues.GetQueueClient("loan-applications");
        await Asked.UntilAsync(async () => (await queue.GetPropertiesAsync(Cancel)).Value.ApproximateMessagesCount == 0 ? "completed" : null);
        Assert.Null((await account.RawQueues.GetQueueClient("loan-applications-poison").PeekMessageAsync(Cancel)).Value);
    }

    private async Task<TestApp> StartAsync() => await TestApp.EmbeddedAsync(await azurite.NewConnectionAsync());

    private static async Task<ProblemAnswer> PostAsync(TestApp app, string path, string body, int status)
    {
        using var response = await app.Client.PostAsync(path, new StringContent(body, Encoding.UTF8, "application/json"), Cancel);
        return await response.ProblemAsync(status);
    }
}
