using System.Diagnostics;
using System.Net.Http.Json;
using System.Text;
using System.Text.RegularExpressions;
using Serverless.Functions.Http;
using Serverless.Tests.House;

namespace Serverless.Tests.Functions;

/// <summary>The README's first command, as a newcomer runs it: the built app in a process of its own, with storage of its own.</summary>
public partial class FirstRunTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task First_start_shows_what_the_readme_shows_and_the_second_does_not_retrain()
    {
        var data = Directory.CreateTempSubdirectory("serverless-first-run-").FullName;
        try
        {
            var first = await RunAsync(data, http => http.GetAsync("health/ready"));
            Assert.Equal(Shape(ReadmeTranscript()), Shape(first));

            var second = await RunAsync(data, http => http.PostAsJsonAsync("classify", new { text = "my card was stolen" }));
            Assert.Contains("nothing to retrain", second, StringComparison.Ordinal);
            Assert.DoesNotContain(": training", second, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(data, recursive: true);
        }
    }

    /// <summary>Starts the app, asks once when it says that it is ready, stops it, and gives what it printed.</summary>
    private static async Task<string> RunAsync(string data, Func<HttpClient, Task<HttpResponseMessage>> ask)
    {
        var app = Path.Combine(AppContext.BaseDirectory, "Serverless.Functions.dll");
        var start = new ProcessStartInfo("dotnet", [app, "--port", "0", $"--Embedded:Data={data}"]) { RedirectStandardOutput = true };
        start.Environment.Remove("AzureWebJobsStorage");
        using var process = Process.Start(start)!;
        using var limit = new CancellationTokenSource(Limit);
        var printed = new StringBuilder();
        try
        {
            Uri? address = null;
            while (address is null || !printed.ToString().Contains("models list", StringComparison.Ordinal))
            {
                var line = await process.StandardOutput.ReadLineAsync(limit.Token) ?? throw new InvalidOperationException($"The app ended:\n{printed}");
                printed.AppendLine(line);
                if (Ready().Match(line) is { Success: true } ready) address = new Uri(ready.Groups[1].Value);
            }

            using var http = new HttpClient { BaseAddress = address, DefaultRequestHeaders = { { "x-functions-key", DevelopmentKey.Of(data).Value } } };
            using var response = await ask(http);
            Assert.True(response.IsSuccessStatusCode, $"{response.StatusCode}");
            using (var stop = Process.Start("kill", ["-INT", $"{process.Id}"])) await stop.WaitForExitAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            Assert.Equal(0, process.ExitCode);
            Assert.False(File.Exists(Path.Combine(data, "azurite.json")), "Azurite was left running");
            return printed.ToString();
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
    }

    private static string ReadmeTranscript() =>
        Repository.Read("README.md").Split("<!-- transcript -->")[1].Split("<!-- /transcript -->")[0].Replace("```", "", StringComparison.Ordinal);

    /// <summary>
    /// The lines without what differs from machine to machine: log lines, which come at their own pace, installation, numbers, versions,
    /// verdicts and the lines of reasons, whose number depends on the last digits of a model.
    /// </summary>
    private static string[] Shape(string transcript) =>
    [
        .. transcript.Split('\n').Select(line => line.TrimEnd()).Where(line => line.Length > 0 && !LogLine().IsMatch(line) && !ReasonLine().IsMatch(line) && !InstallLine().IsMatch(line))
            .Select(line => Varying().Replace(line.Contains("  A-", StringComparison.Ordinal) ? line.Split("  ", StringSplitOptions.RemoveEmptyEntries)[0] : line, "*"))
            .Select(line => line.StartsWith("Ready after", StringComparison.Ordinal) ? "Ready after" : line),
    ];

    [GeneratedRegex(@"Ready after .* at (http://\S+)")]
    private static partial Regex Ready();

    [GeneratedRegex(@"^\d\d:\d\d:\d\d ")]
    private static partial Regex LogLine();

    [GeneratedRegex(@"^ +-\d+\.\d\d ")]
    private static partial Regex ReasonLine();

    [GeneratedRegex("^Installing|^Port |^Building|^Using launch")]
    private static partial Regex InstallLine();

    [GeneratedRegex(@"/\S+functions\.key|\b[0-9a-f]{16}\b|-?\d[\d.,]*( ?%)?")]
    private static partial Regex Varying();
}
