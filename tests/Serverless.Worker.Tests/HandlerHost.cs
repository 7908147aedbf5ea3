using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Azure.Storage.Queues.Models;
using Serverless.Serving;
using Serverless.Tests.Functions;

namespace Serverless.Worker.Tests;

/// <summary>The Functions host towards the custom handler, as the recorded requests show it.</summary>
internal sealed class HandlerHost(StorageAccount account, TestApp app) : PlayedHost(account)
{
    private const string Completed = """{"Outputs":{},"Logs":[],"ReturnValue":null}""";

    public static async Task<PlayedHost> StartAsync(string connection) => new HandlerHost(StorageAccount.Open(connection), await TestApp.HandlerAsync(connection));

    public override Task<bool> TimerAsync(string function) => InvokeAsync(function, Recorded.Timer);

    public override Task<HttpResponseMessage> HttpAsync(string function, HttpRequestMessage request) => app.Client.SendAsync(request, Cancel);

    public override ValueTask DisposeAsync() => app.DisposeAsync();

    protected override Task<bool> InvokeQueueAsync(string function, QueueMessage message) => InvokeAsync(function, new JsonObject
    {
        ["Data"] = new JsonObject { ["message"] = JsonSerializer.Serialize(message.Body.ToString()) },
        ["Metadata"] = new JsonObject { ["DequeueCount"] = "1", ["Id"] = JsonSerializer.Serialize(message.MessageId) },
    }.ToJsonString());

    protected override Task<bool> InvokeBlobAsync(string function, Uri uri, string name, string etag) => InvokeAsync(function, new JsonObject
    {
        ["Data"] = new JsonObject { ["drop"] = "" },
        ["Metadata"] = new JsonObject { ["Uri"] = JsonSerializer.Serialize(uri), ["Properties"] = new JsonObject { ["ETag"] = etag }, ["name"] = JsonSerializer.Serialize(name) },
    }.ToJsonString());

    private async Task<bool> InvokeAsync(string function, string body)
    {
        using var response = await app.Client.PostAsync($"/{function}", new StringContent(body, Encoding.UTF8, "application/json"), Cancel);
        return response.StatusCode == HttpStatusCode.OK && await response.Content.ReadAsStringAsync(Cancel) == Completed;
    }
}
