using System.Net.Http.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Functions;
using Serverless.Functions.CustomHandler;
using Serverless.Functions.Embedded;
using Serverless.Functions.Http;
using Serverless.Serving;

namespace Serverless.Tests.Functions;

/// <summary>The app in this process: as the Functions host starts it, or as the development host.</summary>
internal sealed class TestApp : IAsyncDisposable
{
    private readonly IAsyncDisposable _stop;

    private TestApp(WebApplication app, IAsyncDisposable stop)
    {
        (App, _stop) = (app, stop);
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        Client = new HttpClient { BaseAddress = new Uri(address) };
        if (app.Services.GetService<DevelopmentKey>() is { } key) Client.DefaultRequestHeaders.Add("x-functions-key", key.Value);
    }

    public WebApplication App { get; }

    public HttpClient Client { get; }

    /// <summary>Its own functions, when a test gives some, else the real ones.</summary>
    public static async Task<TestApp> HandlerAsync(string connection, ScriptFolder? script = null, params string[] settings)
    {
        var builder = Builder(connection, script, ["FUNCTIONS_CUSTOMHANDLER_PORT=0", .. settings]);
        var root = ScriptRoot.Read(script?.Path ?? AppContext.BaseDirectory, builder.Configuration);
        var app = FunctionApp.Build(builder, StorageAccount.FromConfiguration(builder.Configuration)!, root, Protocol.Port(builder.Configuration)!.Value);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new(app, app);
    }

    /// <summary>The development host with short waits.</summary>
    public static async Task<TestApp> EmbeddedAsync(string connection, ScriptFolder? script = null, params string[] settings)
    {
        var builder = Builder(connection, script,
        [
            "Embedded:Port=0", $"Embedded:Data={Path.Combine(Path.GetTempPath(), "serverless-tests")}", "Embedded:BlobScan=00:00:00.2", "Embedded:StopGrace=00:00:00.5",
            "AzureFunctionsJobHost:extensions:queues:visibilityTimeout=00:00:00", "AzureFunctionsJobHost:extensions:queues:maxPollingInterval=00:00:00.2", .. settings,
        ]);
        var host = await EmbeddedHost.StartAsync(builder, script?.Path ?? AppContext.BaseDirectory, _ => { }, TestContext.Current.CancellationToken);
        return new(host.App, host);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _stop.DisposeAsync();
    }

    private static WebApplicationBuilder Builder(string connection, ScriptFolder? script, string[] settings)
    {
        var builder = FunctionApp.CreateBuilder([]);
        builder.Configuration.AddInMemoryCollection([.. settings.Append($"Logging:LogLevel:Serverless=None").Append($"{StorageAccount.Setting}={connection}")
            .Select(s => s.Split('=', 2)).Reverse().DistinctBy(s => s[0]).Select(s => KeyValuePair.Create(s[0], (string?)s[1]))]); // a test's own come last and count
        if (script is null) builder.AddTelemetryExport().Services.AddFunctions();
        else foreach (var function in script.Functions) builder.Services.AddSingleton(function);
        return builder;
    }
}

/// <summary>A script root in a temporary folder, with functions of a test.</summary>
internal sealed class ScriptFolder : IDisposable
{
    public ScriptFolder() => File.Copy(System.IO.Path.Combine(AppContext.BaseDirectory, "host.json"), System.IO.Path.Combine(Path, "host.json"));

    public string Path { get; } = Directory.CreateTempSubdirectory("serverless-script-").FullName;

    public List<Function> Functions { get; } = [];

    public ScriptFolder Queue(string name, Func<BinaryData, CancellationToken, Task> run) =>
        Add(new Function.OnQueue(name, [], run), $$"""{ "type": "queueTrigger", "direction": "in", "name": "msg", "queueName": "{{name}}" }""");

    public ScriptFolder Blob(string name, Func<string, string, CancellationToken, Task> run) =>
        Add(new Function.OnBlob(name, [], run), $$"""{ "type": "blobTrigger", "direction": "in", "name": "blob", "path": "incoming/{name}" }""");

    public ScriptFolder Timer(string name, string schedule, Func<CancellationToken, Task> run) =>
        Add(new Function.OnTimer(name, [], run), $$"""{ "type": "timerTrigger", "direction": "in", "name": "timer", "schedule": "{{schedule}}" }""");

    public void Dispose() => Directory.Delete(Path, recursive: true);

    private ScriptFolder Add(Function function, string binding)
    {
        var folder = Directory.CreateDirectory(System.IO.Path.Combine(Path, function.Name)).FullName;
        File.WriteAllText(System.IO.Path.Combine(folder, "function.json"), $$"""{ "bindings": [{{binding}}] }""");
        Functions.Add(function);
        return this;
    }
}

internal static class Asked
{
    /// <summary>Asks until the answer is not null or the test's patience ends.</summary>
    public static async Task<T> UntilAsync<T>(Func<Task<T?>> ask, int seconds = 15)
        where T : class
    {
        for (var i = 0; i < seconds * 20; i++)
        {
            if (await ask() is { } answer) return answer;
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }

        throw new TimeoutException($"Nothing came within {seconds} seconds.");
    }

    /// <summary>Checks that a response is problem details of this status and returns them.</summary>
    public static async Task<ProblemAnswer> ProblemAsync(this HttpResponseMessage response, int status)
    {
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = (await response.Content.ReadFromJsonAsync<ProblemAnswer>(Json.Options, TestContext.Current.CancellationToken))!;
        Assert.Equal((status, "about:blank"), (problem.Status, problem.Type));
        Assert.NotEmpty(problem.Title);
        return problem;
    }
}

internal sealed record ProblemAnswer(string Type, string Title, int Status, string Detail, IReadOnlyList<string>? Reasons = null);
