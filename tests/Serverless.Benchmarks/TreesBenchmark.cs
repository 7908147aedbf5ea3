using System.Diagnostics;
using System.Globalization;
using Microsoft.ML.OnnxRuntime;
using Serverless.Serving;
using Serverless.Serving.Credit;
using Serverless.Serving.Onnx;
using Serverless.Training;
using Serverless.Training.Credit;
using Serverless.Training.Credit.LightGbm;
using Serverless.Training.Credit.Trees;
using Serverless.Training.Drops;
using Serverless.Training.Samples;

namespace Serverless.Benchmarks;

/// <summary>Shapley values of one application, and scores of many, by 300 boosted trees of 50,000 loans; beside LightGBM's own on the same rows.</summary>
internal static class TreesBenchmark
{
    private const int Rows = 50_000, Trees = 300, Explained = 2000, BlockRows = 4096;

    public static async Task<IReadOnlyList<Measurement>> RunAsync(Workplace workplace)
    {
        var csv = Path.Combine(workplace.Folder, "tree-loans.csv");
        await using (var file = File.Create(csv)) await LoanSample.WriteAsync(file, Rows, seed: 1);
        await using var drop = await LocalDrop.OpenAsync(csv, default);
        var read = (await new CreditTrainer().ReadAsync(LoanSample.Contract, drop, new ReadingContext(TimeProvider.System.GetUtcNow()) { Profiled = false }, new Progress<TrainingProgress>(), default)).Rows;
        if (read is not Outcome<TrainingRows>.Done { Value: CreditRows rows }) throw new InvalidOperationException("The sample was rejected.");
        return [.. Of(rows, 31, goal: 1), .. Of(rows, 16, goal: 0.3)];
    }

    private static Measurement[] Of(CreditRows rows, int leaves, double goal)
    {
        int[] all = [.. Enumerable.Range(0, rows.Count)];
        using var problem = TreeProblem.Of(rows, all, new TreeRules(), new TreeShape());
        using var booster = new Booster(problem.Data, problem.Parameters(new TreeParameters { Leaves = leaves }, threads: 2));
        while (booster.Rounds < Trees && booster.Grow())
        {
        }

        var fitted = new FittedTrees(problem.Columns, problem.Features, booster.Trees(Trees), new TreeParameters()) { Rounds = Trees };
        var bins = CreditEvaluation.Bins(problem.Columns, rows, all);
        var (width, given) = (problem.Columns.Count, new double[problem.Columns.Count]);
        List<double> times = [];
        for (var i = 0; i < 2 * Explained; i++)
        {
            var began = Stopwatch.GetTimestamp();
            fitted.Trees.Contributions(bins.AsSpan(i * width, width), given);
            if (i >= Explained) times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }

        using var graph = OnnxModel.Load(fitted.Graph(TreeScale.Of(new PointScale(), -0.03, 16)));
        var (ours, theirs) = (PerSecond(() => Score(graph, bins, width)), PerSecond(() => booster.Raw(problem.Values(all), all.Length)));
        return
        [
            new($"Shapley values of one application, {fitted.Trees.Trees} trees of {leaves} leaves, median", string.Create(CultureInfo.InvariantCulture, $"{new Percentiles(times).Median:F3} ms"), $"{goal} ms", new Percentiles(times).Median < goal),
            new("  scores in batches by ONNX Runtime on one thread | LightGBM's own on two", $"{ours:N0} | {theirs:N0} rows/s"),
        ];

        double PerSecond(Action score)
        {
            score();
            var clock = Stopwatch.StartNew();
            score();
            return all.Length / clock.Elapsed.TotalSeconds;
        }
    }

    private static void Score(OnnxModel graph, long[] bins, int width)
    {
        using var options = new RunOptions();
        var (points, probabilities) = (new double[BlockRows], new double[BlockRows]);
        for (var from = 0; from < bins.Length / width; from += BlockRows)
        {
            var rows = Math.Min(BlockRows, (bins.Length / width) - from);
            using var input = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, bins.AsMemory(from * width, rows * width), [rows, width]);
            using var ofPoints = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, points.AsMemory(0, rows), [rows]);
            using var ofProbability = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, probabilities.AsMemory(0, rows), [rows]);
            graph.Session.Run(options, ["bins"], [input], ["points", "probability"], [ofPoints, ofProbability]);
        }
    }
}
