using System.Diagnostics;
using System.Net.Http.Json;
using Serverless.Serving.Text;
using Serverless.Training.Samples;
using Serverless.Training.Text;

namespace Serverless.Benchmarks;

/// <summary>
/// Classify over loopback HTTP at a steady rate, by the linear part alone and with a network beside it, and an endpoint that does nothing, in turns;
/// then as many texts as go, in requests of the most texts.
/// </summary>
internal static class ClassifyBenchmark
{
    private const int PerSecond = 300;
    private const int Rounds = 3;
    private const int InBatch = 256;
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(10);

    // What a network answers costs the same however well it learned.
    private static readonly TextContract Deep = CustomerServiceSample.Contract with { Portfolio = "deep", Network = new() { Epochs = 1 } };

    public static async Task<IReadOnlyList<Measurement>> RunAsync(Workplace workplace)
    {
        await using var app = await AppUnderTest.StartAsync(workplace.Folder, seeded =>
            AppUnderTest.PromoteAsync(seeded.Storage, new TextTrainer(), Deep, workplace.Folder, csv => CustomerServiceSample.OpenCsv().CopyToAsync(csv)));
        using var http = app.Client();
        var texts = CustomerServiceSample.Examples;
        Task<HttpResponseMessage> Empty(int _) => http.GetAsync("api/health/live");
        Func<int, Task<HttpResponseMessage>> Classify(string portfolio) => i => http.PostAsJsonAsync("api/classify", new { portfolio, text = texts[i % texts.Count] });
        var kinds = new (string Name, Func<int, Task<HttpResponseMessage>> Ask)[] { ("linear", Classify(CustomerServiceSample.Portfolio)), ("with a network", Classify(Deep.Portfolio)) };

        foreach (var (_, ask) in kinds) await LoadAsync(ask, TimeSpan.FromSeconds(3));
        await LoadAsync(Empty, TimeSpan.FromSeconds(2));
        var empty = new List<Percentiles>();
        var loaded = kinds.ToDictionary(k => k.Name, _ => new List<Percentiles>());
        for (var round = 0; round < Rounds; round++)
        {
            empty.Add(await LoadAsync(Empty, Round));
            foreach (var (name, ask) in kinds) loaded[name].Add(await LoadAsync(ask, Round));
        }

        var lines = new List<Measurement> { new($"An empty endpoint over HTTP, {PerSecond}/s, 99th percentile", $"{Middle(empty, p => p.P99):F2} ms") };
        foreach (var (name, rounds) in loaded)
        {
            var difference = empty.Zip(rounds, (e, c) => c.P99 - e.P99).Order().ElementAt(Rounds / 2);
            lines.Add(new($"Classify ({name}), {PerSecond}/s, median", $"{Middle(rounds, p => p.Median):F2} ms"));
            lines.Add(new("  99th percentile", $"{Middle(rounds, p => p.P99):F2} ms", "5 ms", Middle(rounds, p => p.P99) < 5));
            lines.Add(new("  above the empty endpoint, median of the rounds", $"{difference:F2} ms", "2 ms", difference < 2));
        }

        foreach (var (name, portfolio, goal) in new[] { ("linear", CustomerServiceSample.Portfolio, 5_000), ("with a network", Deep.Portfolio, 1_000) })
        {
            var rate = await BatchesAsync(http, portfolio, texts);
            lines.Add(new($"Classify ({name}), requests of {InBatch} texts one after the other", $"{rate:N0} texts/s", $"{goal:N0} texts/s", rate > goal));
        }

        return lines;
    }

    private static async Task<double> BatchesAsync(HttpClient http, string portfolio, IReadOnlyList<string> texts)
    {
        // The numbers make every text another one.
        string[] batch = [.. Enumerable.Range(0, InBatch).Select(i => $"{texts[i % texts.Count]} {i}")];
        var (began, answered) = (Stopwatch.GetTimestamp(), 0);
        while (Stopwatch.GetElapsedTime(began) < Round)
        {
            using var response = await http.PostAsJsonAsync("api/classify", new { portfolio, texts = batch });
            response.EnsureSuccessStatusCode();
            await response.Content.ReadAsByteArrayAsync();
            answered += InBatch;
        }

        return answered / Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    // Open loop: a request starts when its time has come, whether or not earlier ones are answered, and waits count.
    private static async Task<Percentiles> LoadAsync(Func<int, Task<HttpResponseMessage>> ask, TimeSpan duration)
    {
        var count = (int)(PerSecond * duration.TotalSeconds);
        var began = Stopwatch.GetTimestamp();
        var answers = new Task<double>[count];
        for (var i = 0; i < count; i++)
        {
            var due = TimeSpan.FromSeconds((double)i / PerSecond);
            if (due - Stopwatch.GetElapsedTime(began) is { Ticks: > 0 } wait) await Task.Delay(wait);
            answers[i] = TimeAsync(i);
        }

        return new Percentiles(await Task.WhenAll(answers));

        async Task<double> TimeAsync(int i)
        {
            var start = Stopwatch.GetTimestamp();
            using var response = await ask(i);
            response.EnsureSuccessStatusCode();
            await response.Content.ReadAsByteArrayAsync();
            return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }
    }

    private static double Middle(List<Percentiles> rounds, Func<Percentiles, double> figure) => rounds.Select(figure).Order().ElementAt(rounds.Count / 2);
}
