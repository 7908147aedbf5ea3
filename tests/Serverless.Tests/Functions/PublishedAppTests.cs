using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Azure.Storage.Queues;
using Serverless.Serving;
using Serverless.Serving.Decisions;

namespace Serverless.Tests.Functions;

/// <summary>The published output keeps to the custom handler protocol, driven as the Functions host drives it.</summary>
public class PublishedAppTests(PublishedApp published, AzuriteFixture azurite)
{
    private const string Completed = """{"Outputs":{},"Logs":[],"ReturnValue":null}""";
    private const int MessageLimit = 48 * 1024;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Recorded_requests_are_all_completed_with_a_json_object()
    {
        var connection = await azurite.NewConnectionAsync();
        await PublishedHandler.LiveAsync(connection);
        var began = Stopwatch.GetTimestamp();
        await using var handler = await PublishedHandler.StartAsync(published, connection);
        Assert.InRange(Stopwatch.GetElapsedTime(began).TotalSeconds, 0, 15); // the host waits for 30, on a slower machine

        foreach (var request in Recorded.Requests)
        {
            var path = request.Path.Replace("queue1", "ScoreLoanApplication", StringComparison.Ordinal).Replace("blob1", "RetrainOnDrop", StringComparison.Ordinal);
            using var response = await (request with { Body = request.Body?.Replace("\"msg\"", "\"message\"", StringComparison.Ordinal) }).SendAsync(handler.Client, path);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            if (request.Body is not null) await CompletedAsync(response);
        }
    }

    [Fact]
    public async Task Every_timer_of_the_script_root_is_completed_with_a_json_object()
    {
        var connection = await azurite.NewConnectionAsync();
        await PublishedHandler.LiveAsync(connection);
        await using var handler = await PublishedHandler.StartAsync(published, connection);
        foreach (var file in Directory.EnumerateFiles(await published.FolderAsync(), "function.json", SearchOption.AllDirectories))
        {
            if (!(await File.ReadAllTextAsync(file, Cancel)).Contains("\"timerTrigger\"", StringComparison.Ordinal)) continue;
            using var response = await handler.InvokeAsync(new DirectoryInfo(file).Parent!.Name, Recorded.Timer);
            await CompletedAsync(response);
        }
    }

    [Fact]
    public async Task Forged_metadata_changes_nothing_of_what_is_decided()
    {
        var connection = await azurite.NewConnectionAsync();
        var account = await PublishedHandler.LiveAsync(connection);
        await using var handler = await PublishedHandler.StartAsync(published, connection);
        using (var honest = await handler.ScoreAsync(PublishedHandler.Application("A-1"))) await CompletedAsync(honest);
        using (var forged = await handler.ScoreAsync(PublishedHandler.Application("A-2"), metadata =>
        {
            metadata["DequeueCount"] = "\"99\"";
            metadata["Id"] = "\"forged\"";
            metadata["sys"] = new JsonObject { ["MethodName"] = "RetrainOnDrop" };
            metadata["applicationId"] = "\"A-1\"";
            metadata["portfolio"] = "\"hmeq\"";
            metadata["fields"] = new JsonObject { ["income"] = 1_000_000 };
        }))
            await CompletedAsync(forged);

        var decisions = await DecisionsAsync(account, 2);
        Assert.Equal(["A-1", "A-2"], decisions.Select(d => d.ApplicationId));
        Assert.Equal(Compared(decisions[0]), Compared(decisions[1]));
        Assert.Null((await account.Queues.GetQueueClient("loan-applications-poison").PeekMessageAsync(Cancel)).Value);

        static string Compared(Decision decision) =>
            JsonSerializer.Serialize(decision with { ApplicationId = "", DecisionId = "", DecidedAt = default }, Json.Options);
    }

