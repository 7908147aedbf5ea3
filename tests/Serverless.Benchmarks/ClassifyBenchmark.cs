using System.Diagnostics;
using System.Net.Http.Json;
using Serverless.Training.Samples;

namespace Serverless.Benchmarks;

/// <summary>Classify over loopback HTTP at a steady rate, beside an endpoint that does nothing, in turns.</summary>
internal static class ClassifyBenchmark
{
    private const int PerSecond = 200;
    private const int Rounds = 3;
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(10);

    public static async Task<IReadOnlyList<Measurement>> RunAsync(Workplace workplace)
    {
        await using var app = await AppUnderTest.StartAsync(workplace.Folder);
        using var http = app.Client();
        var texts = CustomerServiceSample.Examples;
        Task<HttpResponseMessage> Empty(int _) => http.GetAsync("api/health/live");
        Task<HttpResponseMessage> Classify(int i) => http.PostAsJsonAsync("api/classify", new { text = texts[i % texts.Count] });

        await LoadAsync(Classify, TimeSpan.FromSeconds(3));
        await LoadAsync(Empty, TimeSpan.FromSeconds(2));
        var (empty, classify) = (new List<Percentiles>(), new List<Percentiles>());
        for (var round = 0; round < Rounds; round++)
        {
            empty.Add(await LoadAsync(Empty, Round));
            classify.Add(await LoadAsync(Classify, Round));
        }

        var difference = empty.Zip(classify, (e, c) => c.P99 - e.P99).Order().ElementAt(Rounds / 2);
        return
        [
            new($"Classify over HTTP, {PerSecond}/s, median", $"{Middle(classify, p => p.Median):F2} ms"),
            new("  99th percentile", $"{Middle(classify, p => p.P99):F2} ms", "5 ms", Middle(classify, p => p.P99) < 5),
            new("  99th percentile of an empty endpoint", $"{Middle(empty, p => p.P99):F2} ms"),
            new("  difference, median of the rounds", $"{difference:F2} ms", "2 ms", difference < 2),
        ];
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
