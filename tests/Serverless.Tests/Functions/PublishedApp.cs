using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Serverless.Tests.House;

[assembly: AssemblyFixture(typeof(Serverless.Tests.Functions.PublishedApp))]

namespace Serverless.Tests.Functions;

/// <summary>
/// What <c>dotnet publish functions/App</c> gives, in a folder outside the repository; published once, when the first test asks. It is
/// started as on a machine without .NET: with an empty environment but for what a test names.
/// </summary>
public sealed class PublishedApp : IAsyncDisposable
{
    private readonly Lazy<Task<string>> _folder = new(PublishAsync);

    /// <summary>Starts the executable in its own folder.</summary>
    public async Task<AppProcess> StartAsync(IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment)
    {
        var folder = await FolderAsync();
        var start = new ProcessStartInfo(Path.Combine(folder, "Serverless.Functions"), arguments) { WorkingDirectory = folder };
        start.Environment.Clear();
        foreach (var (name, value) in environment) start.Environment[name] = value;
        return AppProcess.Start(start);
    }

    /// <summary>The script root: the executable, host.json and the functions' folders.</summary>
    public Task<string> FolderAsync() => _folder.Value;

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public async ValueTask DisposeAsync()
    {
        if (_folder.IsValueCreated) Directory.Delete(await _folder.Value, recursive: true);
    }

    private static async Task<string> PublishAsync()
    {
        var folder = Directory.CreateTempSubdirectory("serverless-published-").FullName;

        // Compiling ahead takes longer than all starts of the tests together would gain by it.
        string[] words = ["publish", Path.Combine(Repository.Root, "functions/App"), "-c", "Debug", "-p:PublishReadyToRun=false", "-o", folder, "-v", "quiet", "--nologo"];
        using var process = Process.Start(new ProcessStartInfo("dotnet", words) { RedirectStandardOutput = true })!;
        var said = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? folder : throw new InvalidOperationException($"'dotnet publish' failed:\n{said}");
    }
}