    [Fact]
    public async Task Http_functions_get_the_request_of_the_caller_as_it_is()
    {
        var connection = await azurite.NewConnectionAsync();
        await PublishedHandler.LiveAsync(connection);
        await using var handler = await PublishedHandler.StartAsync(published, connection);
        using var post = new HttpRequestMessage(HttpMethod.Post, "/api/applications?code=key&x=1") { Content = new StringContent(PublishedHandler.Application("A-1"), Encoding.UTF8, "application/json") };
        post.Headers.TransferEncodingChunked = true;
        post.Headers.TryAddWithoutValidation("X-Azure-Functions-InvocationId", "1c2908b4-c4b6-4929-a984-3dfa7d44e10e");
        using var posted = await handler.Client.SendAsync(post, Cancel);
        Assert.Equal("application/json", posted.Content.Headers.ContentType?.MediaType);
        var decision = await posted.Content.ReadFromJsonAsync<JsonElement>(Cancel);
        Assert.Equal((HttpStatusCode.OK, "A-1"), (posted.StatusCode, decision.GetProperty("applicationId").GetString()));

        var found = (await handler.Client.GetFromJsonAsync<JsonObject>("/api/decisions/example/A-1?code=key", Cancel))!;
        Assert.True(found.Remove("counterfactuals")); // found when a decision is looked up
        Assert.Equal(decision.GetRawText(), found.ToJsonString(Json.Options));
        Assert.Equal("3.1.0", (await handler.Client.GetFromJsonAsync<JsonElement>("/api/openapi.json", Cancel)).GetProperty("openapi").GetString());
        Assert.Equal("""{"status":"ready"}""", await handler.Client.GetStringAsync("/api/health/ready", Cancel));
        using var unknown = await handler.Client.GetAsync("/api/nowhere", Cancel);
        await unknown.ProblemAsync(404);
        using var method = await handler.Client.DeleteAsync("/api/applications", Cancel);
        await method.ProblemAsync(405);
    }

    [Fact]
    public async Task Invocation_that_is_malformed_is_400_unknown_404_and_what_must_be_retried_503()
    {
        var connection = await azurite.NewConnectionAsync();
        var account = await PublishedHandler.LiveAsync(connection);
        await using var handler = await PublishedHandler.StartAsync(published, connection);
        foreach (var body in (string[])["", "not json", "{}", """{"Data":{"message":"encoded only once"},"Metadata":{}}"""])
        {
            using var malformed = await handler.InvokeAsync("ScoreLoanApplication", body);
            await malformed.ProblemAsync(400);
        }

        using (var unknown = await handler.InvokeAsync("NoSuchFunction", """{"Data":{},"Metadata":{}}""")) await unknown.ProblemAsync(404);

        // Only now: what is missing is made once, while the app starts.
        Assert.Equal("""{"status":"ready"}""", await handler.Client.GetStringAsync("/api/health/ready", Cancel));
        await account.Blobs.DeleteBlobContainerAsync("applications", cancellationToken: Cancel);
        using (var failed = await handler.ScoreAsync(PublishedHandler.Application("A-1"))) await failed.ProblemAsync(503);
        await account.Blobs.GetBlobContainerClient("applications").CreateAsync(cancellationToken: Cancel);
        using var retried = await handler.ScoreAsync(PublishedHandler.Application("A-1"));
        await CompletedAsync(retried);
    }

    [Fact]
    public async Task Storage_that_cannot_be_reached_is_a_503_of_an_app_that_is_up()
    {
        var nowhere = (await azurite.NewConnectionAsync()).Split(';').Select(p => p.Contains("Endpoint=", StringComparison.Ordinal)
            ? $"{p.Split('=')[0]}=http://127.0.0.1:{PublishedApp.FreePort()}/account" : p);
        await using var handler = await PublishedHandler.StartAsync(published, string.Join(';', nowhere));
        var asked = Stopwatch.GetTimestamp();
        using var response = await handler.ScoreAsync(PublishedHandler.Application("A-1"));
        await response.ProblemAsync(503);
        Assert.InRange(Stopwatch.GetElapsedTime(asked).TotalSeconds, 0, 20); // the SDK's own retries take 25
        Assert.NotNull(response.Headers.RetryAfter);
        Assert.Equal("""{"status":"live"}""", await handler.Client.GetStringAsync("/api/health/live", Cancel));
    }

