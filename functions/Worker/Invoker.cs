using System.Text.Json;
using Azure.Storage.Blobs;
using Azure.Storage.Queues.Models;
using Microsoft.Azure.Functions.Worker;
using Serverless.Functions.Http;

namespace Serverless.Functions.Worker;

/// <summary>Runs the app's functions on what the worker bound: the same functions, by the same names, as in the other hosts.</summary>
public sealed class Invoker
{
    private readonly Dispatcher _dispatcher;
    private readonly Admission _admission;

    internal Invoker(Dispatcher dispatcher, Admission admission) => (_dispatcher, _admission) = (dispatcher, admission);

    /// <summary>On a message, which the host has decoded from base64 already. Its metadata is left alone: a sender can forge it.</summary>
    public Task OnQueueAsync(string function, QueueMessage message, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(message);
        return _dispatcher.Find<Function.OnQueue>(function).RunAsync(message.Body, cancel);
    }

    /// <summary>On a blob, by its name and the ETag for which the host fired: its content may have changed since, and is read by the function.</summary>
    public Task OnBlobAsync(string function, BlobClient blob, FunctionContext context, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(blob);
        ArgumentNullException.ThrowIfNull(context);
        var properties = JsonSerializer.Deserialize<JsonElement>((string)context.BindingContext.BindingData["Properties"]!);
        return _dispatcher.Find<Function.OnBlob>(function).RunAsync(blob.Name, properties.GetProperty("ETag").GetString()!, cancel);
    }

    /// <summary>On a schedule.</summary>
    public Task OnTimerAsync(string function, CancellationToken cancel) => _dispatcher.Find<Function.OnTimer>(function).RunAsync(cancel);

    /// <summary>On a request, behind the door of every HTTP function.</summary>
    public Task<IResult> OnHttpAsync(string function, HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return _admission.RunAsync(_dispatcher.Find<Function.OnHttp>(function), request.HttpContext);
    }
}
