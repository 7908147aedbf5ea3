using System.Text.Json;
using Azure;
using Azure.Storage.Blobs;
using Serverless.Serving;

namespace Serverless.Functions.Embedded;

/// <summary>The emulator with its data in a folder: the one that runs, or one that is started and then stopped.</summary>
internal sealed class LocalStorage : IAsyncDisposable
{
    private readonly AzuriteProcess? _started;
    private readonly string _file;

    private LocalStorage(string file, string connectionString, AzuriteProcess? started) => (_file, ConnectionString, _started) = (file, connectionString, started);

    /// <summary>The folder of its data.</summary>
    public string Data => Path.GetDirectoryName(_file)!;

    /// <summary>How to reach it.</summary>
    public string ConnectionString { get; }

    /// <summary>Uses the emulator that <c>azurite.json</c> names if it answers, else starts one and writes that file, by which the CLI finds it.</summary>
    public static async Task<LocalStorage> OpenAsync(string repository, string folder, Action<string> say, CancellationToken cancel)
    {
        var data = Path.GetFullPath(folder, repository);
        var file = Path.Combine(data, "azurite.json");
        if (await RunningAsync(file, cancel) is { } running)
        {
            say($"Using the Azurite that is running already (process {running.Pid}); it is not stopped with this app.");
            return new(file, AzuriteProcess.ConnectionString(running.BlobEndpoint, running.QueueEndpoint), started: null);
        }

        Directory.CreateDirectory(data);
        var started = await AzuriteProcess.StartAsync(repository, Path.Combine(data, "azurite"), [], say, cancel);
        var endpoints = new AzuriteEndpoints($"{started.Blobs}/{AzuriteProcess.DefaultAccount}", $"{started.Queues}/{AzuriteProcess.DefaultAccount}", started.Id);
        await File.WriteAllBytesAsync(file, Json.File(endpoints), cancel);
        return new(file, started.ConnectionString(), started);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_started is null) return;
        File.Delete(_file);
        await _started.DisposeAsync();
    }

    /// <summary>The emulator of another start, unless the file was left over by one that was killed.</summary>
    private static async Task<AzuriteEndpoints?> RunningAsync(string file, CancellationToken cancel)
    {
        if (!File.Exists(file)) return null;
        try
        {
            var endpoints = JsonSerializer.Deserialize<AzuriteEndpoints>(await File.ReadAllBytesAsync(file, cancel), Json.Options)!;
            var options = new BlobClientOptions { Retry = { MaxRetries = 0, NetworkTimeout = TimeSpan.FromSeconds(2) } };
            await new BlobServiceClient(AzuriteProcess.ConnectionString(endpoints.BlobEndpoint, endpoints.QueueEndpoint), options).GetPropertiesAsync(cancel);
            return endpoints;
        }
        catch (Exception error) when (error is JsonException or RequestFailedException or AggregateException or UriFormatException or FormatException)
        {
            return null;
        }
    }
}

/// <summary><c>.data/azurite.json</c>: where the emulator of local mode answers.</summary>
internal sealed record AzuriteEndpoints(string BlobEndpoint, string QueueEndpoint, int Pid);
