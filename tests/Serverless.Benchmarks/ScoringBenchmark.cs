using System.Diagnostics;
using System.Text.Json;
using Serverless.Serving;
using Serverless.Serving.Credit;
using Serverless.Training.Samples;

namespace Serverless.Benchmarks;

/// <summary>Scoring with the model that the retrain left: a file through the CLI, and single applications with their reasons.</summary>
internal static class ScoringBenchmark
{
    private const int Copies = 10; // of the 100,000 rows
    private const int Applications = 20_000;

    public static async Task<IReadOnlyList<Measurement>> RunAsync(Workplace workplace)
    {
        var model = Path.Combine(workplace.Folder, "model");
        if (!Directory.Exists(model)) await RetrainBenchmark.RunAsync(workplace);
        var rowsPerSecond = await FileAsync(workplace.Folder, model);
        var single = await SingleAsync(model);
        return
        [
            new("Score a CSV of 1,000,000 rows, reasons included", $"{rowsPerSecond:N0} rows/s", "200,000 rows/s", rowsPerSecond >= 200_000),
            new("Score one application with reasons, median", $"{single.Median * 1000:F0} µs", "1,000 µs", single.Median < 1),
            new("  its 99th percentile", $"{single.P99 * 1000:F0} µs", "1,000 µs", single.P99 < 1),
        ];
    }

    private static async Task<double> FileAsync(string folder, string model)
    {
        var rows = await File.ReadAllLinesAsync(Path.Combine(folder, "loans.csv"));
        var large = Path.Combine(folder, "large.csv");
        await File.WriteAllLinesAsync(large, Enumerable.Repeat(rows.Skip(1), Copies).SelectMany(copy => copy).Prepend(rows[0]));
        using var cli = Workplace.Start("serverless.dll", ["score", "--model", model, "--data", large, "--out", Path.Combine(folder, "scores.csv"), "--json"], []);
        using var answer = JsonDocument.Parse(await cli.StandardOutput.ReadToEndAsync());
        return answer.RootElement.GetProperty("scoreRowsPerSecond").GetDouble();
    }

    private static async Task<Percentiles> SingleAsync(string model)
    {
        using var scorer = (CreditScorer)new CreditFamily().Load(await ModelBundle.ReadFolderAsync(model));
        var applications = LoanSample.Applications(Applications, seed: 2)
            .Select(a => JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(a["fields"]!.ToJsonString())!).ToList();
        foreach (var application in applications.Take(2000)) scorer.Score(application);
        var times = new List<double>();
        foreach (var application in applications)
        {
            var began = Stopwatch.GetTimestamp();
            if (scorer.Score(application) is not Outcome<CreditScore>.Done) throw new InvalidOperationException("An application was rejected.");
            times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }

        return new Percentiles(times);
    }
}