    [Theory]
    [InlineData(MessageLimit - 1)]
    [InlineData(MessageLimit)]
    public async Task Application_that_fits_a_message_is_decided_by_queue_and_by_http(int bytes)
    {
        var connection = await azurite.NewConnectionAsync();
        var account = await PublishedHandler.LiveAsync(connection);
        await using var handler = await PublishedHandler.StartAsync(published, connection);
        var queue = account.Queues.GetQueueClient("loan-applications");
        await queue.SendMessageAsync(PublishedHandler.Application("A-1").PadRight(bytes), Cancel);
        var message = (await queue.ReceiveMessageAsync(cancellationToken: Cancel)).Value.Body.ToString();
        using (var byQueue = await handler.ScoreAsync(message)) await CompletedAsync(byQueue);
        using var byHttp = await PostAsync(handler, PublishedHandler.Application("A-2").PadRight(bytes));
        Assert.Equal(HttpStatusCode.OK, byHttp.StatusCode);
        Assert.Equal(["A-1", "A-2"], (await DecisionsAsync(account, 2)).Select(d => d.ApplicationId));
    }

    [Fact]
    public async Task Application_that_fits_no_message_is_refused_with_the_limit()
    {
        var connection = await azurite.NewConnectionAsync();
        var account = await PublishedHandler.LiveAsync(connection);
        await using var handler = await PublishedHandler.StartAsync(published, connection);
        var large = PublishedHandler.Application("A-1").PadRight(MessageLimit + 1);
        using var refused = await PostAsync(handler, large);
        Assert.Contains("48 KiB", (await refused.ProblemAsync(413)).Detail, StringComparison.Ordinal);
        await Assert.ThrowsAnyAsync<Exception>(() => account.Queues.GetQueueClient("loan-applications").SendMessageAsync(large, Cancel));
        Assert.Null((await account.Queues.GetQueueClient("loan-decisions").PeekMessageAsync(Cancel)).Value);
    }

    [Fact]
    public async Task Many_invocations_at_once_are_each_answered_and_decided_by_their_own_message()
    {
        var connection = await azurite.NewConnectionAsync();
        var account = await PublishedHandler.LiveAsync(connection);
        await using var handler = await PublishedHandler.StartAsync(published, connection);
        var incomes = Enumerable.Range(0, 64).Select(i => i % 2 == 0 ? 900 : 2000).ToList(); // -12.34 and 0.10 points
        await Task.WhenAll(incomes.Select(async (income, i) =>
        {
            using var response = await handler.ScoreAsync(PublishedHandler.Application($"A-{i:00}", income));
            await CompletedAsync(response);
        }));

        var decisions = await DecisionsAsync(account, 64);
        Assert.Equal(incomes.Select((income, i) => ($"A-{i:00}", income == 900 ? 0 : 12.44m)),
            decisions.Select(d => (d.ApplicationId, d.Points - decisions[0].Points)));
    }

    [Fact]
    public async Task Invocation_that_the_host_drops_is_cancelled_and_leaves_nothing_half_written()
    {
        var connection = await azurite.NewConnectionAsync();
        var account = await PublishedHandler.LiveAsync(connection);
        await using var gate = new StorageGate(connection);
        await using var handler = await PublishedHandler.StartAsync(published, gate.Connection);
        using (var first = await handler.ScoreAsync(PublishedHandler.Application("A-1"))) await CompletedAsync(first);

        // A-3 is logged in the shard of A-1, whose end is known by now: the first call that waits is the one that records the application.
        gate.Shut();
        using var dropped = new CancellationTokenSource();
        var invocation = handler.ScoreAsync(PublishedHandler.Application("A-3"), dropping: dropped);
        await gate.Waiting.Task.WaitAsync(TimeSpan.FromSeconds(10), Cancel);
        await dropped.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => invocation);
        await gate.GivenUp.Task.WaitAsync(TimeSpan.FromSeconds(10), Cancel); // the work heard of it
        gate.Open();

