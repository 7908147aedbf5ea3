using System.Net;
using Azure.Storage.Blobs;
using Serverless.Serving;
using Serverless.Serving.Poison;

namespace Serverless.Tests.Functions;

/// <summary>Requests that the real Functions host sent, replayed.</summary>
public class CustomHandlerTests(AzuriteFixture azurite)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Recorded_requests_reach_their_functions_and_are_completed()
    {
        var got = new List<string>();
        using var script = new ScriptFolder()
            .Queue("queue1", (message, _) => { got.Add($"queue1: {message}"); return Task.CompletedTask; })
            .Blob("blob1", (name, etag, _) => { got.Add($"blob1: {name} {etag}"); return Task.CompletedTask; });
        await using var app = await TestApp.HandlerAsync(await azurite.NewConnectionAsync(), script);

        foreach (var request in Recorded.Requests)
        {
            using var response = await request.SendAsync(app.Client, request.Path);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            if (request.Body is null) continue;
            Assert.Equal("""{"Outputs":{},"Logs":[],"ReturnValue":null}""", await response.Content.ReadAsStringAsync(Cancel));
            Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        }

        Assert.Equal(
        [
            "queue1: plain text",
            """queue1: {"hello":"world","n":1}""",
            "blob1: sub/b.bin \"0x21F14F76BE37520\"",
            "blob1: a.txt \"0x20CBAFB92C0D380\"",
            """queue1: {"applicationId":"A1","Id":"forged","DequeueCount":"99","sys":{"MethodName":"x"},"portfolio":"hmeq","fields":{"LOAN":1000}}""",
        ], got);
    }

    [Fact]
    public async Task Forged_metadata_changes_nothing_of_what_is_recorded()
    {
        var storage = await azurite.NewConnectionAsync();
        await using var app = await TestApp.HandlerAsync(storage);
        var account = StorageAccount.Open(storage);
        await account.PrepareAsync(Cancel);
        var forged = Recorded.Requests[^1];
        using var response = await (forged with { Body = forged.Body!.Replace("\"msg\"", "\"message\"", StringComparison.Ordinal) }).SendAsync(app.Client, "/ScoreLoanApplication");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);

        var message = """{"applicationId":"A1","Id":"forged","DequeueCount":"99","sys":{"MethodName":"x"},"portfolio":"hmeq","fields":{"LOAN":1000}}""";
        var record = Assert.Single(await new PoisonStore(account, TimeProvider.System).ListAsync(Cancel).ToListAsync(Cancel));
        Assert.Equal(("loan-applications", PoisonId.Of(message), message, 1), (record.Source, record.Id, record.Message, record.Count));
        Assert.Equal(("hmeq", "A1"), (record.Portfolio, record.ApplicationId));
        Assert.NotEmpty(record.Reasons);
    }

    [Fact]
    public async Task Timer_runs_its_function_whatever_the_body_says_of_the_schedule()
    {
        var runs = 0;
        using var script = new ScriptFolder().Timer("tick", "0 0 2 * * *", _ => { runs++; return Task.CompletedTask; });
        await using var app = await TestApp.HandlerAsync(await azurite.NewConnectionAsync(), script);
        foreach (var body in (string[])[Recorded.Timer, """{"Data":{"timer":{"Schedule":{},"ScheduleStatus":null,"IsPastDue":true}},"Metadata":{}}"""])
        {
            using var response = await app.Client.PostAsync("/tick", new StringContent(body), Cancel);
            Assert.Equal("""{"Outputs":{},"Logs":[],"ReturnValue":null}""", await response.Content.ReadAsStringAsync(Cancel));
        }

        Assert.Equal(2, runs);
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"Data":{"other":"\"x\""},"Metadata":{}}""")]
    [InlineData("""{"Data":{"msg":{"not":"a string"}},"Metadata":{}}""")]
    [InlineData("""{"Data":{"msg":"encoded only once"},"Metadata":{}}""")]
    [InlineData("""{"Data":{"msg":null},"Metadata":{}}""")]
    public async Task Invalid_invocation_is_a_400_that_the_host_retries(string body)
    {
        using var script = new ScriptFolder().Queue("queue1", (_, _) => throw new InvalidOperationException("must not run"));
        await using var app = await TestApp.HandlerAsync(await azurite.NewConnectionAsync(), script);
        using var response = await app.Client.PostAsync("/queue1", new StringContent(body), Cancel);
        await response.ProblemAsync(400);
    }

    [Fact]
    public async Task Exception_of_a_function_is_a_500_without_its_text()
    {
        using var script = new ScriptFolder().Queue("queue1", (_, _) => throw new InvalidOperationException("income 12345"));
        await using var app = await TestApp.HandlerAsync(await azurite.NewConnectionAsync(), script);
        using var response = await Recorded.Requests[1].SendAsync(app.Client, "/queue1");
        var problem = await response.ProblemAsync(500);
        Assert.DoesNotContain("12345", problem.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Function_that_is_not_there_is_a_404() // 2xx would complete messages that nobody handled
    {
        using var script = new ScriptFolder();
        await using var app = await TestApp.HandlerAsync(await azurite.NewConnectionAsync(), script);
        using var response = await Recorded.Requests[1].SendAsync(app.Client, "/queue1");
        await response.ProblemAsync(404);
    }

    [Fact]
    public async Task Drop_of_64_MB_inlined_by_the_host_is_taken()
    {
        var got = "";
        using var script = new ScriptFolder().Blob("blob1", (name, _, _) => { got = name; return Task.CompletedTask; });
        await using var app = await TestApp.HandlerAsync(await azurite.NewConnectionAsync(), script);
        var content = Convert.ToBase64String(new byte[64 << 20]);
        var recorded = Recorded.Requests.Last(r => r.Path == "/blob1");
        using var response = await (recorded with { Body = recorded.Body!.Replace("aGVsbG8gYmxvYg==", content, StringComparison.Ordinal) }).SendAsync(app.Client, "/blob1");
        Assert.Equal((HttpStatusCode.OK, "a.txt"), (response.StatusCode, got));
    }

    [Fact]
    public async Task Storage_that_does_not_answer_is_a_503_with_retry_after()
    {
        using var script = new ScriptFolder().Queue("queue1", (_, cancel) =>
            new BlobServiceClient(new Uri("http://127.0.0.1:1/none"), new BlobClientOptions { Retry = { MaxRetries = 1, Delay = TimeSpan.Zero } }).GetPropertiesAsync(cancel));
        await using var app = await TestApp.HandlerAsync(await azurite.NewConnectionAsync(), script);
        using var response = await Recorded.Requests[1].SendAsync(app.Client, "/queue1");
        await response.ProblemAsync(503);
        Assert.NotNull(response.Headers.RetryAfter);
    }
}
