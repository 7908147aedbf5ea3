using System.Diagnostics;
using System.Net.Http.Json;
using Serverless.Training.Samples;

namespace Serverless.Benchmarks;

/// <summary>From the start of the built app, which finds its data, to its first classified text; the app brings up its own Azurite.</summary>
internal static class StartBenchmark
{
    private const int Starts = 5;

    public static async Task<IReadOnlyList<Measurement>> RunAsync(Workplace workplace)
    {
        var data = Path.Combine(workplace.Folder, "start");
        await AppUnderTest.StartLocalAsync(data, FirstTextAsync); // the first run trains
        var seconds = new List<double>();
        for (var start = 0; start < Starts; start++)
        {
            var began = Stopwatch.GetTimestamp();
            await AppUnderTest.StartLocalAsync(data, async http =>
            {
                await FirstTextAsync(http);
                seconds.Add(Stopwatch.GetElapsedTime(began).TotalSeconds);
            });
        }

        var median = seconds.Order().ElementAt(Starts / 2);
        return [new("Start with warm data to the first answer, Azurite included", $"{median:F2} s", "3 s", median < 3)];
    }

    private static Task FirstTextAsync(HttpClient http) =>
        AppUnderTest.FirstAnswerAsync(() => http.PostAsJsonAsync("api/classify", new { text = CustomerServiceSample.Examples[0] }));
}
