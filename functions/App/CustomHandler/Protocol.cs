using System.Globalization;
using System.Text.Json;
using Serverless.Serving;

namespace Serverless.Functions.CustomHandler;

/// <summary>
/// The custom handler protocol of the Azure Functions host: <c>GET /</c> when it asks whether the handler is up, and
/// <c>POST /{function}</c> for each invocation of a queue, blob or timer trigger. HTTP functions are forwarded as they are.
/// </summary>
internal static class Protocol
{
    /// <summary>The host inlines a blob as base64; a drop may have 64 MB.</summary>
    public const int LargestBody = 96 * 1024 * 1024;

    /// <summary>2xx without an object like this would hang the invocation until its timeout.</summary>
    private static readonly byte[] Completed = """{"Outputs":{},"Logs":[],"ReturnValue":null}"""u8.ToArray();

    /// <summary>The port that the host wants the handler on; null when no host started the app.</summary>
    /// <exception cref="SettingsException">It is no port.</exception>
    public static int? Port(IConfiguration configuration)
    {
        const string Setting = "FUNCTIONS_CUSTOMHANDLER_PORT";
        if (configuration[Setting] is not { Length: > 0 } text) return null;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port <= 65535
            ? port
            : throw new SettingsException($"{Setting} must be a port: the Functions host sets it, so leave it unset to start the development host.");
    }

    /// <summary>Maps readiness and the functions with a queue, blob or timer trigger.</summary>
    public static void MapProtocol(this WebApplication app, ScriptRoot root)
    {
        var dispatcher = app.Services.GetRequiredService<Dispatcher>();
        app.MapGet("/", http => Task.CompletedTask);
        foreach (var (name, trigger) in root.Functions)
        {
            if (trigger.Type == "queueTrigger")
            {
                var function = dispatcher.Find<Function.OnQueue>(name);
                Map(name, async (body, cancel) =>
                {
                    var message = await ReadAsync(body, json => Message(json, trigger.Name), cancel);
                    await function.RunAsync(message, cancel);
                });
            }
            else if (trigger.Type == "blobTrigger")
            {
                var function = dispatcher.Find<Function.OnBlob>(name);
                Map(name, async (body, cancel) =>
                {
                    var (blob, etag) = await ReadAsync(body, Blob, cancel);
                    await function.RunAsync(blob, etag, cancel);
                });
            }
            else if (trigger.Type == "timerTrigger")
            {
                // The body has the schedule's state and whether it is late, which no function of ours needs.
                var function = dispatcher.Find<Function.OnTimer>(name);
                Map(name, (_, cancel) => function.RunAsync(cancel));
            }
        }

        void Map(string name, Func<Stream, CancellationToken, Task> invoke) => app.MapPost(name, async http =>
        {
            await invoke(http.Request.Body, http.RequestAborted);
            http.Response.ContentType = "application/json";
            http.Response.ContentLength = Completed.Length;
            await http.Response.Body.WriteAsync(Completed, http.RequestAborted);
        });
    }

    /// <summary>
    /// The message of a queue trigger. Only <c>Data</c> counts: the host merges the members of a JSON message into <c>Metadata</c>,
    /// over its own, so everything there can be forged by the sender.
    /// </summary>
    internal static BinaryData Message(JsonElement body, string binding) => BinaryData.FromString(Decode(body.GetProperty("Data").GetProperty(binding)));

    /// <summary>
    /// Name within the container and ETag of a blob trigger. The content in <c>Data</c> is left alone: it may be older than what the
    /// name now leads to. The host fills these members from the path and the service; a blob's own metadata lies one level deeper.
    /// </summary>
    internal static (string Name, string ETag) Blob(JsonElement body)
    {
        var metadata = body.GetProperty("Metadata");
        return (Decode(metadata.GetProperty("name")), metadata.GetProperty("Properties").GetProperty("ETag").GetString() ?? throw new JsonException());
    }

    /// <summary>Strings arrive encoded twice.</summary>
    private static string Decode(JsonElement value) => JsonSerializer.Deserialize<string>(value.GetString() ?? "null") ?? throw new JsonException();

    private static async Task<T> ReadAsync<T>(Stream body, Func<JsonElement, T> read, CancellationToken cancel)
    {
        try
        {
            // The document, which may hold a whole blob, is given back before the function runs.
            using var json = await JsonDocument.ParseAsync(body, default, cancel);
            return read(json.RootElement);
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new BadHttpRequestException("The body is not an invocation as the Functions host sends it.", StatusCodes.Status400BadRequest, error);
        }
    }
}
