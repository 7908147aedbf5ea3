using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Serverless.Functions.Embedded;
using Serverless.Functions.Http;
using Serverless.Serving;
using Serverless.Training;
using Serverless.Training.Credit;
using Serverless.Training.Drops;
using Serverless.Training.Samples;
using Serverless.Training.Text;

namespace Serverless.Benchmarks;

/// <summary>Storage with live models of both samples; its Azurite keeps its data on disk, as in local mode.</summary>
internal sealed class SeededStorage(AzuriteProcess azurite) : IAsyncDisposable
{
    public StorageAccount Storage { get; } = StorageAccount.Open(azurite.ConnectionString());

    public string ConnectionString => azurite.ConnectionString();

    public ValueTask DisposeAsync() => azurite.DisposeAsync();
}

/// <summary>The built app in a process of its own.</summary>
internal sealed class AppUnderTest : IAsyncDisposable
{
    private readonly Process _process;
    private readonly SeededStorage? _owned;

    private AppUnderTest(Process process, Uri address, SeededStorage? owned) => (_process, Address, _owned) = (process, address, owned);

    public Uri Address { get; }

    /// <summary>A client that has the app's key.</summary>
    public HttpClient Client() => Client(Address, Path.GetTempPath(), new SocketsHttpHandler { MaxConnectionsPerServer = 32 });

    /// <summary>Starts storage with live models, then the app, and waits until it is ready.</summary>
    /// <param name="folder">Where to put what is needed on the way.</param>
    /// <param name="more">Makes more models live.</param>
    public static async Task<AppUnderTest> StartAsync(string folder, Func<SeededStorage, Task>? more = null)
    {
        var seeded = await SeedAsync(folder);
        if (more is not null) await more(seeded);
        var app = Start(seeded, owned: seeded);
        using var http = app.Client();
        await FirstAnswerAsync(() => http.GetAsync("api/health/ready"));
        return app;
    }

    /// <summary>Starts the app on storage that is there, without waiting.</summary>
    public static AppUnderTest Start(SeededStorage seeded, SeededStorage? owned = null)
    {
        var port = FreePort();
        var process = Workplace.Start("Serverless.Functions.dll", [], new Dictionary<string, string>
        {
            [StorageAccount.Setting] = seeded.ConnectionString,
            ["Embedded__Port"] = $"{port}",
            ["Embedded__Data"] = Path.GetTempPath(),
            ["Logging__LogLevel__Default"] = "Warning",
        });
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        return new(process, new Uri($"http://127.0.0.1:{port}/"), owned);
    }

    /// <summary>Starts the app as a newcomer does, with an emulator of its own; asks it, and stops it in peace.</summary>
    public static async Task StartLocalAsync(string data, Func<HttpClient, Task> ask)
    {
        var port = FreePort();
        using var process = Workplace.Start("Serverless.Functions.dll", [], new Dictionary<string, string> { ["Embedded__Data"] = data, ["Embedded__Port"] = $"{port}" });
        var said = process.StandardOutput.ReadToEndAsync();
        using (var http = Client(new Uri($"http://127.0.0.1:{port}/"), data, new SocketsHttpHandler())) await ask(http);
        using (var stop = Process.Start("kill", ["-TERM", $"{process.Id}"])) await stop.WaitForExitAsync();
        await process.WaitForExitAsync();
        await said;
    }

    /// <summary>Trains both samples and makes them live.</summary>
    public static async Task<SeededStorage> SeedAsync(string folder)
    {
        var data = Directory.CreateDirectory(Path.Combine(folder, $"azurite-{Guid.NewGuid():N}")).FullName;
        var seeded = new SeededStorage(await AzuriteProcess.StartAsync(AzuriteInstall.FindRepository(), data, [], Console.Error.WriteLine, default));
        await seeded.Storage.PrepareAsync(default);
        await PromoteAsync(seeded.Storage, new CreditTrainer(), LoanSample.Contract, folder, csv => LoanSample.WriteAsync(csv, 20_000, seed: 7));
        await PromoteAsync(seeded.Storage, new TextTrainer(), CustomerServiceSample.Contract, folder, csv => CustomerServiceSample.OpenCsv().CopyToAsync(csv));
        return seeded;
    }

    /// <summary>Asks until an answer is good.</summary>
    public static async Task FirstAnswerAsync(Func<Task<HttpResponseMessage>> ask)
    {
        for (var began = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(began) < TimeSpan.FromMinutes(1); await Task.Delay(10))
        {
            try
            {
                using var response = await ask();
                if (response.IsSuccessStatusCode) return;
            }
            catch (Exception error) when (error is HttpRequestException or SocketException)
            {
                // Not listening yet.
            }
        }

        throw new TimeoutException("The app did not answer within a minute.");
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        if (_owned is not null) await _owned.DisposeAsync();
    }

    /// <summary>Trains a model and makes it live.</summary>
    public static async Task PromoteAsync(StorageAccount storage, ITrainingFamily family, DataContract contract, string folder, Func<Stream, Task> write)
    {
        var csv = Path.Combine(folder, $"{contract.Portfolio}.csv");
        await using (var file = File.Create(csv)) await write(file);
        await using var drop = await LocalDrop.OpenAsync(csv, default);
        var outcome = await ModelTraining.RunAsync(family, contract, drop, parent: null, checkpoints: null, TimeProvider.System, new Progress<TrainingProgress>(), default);
        var bundle = ((Outcome<NewModel>.Done)outcome).Value.Seal(gate: null);
        var registry = new ModelRegistry(storage);
        await registry.PublishAsync(bundle, default);
        var first = new PortfolioState();
        await registry.SwitchAsync(contract.Family, contract.Portfolio, first, first.Live(bundle.Version, new(StateChangeKind.Promote, "benchmark", TimeProvider.System.GetUtcNow())), default);
    }

    // Whichever of this process and the app comes first makes the key.
    private static HttpClient Client(Uri address, string data, SocketsHttpHandler handler) =>
        new(handler) { BaseAddress = address, DefaultRequestHeaders = { { "x-functions-key", DevelopmentKey.Of(data).Value } } };

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
