using System.Diagnostics;
using System.Text.Json;
using Serverless.Serving;
using Serverless.Serving.Credit;
using Serverless.Serving.Decisions;
using Serverless.Training;
using Serverless.Training.Credit;
using Serverless.Training.Drops;
using Serverless.Training.Samples;

namespace Serverless.Benchmarks;

/// <summary>Counterfactuals of applications that were not approved, by a model of each kind of 20,000 loans by 13 inputs.</summary>
internal static class CounterfactualBenchmark
{
    private const int Rows = 20_000;
    private const int Applications = 2000;
    private const int Warm = 50;

    public static async Task<IReadOnlyList<Measurement>> RunAsync(Workplace workplace)
    {
        var csv = Path.Combine(workplace.Folder, "few-loans.csv");
        await using (var file = File.Create(csv)) await LoanSample.WriteAsync(file, Rows, seed: 1);
        List<Measurement> lines = [];
        foreach (var kind in Enum.GetValues<ModelKind>())
        {
            using var scorer = await TrainAsync(csv, kind);
            lines.AddRange(Measure(scorer));
        }

        return lines;
    }

    private static async Task<CreditScorer> TrainAsync(string csv, ModelKind kind)
    {
        await using var drop = await LocalDrop.OpenAsync(csv, default);
        var contract = LoanSample.Contract with { Models = new() { Kinds = [kind] } };
        var outcome = await ModelTraining.RunAsync(new CreditTrainer(), contract, drop, parent: null, checkpoints: null, TimeProvider.System, new Progress<TrainingProgress>(), default);
        if (outcome is not Outcome<NewModel>.Done { Value: var model }) throw new InvalidOperationException("The sample was rejected.");
        return (CreditScorer)new CreditFamily().Load(model.Seal(gate: null));
    }

    private static Measurement[] Measure(CreditScorer scorer)
    {
        var finder = new CounterfactualFinder(scorer, fields => DecisionRules.Objections(scorer, fields));
        var refused = LoanSample.Applications(Applications, seed: 3)
            .Select(a => JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(a["fields"]!.ToJsonString())!).Where(fields => DecisionRules.Objections(scorer, fields).Count > 0).ToList();
        foreach (var fields in refused.Take(Warm)) finder.Find(fields);
        List<double> times = [];
        var answered = 0;
        foreach (var fields in refused)
        {
            var began = Stopwatch.GetTimestamp();
            if (finder.Find(fields).Found.Count > 0) answered++;
            times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }

        var spread = new Percentiles(times);
        return
        [
            new($"Counterfactuals of one application, {scorer.Card.Kind}, median", $"{spread.Median:F1} ms", "50 ms", spread.Median < 50),
            new("  their 99th percentile", $"{spread.P99:F1} ms", "50 ms", spread.P99 < 50),
            new($"  of {refused.Count:N0} that were not approved, those with one or more", $"{100.0 * answered / refused.Count:F0} %"),
        ];
    }
}
