using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using Serverless.Functions.Embedded;
using Serverless.Serving;
using Serverless.Training.Samples;

namespace Serverless.Benchmarks;

/// <summary>
/// The published apps: their sizes, and the slim one under the Functions host's protocol, from the start of its process to the first
/// classified text with the model loaded, and its memory after many requests.
/// </summary>
internal static class PublishBenchmark
{
    private const int Starts = 5;
    private const int Requests = 10_000;
    private const double Megabyte = 1024 * 1024;

    public static async Task<IReadOnlyList<Measurement>> RunAsync(Workplace workplace)
    {
        var slim = await PublishAsync(workplace, "slim", "-p:Retraining=false");
        var dependent = await PublishAsync(workplace, "slim-dependent", "-p:Retraining=false", "-p:SelfContained=false");
        var full = await PublishAsync(workplace, "full");
        await using var seeded = await AppUnderTest.SeedAsync(workplace.Folder);
        var seconds = new List<double>();
        for (var start = 0; start < Starts; start++) seconds.Add((await StartAsync(slim, seeded, requests: 1)).Seconds);
        var memory = (await StartAsync(slim, seeded, Requests)).Memory;
        var median = seconds.Order().ElementAt(Starts / 2);
        return
        [
            new("Serving app, slim, self-contained, unzipped", $"{slim.Size:F0} MB", "170 MB", slim.Size < 170),
            new("  framework-dependent", $"{dependent.Size:F0} MB", "80 MB", dependent.Size < 80),
            new("  process start to first answer, model load included, median of 5", $"{median:F2} s", "1 s", median < 1),
            new($"  resident memory after {Requests} requests", $"{memory:F0} MB", "250 MB", memory < 250),
            new("Full app, self-contained, unzipped", $"{full.Size:F0} MB"),
        ];
    }

    private static async Task<(string Folder, double Size)> PublishAsync(Workplace workplace, string name, params string[] properties)
    {
        var folder = Path.Combine(workplace.Folder, name);
        string[] words = ["publish", Path.Combine(AzuriteInstall.FindRepository(), "functions/App"), "-c", "Release", "-o", folder, "-v", "quiet", "--nologo", .. properties];
        using var process = Process.Start(new ProcessStartInfo("dotnet", words) { RedirectStandardOutput = true })!;
        var said = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0) throw new InvalidOperationException(said);
        return (folder, Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Sum(f => new FileInfo(f).Length) / Megabyte);
    }

    private static async Task<(double Seconds, double Memory)> StartAsync((string Folder, double Size) app, SeededStorage seeded, int requests)
    {
        var port = AppUnderTest.FreePort();
        var start = new ProcessStartInfo(Path.Combine(app.Folder, "Serverless.Functions")) { WorkingDirectory = app.Folder, RedirectStandardOutput = true };
        start.Environment["FUNCTIONS_CUSTOMHANDLER_PORT"] = port.ToString(CultureInfo.InvariantCulture);
        start.Environment[StorageAccount.Setting] = seeded.ConnectionString;
        start.Environment["Http__RateLimits__ClassifyText"] = "100000"; // as fast as it can
        var began = Stopwatch.GetTimestamp();
        using var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        try
        {
            using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}/") };
            Task<HttpResponseMessage> AskAsync(int i) =>
                http.PostAsJsonAsync("api/classify", new { text = CustomerServiceSample.Examples[i % CustomerServiceSample.Examples.Count] });
            await AppUnderTest.FirstAnswerAsync(() => AskAsync(0));
            var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
            await Parallel.ForAsync(1, requests, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, _) =>
            {
                using var response = await AskAsync(i);
                response.EnsureSuccessStatusCode();
            });
            process.Refresh();
            return (seconds, process.WorkingSet64 / Megabyte);
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync();
        }
    }
}
