using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Serverless.Tests.Functions;

/// <summary>An OpenTelemetry collector that keeps every byte it is sent (OTLP over HTTP, protobuf, in which strings stand as they are).</summary>
internal sealed class Collector : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<(string Signal, byte[] Body)> _sent = new();

    private Collector()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.MapPost("/v1/{signal}", async (string signal, HttpRequest request) =>
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body);
            _sent.Enqueue((signal, body.ToArray()));
        });
    }

    /// <summary>The settings by which an app sends to it.</summary>
    public IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>
    {
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single(),
        ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
        ["OTEL_METRIC_EXPORT_INTERVAL"] = "500",
        ["OTEL_BSP_SCHEDULE_DELAY"] = "200",
        ["OTEL_BLRP_SCHEDULE_DELAY"] = "200",
    };

    public static async Task<Collector> StartAsync()
    {
        var collector = new Collector();
        await collector._app.StartAsync(TestContext.Current.CancellationToken);
        return collector;
    }

    /// <summary>Whether this text was sent, in any signal or in one: traces, metrics or logs.</summary>
    public bool Has(string text, string? signal = null) => Has(Encoding.UTF8.GetBytes(text), signal);

    /// <summary>Whether this number was sent as a double.</summary>
    public bool Has(double number) => Has(BitConverter.GetBytes(number), null);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private bool Has(byte[] bytes, string? signal) => _sent.Any(s => (signal is null || s.Signal == signal) && s.Body.AsSpan().IndexOf(bytes) >= 0);
}
