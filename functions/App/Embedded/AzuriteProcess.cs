using System.Collections.Concurrent;
using System.Diagnostics;

namespace Serverless.Functions.Embedded;

/// <summary>An Azurite that this process started, on free loopback ports, and stops.</summary>
internal sealed class AzuriteProcess : IAsyncDisposable
{
    /// <summary>The emulator's account when none are named.</summary>
    public const string DefaultAccount = "devstoreaccount1";

    // The emulator's well-known key, printed in its documentation: no secret.
    private const string Key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(10);

    private readonly Process _process;

    private AzuriteProcess(Process process, string blobs, string queues) => (_process, Blobs, Queues) = (process, blobs, queues);

    /// <summary>Address of the blob service without an account, such as <c>http://127.0.0.1:40001</c>.</summary>
    public string Blobs { get; }

    /// <summary>Address of the queue service without an account.</summary>
    public string Queues { get; }

    /// <summary>Id of the process.</summary>
    public int Id => _process.Id;

    /// <summary>Connection string of an account.</summary>
    public string ConnectionString(string account = DefaultAccount) => ConnectionString($"{Blobs}/{account}", $"{Queues}/{account}", account);

    /// <summary>Connection string of an account of any Azurite, by its endpoints.</summary>
    public static string ConnectionString(string blobEndpoint, string queueEndpoint, string account = DefaultAccount) =>
        $"DefaultEndpointsProtocol=http;AccountName={account};AccountKey={Key};BlobEndpoint={blobEndpoint};QueueEndpoint={queueEndpoint};";

    /// <summary>Starts Azurite and waits until it listens.</summary>
    /// <param name="repository">The folder that holds <c>infra/local</c>.</param>
    /// <param name="data">Folder of its data, or null to keep it in memory.</param>
    /// <param name="accounts">Accounts that it serves; none for <see cref="DefaultAccount"/>.</param>
    /// <param name="say">Told when something takes long.</param>
    /// <param name="cancel">Stops the start.</param>
    public static async Task<AzuriteProcess> StartAsync(
        string repository, string? data, IReadOnlyList<string> accounts, Action<string> say, CancellationToken cancel)
    {
        var script = await AzuriteInstall.EnsureAsync(repository, say, cancel);
        string[] arguments =
        [
            script, "--silent", "--disableTelemetry", "--skipApiVersionCheck", "--disableProductStyleUrl",
            "--blobPort", "0", "--queuePort", "0", "--tablePort", "0", "--blobKeepAliveTimeout", "120", "--queueKeepAliveTimeout", "120",
            .. data is null ? ["--inMemoryPersistence"] : new[] { "--location", data },
        ];
        var start = new ProcessStartInfo("node", arguments)
        {
            WorkingDirectory = Path.GetDirectoryName(script)!,
            RedirectStandardInput = true, // closing it is the sign to end, see azurite.cjs
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["AZURITE_ACCOUNTS"] = accounts.Count == 0 ? null : string.Join(';', accounts.Select(a => $"{a}:{Key}"));

        var process = new Process { StartInfo = start, EnableRaisingEvents = true };
        try
        {
            var (blobs, queues) = await ListeningAsync(process, cancel);
            return new AzuriteProcess(process, blobs, queues);
        }
        catch
        {
            await StopAsync(process);
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await StopAsync(_process);

    private static async Task<(string Blobs, string Queues)> ListeningAsync(Process process, CancellationToken cancel)
    {
        const string Phrase = " service is successfully listening at ";
        var said = new ConcurrentQueue<string>();
        var addresses = new ConcurrentDictionary<string, string>();
        var listening = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void Hear(object _, DataReceivedEventArgs line)
        {
            if (line.Data is not { } text || listening.Task.IsCompleted) return;
            said.Enqueue(text);
            if (text.Split(Phrase) is [var service, var address]) addresses[service] = address.Trim();
            if (addresses.Count == 3) listening.TrySetResult();
        }

        process.OutputDataReceived += Hear;
        process.ErrorDataReceived += Hear;
        process.Exited += (_, _) => listening.TrySetException(
            new LocalStorageException($"Azurite ended while it was starting:\n{string.Join('\n', said)}"));
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            await listening.Task.WaitAsync(StartLimit, cancel);
        }
        catch (TimeoutException error)
        {
            throw new LocalStorageException($"Azurite did not listen within {StartLimit.TotalSeconds:0} seconds:\n{string.Join('\n', said)}", error);
        }

        return (addresses["Azurite Blob"], addresses["Azurite Queue"]);
    }

    private static async Task StopAsync(Process process)
    {
        using (process)
        {
            process.StandardInput.Close();
            using var limit = new CancellationTokenSource(StopLimit);
            try
            {
                await process.WaitForExitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }
}
