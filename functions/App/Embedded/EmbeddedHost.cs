using System.Net;
using System.Net.Sockets;
using Azure;
using Azure.Identity;
using Microsoft.Extensions.Logging.Console;
using Serverless.Functions.Http;
using Serverless.Serving;

namespace Serverless.Functions.Embedded;

/// <summary>The development host: the same triggers and routes without the Functions host, on this machine only.</summary>
internal sealed class EmbeddedHost : IAsyncDisposable
{
    private static readonly TimeSpan TimeToGiveBack = TimeSpan.FromSeconds(10);

    private readonly LocalStorage? _local;

    private EmbeddedHost(WebApplication app, LocalStorage? local, Uri address) => (App, _local, Address) = (app, local, address);

    /// <summary>The running app.</summary>
    public WebApplication App { get; }

    /// <summary>Where the API is, such as <c>http://127.0.0.1:7071/api/</c>.</summary>
    public Uri Address { get; }

    /// <summary>Folder of the data in local mode; null where a storage account was configured.</summary>
    public string? Data => _local?.Data;

    /// <summary>Brings up the storage if none is configured, then the listeners and the API.</summary>
    /// <param name="builder">With its functions added.</param>
    /// <param name="scriptRoot">Folder with host.json and the functions' folders.</param>
    /// <param name="say">Told what a person at the terminal should know.</param>
    /// <param name="cancel">Stops the start.</param>
    public static async Task<EmbeddedHost> StartAsync(WebApplicationBuilder builder, string scriptRoot, Action<string> say, CancellationToken cancel)
    {
        var settings = Settings.Read<EmbeddedSettings>(builder.Configuration.GetSection("Embedded"), s => s.Faults());
        var root = ScriptRoot.Read(scriptRoot, builder.Configuration);
        say("Development host (not for production): in Azure, the Functions host drives the same app.");
        var local = StorageAccount.FromConfiguration(builder.Configuration) is null
            ? await LocalStorage.OpenAsync(AzuriteInstall.FindRepository(), settings.Data, say, cancel)
            : null;
        WebApplication? app = null;
        try
        {
            if (local is not null) builder.Configuration[StorageAccount.Setting] = local.ConnectionString;
            var data = local?.Data ?? Path.GetFullPath(settings.Data, AzuriteInstall.Repository() ?? AppContext.BaseDirectory);
            var key = DevelopmentKey.Of(data);
            builder.Services.AddSingleton(key).AddCors(cors => cors.AddDefaultPolicy(policy => policy.WithOrigins(settings.AllowedOrigins).AllowAnyHeader().AllowAnyMethod()));
            var storage = StorageAccount.FromConfiguration(builder.Configuration)!;
            builder.Logging.AddConsoleFormatter<PlainFormatter, ConsoleFormatterOptions>();
            builder.Services.PostConfigure<ConsoleLoggerOptions>(console => console.FormatterName = PlainFormatter.FormatterName);
            builder.Services.Configure<HostOptions>(host =>
            {
                // The listeners hear of a stop at once, not behind the last open request, and have their grace and time to give back.
                host.ServicesStopConcurrently = true;
                host.ShutdownTimeout = settings.StopGrace + TimeToGiveBack;
            });
            builder.Services.AddSingleton(settings).AddHostedService(s => new Listeners(
                s.GetRequiredService<Dispatcher>(), root, storage.Blobs, storage.RawQueues, settings, s.GetRequiredService<TimeProvider>(), s.GetRequiredService<ILogger<Listeners>>()));
            var port = FreePort(settings.Port);
            if (port != settings.Port && settings.Port != 0) say($"Port {settings.Port} is taken; using {port}.");
            var preparing = storage.CreateAsync([.. StorageAccount.Containers, .. Listeners.Containers(root)], [.. StorageAccount.QueueNames, .. Listeners.Queues(root)], cancel);
            app = FunctionApp.Build(builder, storage, root, port);
            app.UseCors();
            await PreparedAsync(preparing, app.Services.GetRequiredService<StorageCheck>(), cancel);
            await app.StartAsync(cancel);
            var address = new Uri($"http://127.0.0.1:{port}/{root.Host.RoutePrefix}/");
            say($"The API answers at {address} (its key: {Path.Combine(data, DevelopmentKey.File)})");
            return new(app, local, address);
        }
        catch
        {
            if (app is not null) await app.DisposeAsync();
            if (local is not null) await local.DisposeAsync();
            throw;
        }
    }

    /// <summary>Stops the app first: its last writes need the storage.</summary>
    public async ValueTask DisposeAsync()
    {
        await App.StopAsync();
        await App.DisposeAsync();
        if (_local is not null) await _local.DisposeAsync();
    }

    private static async Task PreparedAsync(Task preparing, StorageCheck storage, CancellationToken cancel)
    {
        try
        {
            await preparing;
        }
        catch (Exception error) when (error is RequestFailedException { Status: 401 or 403 } or AuthenticationFailedException)
        {
            // What was refused says less than what is missing.
            if (await storage.FaultsAsync(cancel) is { Count: > 0 } faults) throw new SettingsException(faults);
            throw;
        }
    }

    /// <summary>The wanted port if it can be had, else one that the system chooses.</summary>
    private static int FreePort(int wanted)
    {
        foreach (var port in new[] { wanted, 0 })
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            try
            {
                listener.Start();
                return ((IPEndPoint)listener.LocalEndpoint).Port;
            }
            catch (SocketException error) when (port != 0 && error.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AccessDenied)
            {
            }
        }

        throw new SettingsException("No port on 127.0.0.1 is free.");
    }
}
