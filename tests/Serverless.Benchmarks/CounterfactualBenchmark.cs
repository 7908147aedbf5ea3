using System.Diagnostics;
using System.Text.Json;
using Serverless.Serving;
using Serverless.Serving.Credit;
using Serverless.Serving.Decisions;
using Serverless.Training.Samples;

namespace Serverless.Benchmarks;

/// <summary>Counterfactuals of applications that were not approved, by the model that the retrain left.</summary>
internal static class CounterfactualBenchmark
{
    private const int Applications = 4000;
    private const int Warm = 50;

    public static async Task<IReadOnlyList<Measurement>> RunAsync(Workplace workplace)
    {
        var model = Path.Combine(workplace.Folder, "model");
        if (!Directory.Exists(model)) await RetrainBenchmark.RunAsync(workplace);
        using var scorer = (CreditScorer)new CreditFamily().Load(await ModelBundle.ReadFolderAsync(model));
        var finder = new CounterfactualFinder(scorer, fields => Approved(fields) ? [] : ["refused"]);
        var refused = LoanSample.Applications(Applications, seed: 3)
            .Select(a => JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(a["fields"]!.ToJsonString())!).Where(fields => !Approved(fields)).ToList();
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
            new($"Counterfactuals of one application ({scorer.Card.Kind}, {refused.Count:N0} not approved), median", $"{spread.Median:F1} ms", "50 ms", spread.Median < 50),
            new("  their 99th percentile", $"{spread.P99:F1} ms", "50 ms", spread.P99 < 50),
            new("  applications that have one or more", $"{100.0 * answered / refused.Count:F0} %", "", null),
        ];

        bool Approved(IReadOnlyDictionary<string, JsonElement> fields) => scorer.Read(fields) is Outcome<BinnedApplication>.Done { Value: var read } && scorer.Score(read) is var score
            && DecisionRules.Verdict(scorer.Policy, score.Probability, score.Unseen.Count > 0, score.OutOfDistribution == true, read.PolicyValues) == DecisionVerdict.Approve;
    }
}
