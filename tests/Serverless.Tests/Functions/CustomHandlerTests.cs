using System.Net;
using System.Text.Json;
using Azure.Storage.Blobs;
using Serverless.Serving;
using Serverless.Serving.Poison;

namespace Serverless.Tests.Functions;

/// <summary>Requests that the real Functions host sent, replayed.</summary>
public class CustomHandlerTests(AzuriteFixture azurite)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static Recorded[] Requests { get; } =
        [.. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Functions", "recorded-requests.jsonl")).Select(l => JsonSerializer.Deserialize<Recorded>(l, JsonSerializerOptions.Web)!)];

    [Fact]
    public async Task Recorded_requests_reach_their_functions_and_are_completed()
    {
        var got = new List<string>();
        using var script = new ScriptFolder()
            .Queue("queue1", (message, _) => { got.Add($"queue1: {message}"); return Task.CompletedTask; })
            .Blob("blob1", (name, etag, _) => { got.Add($"blob1: {name} {etag}"); return Task.CompletedTask; });
        await using var app = await TestApp.HandlerAsync(await azurite.NewConnectionAsync(), script);

        foreach (var request in Requests)
        {
            using var response = await SendAsync(app, request, request.Path);
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
        var forged = Requests.Last();
        using var response = await SendAsync(app, forged with { Body = forged.Body!.Replace("\"msg\"", "\"message\"", StringComparison.Ordinal) }, "/ScoreLoanApplication");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);

        var message = """{"applicationId":"A1","Id":"forged","DequeueCount":"99","sys":{"MethodName":"x"},"portfolio":"hmeq","fields":{"LOAN":1000}}""";
        var record = Assert.Single(await new PoisonStore(account, TimeProvider.System).ListAsync(Cancel).ToListAsync(Cancel));
        Assert.Equal(("loan-applications", PoisonId.Of(message), message, 1), (record.Source, record.Id, record.Message, record.Count));
        Assert.Equal(("hmeq", "A1"), (record.Portfolio, record.ApplicationId));
        Assert.NotEmpty(record.Reasons);
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
        using var response = await SendAsync(app, Requests[1], "/queue1");
        var problem = await response.ProblemAsync(500);
        Assert.DoesNotContain("12345", problem.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Function_that_is_not_there_is_a_404() // 2xx would complete messages that nobody handled
    {
        using var script = new ScriptFolder();
        await using var app = await TestApp.HandlerAsync(await azurite.NewConnectionAsync(), script);
        using var response = await SendAsync(app, Requests[1], "/queue1");
        await response.ProblemAsync(404);
    }

    [Fact]
    public async Task Drop_of_64_MB_inlined_by_the_host_is_taken()
    {
        var got = "";
        using var script = new ScriptFolder().Blob("blob1", (name, _, _) => { got = name; return Task.CompletedTask; });
        await using var app = await TestApp.HandlerAsync(await azurite.NewConnectionAsync(), script);
        var content = Convert.ToBase64String(new byte[64 << 20]);
        var recorded = Requests.Last(r => r.Path == "/blob1");
        using var response = await SendAsync(app, recorded with { Body = recorded.Body!.Replace("aGVsbG8gYmxvYg==", content, StringComparison.Ordinal) }, "/blob1");
        Assert.Equal((HttpStatusCode.OK, "a.txt"), (response.StatusCode, got));
    }

    [Fact]
    public async Task Storage_that_does_not_answer_is_a_503_with_retry_after()
    {
        using var script = new ScriptFolder().Queue("queue1", (_, cancel) =>
            new BlobServiceClient(new Uri("http://127.0.0.1:1/none"), new BlobClientOptions { Retry = { MaxRetries = 1, Delay = TimeSpan.Zero } }).GetPropertiesAsync(cancel));
        await using var app = await TestApp.HandlerAsync(await azurite.NewConnectionAsync(), script);
        using var response = await SendAsync(app, Requests[1], "/queue1");
        await response.ProblemAsync(503);
        Assert.NotNull(response.Headers.RetryAfter);
    }

    private static async Task<HttpResponseMessage> SendAsync(TestApp app, Recorded recorded, string path)
    {
        using var request = new HttpRequestMessage(new HttpMethod(recorded.Method), path);
        if (recorded.Body is not null) request.Content = new StringContent(recorded.Body);
        foreach (var (name, value) in recorded.Headers)
        {
            if (name == "Content-Type") request.Content!.Headers.ContentType = System.Net.Http.Headers.MediaTypeHeaderValue.Parse(value);
            else if (name == "Transfer-Encoding") request.Headers.TransferEncodingChunked = true;
            else request.Headers.TryAddWithoutValidation(name, value);
        }

        return await app.Client.SendAsync(request, Cancel);
    }

    private sealed record Recorded(string Method, string Path, Dictionary<string, string> Headers, string? Body);
}
