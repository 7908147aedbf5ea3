using Azure.Core;
using Azure.Identity;
using Azure.Monitor.OpenTelemetry.Exporter;
using Microsoft.Extensions.Logging.Console;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Serverless.Functions.CustomHandler;
using Serverless.Serving;

namespace Serverless.Functions;

/// <summary>
/// Sends traces, metrics and logs where the configuration says, by OpenTelemetry: to a collector (<c>OTEL_EXPORTER_OTLP_ENDPOINT</c>, with
/// the other settings of that standard), to Application Insights (<c>APPLICATIONINSIGHTS_CONNECTION_STRING</c>), or to both. Without
/// either, nothing is gathered. Log levels are those of section <c>Logging</c>, for every destination.
/// </summary>
internal static class TelemetryExport
{
    private const string ApplicationInsights = "APPLICATIONINSIGHTS_CONNECTION_STRING";
    private const string ApplicationInsightsIdentity = "APPLICATIONINSIGHTS_AUTHENTICATION_STRING";
    private const string Collector = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private const string ServiceName = "OTEL_SERVICE_NAME";

    // Asked all the time and never of interest.
    private static readonly string[] Untraced = ["/", "/api/health/live", "/api/health/ready"];

    /// <summary>Adds what is configured.</summary>
    /// <exception cref="SettingsException">A setting has another form.</exception>
    public static T AddTelemetryExport<T>(this T builder)
        where T : IHostApplicationBuilder
    {
        var settings = builder.Configuration;
        if (!IsConfigured(settings)) return builder;
        var (insights, collector) = (settings[ApplicationInsights], settings[Collector]);

        var telemetry = builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService(
                settings[ServiceName] is { Length: > 0 } name ? name : "serverless", serviceVersion: typeof(TelemetryExport).Assembly.GetName().Version?.ToString(3)))
            .WithTracing(traces => traces.AddSource(Telemetry.Name).AddAspNetCoreInstrumentation(http => http.Filter = request => !Untraced.Contains(request.Request.Path.Value)))
            .WithMetrics(metrics => metrics.AddMeter(Telemetry.Name, "System.Runtime", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel"))
            .WithLogging(configureBuilder: null, configureOptions: options => options.IncludeFormattedMessage = true);
        if (!string.IsNullOrEmpty(collector)) telemetry.UseOtlpExporter();
        if (!string.IsNullOrEmpty(insights))
        {
            telemetry.UseAzureMonitorExporter(options =>
            {
                (options.ConnectionString, options.Credential) = (insights, Credential(settings[ApplicationInsightsIdentity]));

                // Its own sampler keeps five traces a second, whatever their senders decided, and drops the log lines of the rest.
                (options.TracesPerSecond, options.SamplingRatio, options.EnableTraceBasedLogsSampler) = (null, 1, false);
            });
        }

        // The Functions host sends on what its handler prints, so that only what matters is said twice.
        if (Protocol.Port(settings) is not null) builder.Logging.AddFilter<ConsoleLoggerProvider>(null, LogLevel.Warning);
        return builder;
    }

    /// <summary>Whether anything is gathered.</summary>
    public static bool IsConfigured(IConfiguration settings) => !string.IsNullOrEmpty(settings[ApplicationInsights]) || !string.IsNullOrEmpty(settings[Collector]);

    /// <summary>The identity of a setting that the Functions host reads too, such as <c>Authorization=AAD;ClientId=…</c>; null for ingestion by the connection string alone.</summary>
    internal static TokenCredential? Credential(string? text)
    {
        if (string.IsNullOrEmpty(text)) return null;
        var parts = text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(p => p.Split('=', 2)).Where(p => p.Length == 2)
            .ToDictionary(p => p[0].Trim(), p => p[1].Trim(), StringComparer.OrdinalIgnoreCase);
        if (!string.Equals(parts.GetValueOrDefault("Authorization"), "AAD", StringComparison.OrdinalIgnoreCase))
            throw new SettingsException($"{ApplicationInsightsIdentity} must be Authorization=AAD, with ;ClientId=… for a user-assigned identity, or left out.");
        return new ManagedIdentityCredential(parts.GetValueOrDefault("ClientId") is { Length: > 0 } client ? ManagedIdentityId.FromUserAssignedClientId(client) : ManagedIdentityId.SystemAssigned);
    }
}