        Assert.Equal("""{"status":"live"}""", await handler.Client.GetStringAsync("/api/health/live", Cancel));
        Assert.False(await account.Blobs.GetBlobContainerClient("applications").GetBlobClient("example/A-3.json").ExistsAsync(Cancel));
        using (var again = await handler.ScoreAsync(PublishedHandler.Application("A-3"))) await CompletedAsync(again);
        Assert.Equal(["A-1", "A-3"], (await DecisionsAsync(account, 2)).Select(d => d.ApplicationId));
    }

    [Fact]
    public async Task Invocation_under_way_at_SIGTERM_is_answered_before_the_process_ends()
    {
        var connection = await azurite.NewConnectionAsync();
        var account = await PublishedHandler.LiveAsync(connection);
        await using var gate = new StorageGate(connection);
        await using var handler = await PublishedHandler.StartAsync(published, gate.Connection);
        gate.Shut();
        var invocation = handler.ScoreAsync(PublishedHandler.Application("A-1"));
        await gate.Waiting.Task.WaitAsync(TimeSpan.FromSeconds(10), Cancel);
        await handler.Process.SignalAsync("TERM");
        await Task.Delay(500, Cancel);
        Assert.False(handler.Process.HasExited);
        gate.Open();
        using (var response = await invocation) await CompletedAsync(response);
        await handler.Process.EndAsync();
        Assert.Equal(0, handler.Process.ExitCode);
        Assert.Equal("A-1", Assert.Single(await DecisionsAsync(account, 1)).ApplicationId);
    }

    [Fact]
    public async Task Invocation_that_outlasts_the_stop_is_cancelled_and_leaves_nothing_half_written()
    {
        var connection = await azurite.NewConnectionAsync();
        var account = await PublishedHandler.LiveAsync(connection);
        await using var gate = new StorageGate(connection);
        await using var handler = await PublishedHandler.StartAsync(published, gate.Connection, ("DOTNET_SHUTDOWNTIMEOUTSECONDS", "1"));
        gate.Shut();
        var invocation = handler.ScoreAsync(PublishedHandler.Application("A-1"));
        await gate.Waiting.Task.WaitAsync(TimeSpan.FromSeconds(10), Cancel);
        await handler.Process.SignalAsync("TERM");
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => invocation); // no 2xx, so the host delivers the message again
        await handler.Process.EndAsync();
        Assert.Equal(0, handler.Process.ExitCode);
        await gate.GivenUp.Task.WaitAsync(TimeSpan.FromSeconds(10), Cancel);
        gate.Open();
        Assert.False(await account.Blobs.GetBlobContainerClient("applications").GetBlobClient("example/A-1.json").ExistsAsync(Cancel));
        Assert.Null((await account.Queues.GetQueueClient("loan-decisions").PeekMessageAsync(Cancel)).Value);
    }

    private static async Task CompletedAsync(HttpResponseMessage response)
    {
        Assert.Equal(Completed, await response.Content.ReadAsStringAsync(Cancel));
        Assert.Equal((HttpStatusCode.OK, "application/json"), (response.StatusCode, response.Content.Headers.ContentType?.MediaType));
    }

    private static Task<HttpResponseMessage> PostAsync(PublishedHandler handler, string application) =>
        handler.Client.PostAsync("/api/applications", new StringContent(application, Encoding.UTF8, "application/json"), Cancel);

    /// <summary>So many decisions and no more, by the id of the application.</summary>
    private static async Task<IReadOnlyList<Decision>> DecisionsAsync(StorageAccount account, int count)
    {
        var queue = account.Queues.GetQueueClient("loan-decisions");
        var got = new List<Decision>();
        while ((await queue.ReceiveMessagesAsync(32, cancellationToken: Cancel)).Value is { Length: > 0 } messages)
            got.AddRange(messages.Select(m => m.Body.ToObjectFromJson<Decision>(Json.Options)!));
        Assert.Equal(count, got.Count);
        return [.. got.OrderBy(d => d.ApplicationId, StringComparer.Ordinal)];
    }
}
