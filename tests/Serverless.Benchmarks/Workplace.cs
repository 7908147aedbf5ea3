using System.Diagnostics;
using System.Text.Json;

namespace Serverless.Benchmarks;

/// <summary>What the benchmarks share: a temporary folder, and processes of the same build.</summary>
internal sealed class Workplace : IAsyncDisposable
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("serverless-benchmarks-").FullName;

    /// <summary>Runs this program again with other words; its last line is a JSON object.</summary>
    public static async Task<T> RunChildAsync<T>(params string[] words)
    {
        using var child = Start("Serverless.Benchmarks.dll", words, []);
        var output = await child.StandardOutput.ReadToEndAsync();
        await child.WaitForExitAsync();
        if (child.ExitCode != 0) throw new InvalidOperationException($"'{words[0]}' ended with {child.ExitCode}.");
        return JsonSerializer.Deserialize<T>(output.TrimEnd().Split('\n')[^1])!;
    }

    /// <summary>Starts a program of this build.</summary>
    public static Process Start(string program, IEnumerable<string> words, IEnumerable<KeyValuePair<string, string>> environment)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, program), .. words]) { RedirectStandardOutput = true };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        return Process.Start(start)!;
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(Folder, recursive: true);
        return ValueTask.CompletedTask;
    }
}
