using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Reflection;
using System.Text.Json;
using Azure.Storage.Queues.Models;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Serverless.Serving;
using Serverless.Tests.Functions;
using Serverless.Worker.Tests.Rpc;

namespace Serverless.Worker.Tests;

/// <summary>
/// The Functions host towards the isolated worker: starts it as a process, speaks the protocol for language workers with it, asks it for
/// its functions, and sends what the storage extension sends: messages and blobs as binding data, requests past it by HTTP.
/// </summary>
internal sealed class WorkerHost : PlayedHost
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly WebApplication _server;
    private readonly AppProcess _worker;
    private readonly Conversation _conversation;
    private readonly Dictionary<string, string> _ids;
    private readonly HttpClient _client;

    private WorkerHost(
        StorageAccount account, WebApplication server, AppProcess worker, Conversation conversation, IReadOnlyList<RpcFunctionMetadata> functions, IReadOnlyDictionary<string, string> capabilities)
        : base(account)
    {
        (_server, _worker, _conversation, Functions, Capabilities) = (server, worker, conversation, functions, capabilities);
        _ids = Functions.ToDictionary(f => f.Name, f => f.FunctionId);
        _client = new HttpClient { BaseAddress = new Uri(capabilities["HttpUri"]) };
    }

    /// <summary>Folder of the built worker.</summary>
    public static string Folder { get; } = typeof(WorkerHost).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "Worker").Value!;

    /// <summary>What the worker told of its functions.</summary>
    public IReadOnlyList<RpcFunctionMetadata> Functions { get; }

    /// <summary>What the worker said that it can do.</summary>
    public IReadOnlyDictionary<string, string> Capabilities { get; }

    /// <summary>Log lines that the worker sent.</summary>
    public IReadOnlyCollection<string> Logs => _conversation.Logs;

    /// <summary>The trace of the invocations to come, W3C Trace Context.</summary>
    public string TraceParent { get; set; } = "";

    public static async Task<WorkerHost> StartAsync(string connection, IReadOnlyDictionary<string, string>? settings = null)
    {
        var conversation = new Conversation();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.AddSingleton(conversation).AddGrpc(grpc => grpc.MaxReceiveMessageSize = null);
        var server = builder.Build();
        server.MapGrpcService<Conversation>();
        await server.StartAsync(Cancel);
        var address = server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        var worker = StartProcess(address, [.. settings ?? new Dictionary<string, string>(), new(StorageAccount.Setting, connection), new(StorageAccount.DataSetting, connection)]);
        try
        {
            var initialised = await conversation.InitialiseAsync(Folder).WaitAsync(Patience, Cancel);
            await Asked.UntilAsync(() => ListensAsync(new(initialised.Capabilities["HttpUri"])));
            var functions = await conversation.LoadAsync(Folder).WaitAsync(Patience, Cancel);
            return new(StorageAccount.Open(connection), server, worker, conversation, functions, initialised.Capabilities.AsReadOnly());
        }
        catch (Exception error)
        {
            var said = worker.Said;
            await worker.DisposeAsync();
            await server.DisposeAsync();
            throw new InvalidOperationException($"The worker did not start:\n{said}", error);
        }
    }

    /// <summary>Starts the worker as the host does, with these settings, in another folder than its own.</summary>
    public static AppProcess StartProcess(string address, IEnumerable<KeyValuePair<string, string>> settings)
    {
        var start = new ProcessStartInfo("dotnet",
        [
            Path.Combine(Folder, "Serverless.Functions.Worker.dll"), "--functions-uri", address, "--functions-worker-id", "worker", "--functions-request-id", "request",
            "--functions-grpc-max-message-length", $"{int.MaxValue}",
        ])
        {
            WorkingDirectory = Path.GetTempPath(),
        };
        start.Environment["FUNCTIONS_APPLICATION_DIRECTORY"] = start.Environment["FUNCTIONS_WORKER_DIRECTORY"] = Folder;
        foreach (var (name, value) in settings) start.Environment[name] = value;
        return AppProcess.Start(start);
    }

    public override Task<bool> TimerAsync(string function) =>
        InvokeAsync(function, "timer", new() { Json = """{"Schedule":{"AdjustForDST":true},"ScheduleStatus":null,"IsPastDue":false}""" });

    public override async Task<HttpResponseMessage> HttpAsync(string function, HttpRequestMessage request)
    {
        var id = $"{Guid.NewGuid()}";
        request.Headers.Add("x-ms-invocation-id", id);
        var invoked = InvokeAsync(function, "request", new() { Http = new() }, id: id);
        var response = await _client.SendAsync(request, Cancel);
        Assert.True(await invoked);
        return response;
    }

    public override async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _worker.DisposeAsync();
        await _server.DisposeAsync();
    }

    protected override Task<bool> InvokeQueueAsync(string function, QueueMessage message) =>
        InvokeAsync(function, "message", Model("AzureStorageQueues", new BinaryData(message))); // so the storage extension puts it

    protected override Task<bool> InvokeBlobAsync(string function, Uri uri, string name, string etag) => InvokeAsync(
        function,
        "drop",
        Model("AzureStorageBlobs", new BinaryData(new { Connection = "DataStorage", ContainerName = "drops", BlobName = name })),
        new()
        {
            ["BlobTrigger"] = new() { String = $"drops/{name}" },
            ["Uri"] = new() { Json = JsonSerializer.Serialize(uri) },
            ["Properties"] = new() { Json = JsonSerializer.Serialize(new { ContentType = "text/csv", ETag = etag, BlobType = 2 }) },
            ["name"] = new() { String = name },
        });

    private static async Task<string?> ListensAsync(Uri address)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(address.Host, address.Port, Cancel);
            return "listens";
        }
        catch (SocketException)
        {
            return null; // its server comes up beside the stream to the host
        }
    }

    private async Task<bool> InvokeAsync(string function, string parameter, TypedData data, Dictionary<string, TypedData>? metadata = null, string? id = null)
    {
        var request = new InvocationRequest { InvocationId = id ?? $"{Guid.NewGuid()}", FunctionId = _ids[function], TraceContext = new() { TraceParent = TraceParent } };
        request.InputData.Add(new ParameterBinding { Name = parameter, Data = data });
        request.TriggerMetadata.Add(metadata ?? []);
        var response = await _conversation.InvokeAsync(request).WaitAsync(Patience, Cancel);
        return response.Result.Status == StatusResult.Types.Status.Success;
    }

    private static TypedData Model(string source, BinaryData content) =>
        new() { ModelBindingData = new() { Version = "1.0", Source = source, ContentType = "application/json", Content = ByteString.CopyFrom(content) } };
}
