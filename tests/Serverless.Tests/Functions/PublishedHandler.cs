using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Serverless.Serving;
using Serverless.Serving.Credit;
using Serverless.Tests.Serving.Credit;

namespace Serverless.Tests.Functions;

/// <summary>The published app as the Functions host starts it, and drives it.</summary>
internal sealed class PublishedHandler : IAsyncDisposable
{
    private PublishedHandler(AppProcess process, HttpClient client) => (Process, Client) = (process, client);

    public AppProcess Process { get; }

    public HttpClient Client { get; }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Starts it with only the variables that the host sets, the connection and those of a test; waits as the host does.</summary>
    public static async Task<PublishedHandler> StartAsync(PublishedApp published, string connection, params (string Name, string Value)[] more) =>
        await StartAsync(environment => published.StartAsync([], environment), await published.FolderAsync(), connection, more);

    /// <summary>The same for an app that is started otherwise.</summary>
    public static async Task<PublishedHandler> StartAsync(
        Func<IReadOnlyDictionary<string, string>, Task<AppProcess>> start, string scriptRoot, string connection, params (string Name, string Value)[] more)
    {
        var port = PublishedApp.FreePort();
        var environment = new Dictionary<string, string>
        {
            ["FUNCTIONS_CUSTOMHANDLER_PORT"] = $"{port}",
            ["FUNCTIONS_CUSTOMHANDLER_WORKER_ID"] = "a7d3c1f0-7b1c-4a63-a4d5-3f6f0e6b8c11",
            ["FUNCTIONS_HTTPWORKER_PORT"] = $"{port}",
            ["FUNCTIONS_HTTPWORKER_ID"] = "a7d3c1f0-7b1c-4a63-a4d5-3f6f0e6b8c11",
            ["FUNCTIONS_APP_ROOT_PATH"] = scriptRoot,
            [StorageAccount.Setting] = connection,
        };
        foreach (var (name, value) in more) environment[name] = value;
        var handler = new PublishedHandler(await start(environment), new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") });
        await Asked.UntilAsync(handler.AnswerAsync, seconds: 30); // initializationTimeout of the host
        return handler;
    }

    /// <summary>Prepares an account with the example scorecard live.</summary>
    public static async Task<StorageAccount> LiveAsync(string connection)
    {
        var account = StorageAccount.Open(connection);
        await account.PrepareAsync(Cancel);
        var (registry, bundle) = (new ModelRegistry(account), CreditExample.Bundle());
        await registry.PublishAsync(bundle, Cancel);
        Assert.True(await registry.PromoteAsync(CreditContract.FamilyName, "example", bundle.Version, null, "test", DateTimeOffset.UnixEpoch, Cancel));
        return account;
    }

    public static string Application(string id, int income = 900) =>
        $$"""{"applicationId":"{{id}}","portfolio":"example","submittedAt":"2026-03-01T09:30:00Z","fields":{"income":{{income}},"purpose":"boat","housing":"own"} }""";

    /// <summary>Invokes the scoring function as the host does for a message; <paramref name="forge"/> stands in for members that the host merged, <paramref name="dropping"/> drops the connection.</summary>
    public Task<HttpResponseMessage> ScoreAsync(string message, Action<JsonObject>? forge = null, CancellationTokenSource? dropping = null)
    {
        var metadata = new JsonObject { ["DequeueCount"] = "1", ["Id"] = "\"85689caa-0d4e-40c9-a428-ea736e29b1d7\"", ["sys"] = new JsonObject { ["MethodName"] = "ScoreLoanApplication" } };
        forge?.Invoke(metadata);
        return InvokeAsync("ScoreLoanApplication", new JsonObject { ["Data"] = new JsonObject { ["message"] = JsonSerializer.Serialize(message) }, ["Metadata"] = metadata }.ToJsonString(), dropping);
    }

    public Task<HttpResponseMessage> InvokeAsync(string function, string body, CancellationTokenSource? dropping = null) =>
        Client.PostAsync($"/{function}", new StringContent(body, Encoding.UTF8, "application/json"), dropping?.Token ?? Cancel);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Process.DisposeAsync();
    }

    private async Task<string?> AnswerAsync()
    {
        if (Process.HasExited) throw new InvalidOperationException($"The app ended:\n{Process.Said}");
        try
        {
            using var response = await Client.GetAsync("/", Cancel);
            return "ready"; // any answer counts
        }
        catch (HttpRequestException)
        {
            return null; // not listening yet
        }
    }
}
