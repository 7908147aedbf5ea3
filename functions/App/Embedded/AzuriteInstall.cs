using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace Serverless.Functions.Embedded;

/// <summary>Where the pinned storage emulator is, and how it gets there: <c>npm ci</c> in <c>infra/local</c> on first use.</summary>
internal static class AzuriteInstall
{
    private const string Folder = "infra/local";
    private const int LeastNode = 20;

    private static readonly SemaphoreSlim One = new(1, 1);

    /// <summary>The repository that holds <c>infra/local</c>, searched upward from the app and from the current directory.</summary>
    /// <exception cref="LocalStorageException">There is none, as in a published app.</exception>
    public static string FindRepository() => Repository() ?? throw new LocalStorageException(
        "There is no storage. Set AzureWebJobsStorage to a connection string (or AzureWebJobsStorage__accountName for an identity), " +
        "or start the app inside its repository, where it brings up the Azurite emulator by itself.");

    /// <summary>As <see cref="FindRepository"/>; null when there is none.</summary>
    public static string? Repository()
    {
        foreach (var start in new[] { AppContext.BaseDirectory, Environment.CurrentDirectory })
            for (var at = new DirectoryInfo(start); at is not null; at = at.Parent)
                if (File.Exists(Path.Combine(at.FullName, Folder, "package.json"))) return at.FullName;
        return null;
    }

    /// <summary>Checks Node, installs Azurite if it is missing or the lock file is newer, and returns the script to run.</summary>
    public static async Task<string> EnsureAsync(string repository, Action<string> say, CancellationToken cancel)
    {
        var folder = Path.Combine(repository, Folder);
        CheckNode((await RunAsync("node", ["--version"], folder, cancel)).Trim());

        // npm writes this file when it has finished, so that an interrupted install counts as none.
        var installed = Path.Combine(folder, "node_modules", ".package-lock.json");
        await One.WaitAsync(cancel);
        try
        {
            await InstallAsync(folder, installed, say, cancel);
        }
        finally
        {
            One.Release();
        }

        return Path.Combine(folder, "azurite.cjs");
    }

    private static async Task InstallAsync(string folder, string installed, Action<string> say, CancellationToken cancel)
    {
        if (!File.Exists(installed) || File.GetLastWriteTimeUtc(installed) < File.GetLastWriteTimeUtc(Path.Combine(folder, "package-lock.json")))
        {
            say($"Installing the Azurite storage emulator into {Folder}/node_modules (npm ci, once, about half a minute) …");
            await (OperatingSystem.IsWindows()
                ? RunAsync("cmd", ["/c", "npm", "ci", "--no-progress"], folder, cancel)
                : RunAsync("npm", ["ci", "--no-progress"], folder, cancel));
        }
    }

    /// <summary>Refuses versions of Node that Azurite's way of ending does not work with.</summary>
    /// <param name="version">As <c>node --version</c> prints it, such as v20.11.0.</param>
    internal static void CheckNode(string version)
    {
        if (!int.TryParse(version.TrimStart('v').Split('.')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var major) || major < LeastNode)
            throw new LocalStorageException($"Node {version} is too old for local mode. {NodeAdvice}");
    }

    private const string NodeAdvice =
        "Install Node.js 20 or later (https://nodejs.org), which runs the Azurite storage emulator, or set AzureWebJobsStorage to the connection string of a storage account.";

    private static async Task<string> RunAsync(string program, IReadOnlyList<string> arguments, string folder, CancellationToken cancel)
    {
        using var process = new Process
        {
            StartInfo = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true },
        };
        try
        {
            process.Start();
        }
        catch (Win32Exception error)
        {
            throw new LocalStorageException($"'{program}' was not found. {NodeAdvice}", error);
        }

        try
        {
            var output = process.StandardOutput.ReadToEndAsync(cancel);
            var errors = process.StandardError.ReadToEndAsync(cancel);
            await process.WaitForExitAsync(cancel);
            if (process.ExitCode == 0) return await output;
            throw new LocalStorageException($"'{program} {string.Join(' ', arguments)}' in {Folder} failed with exit code {process.ExitCode}:\n{await errors}");
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }
}

/// <summary>Local storage cannot be brought up; the message says what to do.</summary>
internal sealed class LocalStorageException(string message, Exception? inner = null) : Exception(message, inner);
