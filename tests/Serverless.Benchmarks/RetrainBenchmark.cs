using System.Diagnostics;
using System.Text.Json;
using Serverless.Serving;
using Serverless.Serving.Credit;
using Serverless.Training;
using Serverless.Training.Credit;
using Serverless.Training.Drops;
using Serverless.Training.Samples;

namespace Serverless.Benchmarks;

/// <summary>A full retrain of 150,000 loans by 10 inputs, from the CSV to the sealed bundle, in a process of its own.</summary>
internal static class RetrainBenchmark
{
    public const string Child = "retrain-child";
    private const int Rows = 150_000;
    private const int Inputs = 10;

    public static async Task<IReadOnlyList<Measurement>> RunAsync(Workplace workplace)
    {
        var figures = await Workplace.RunChildAsync<Figures>(Child, workplace.Folder);
        return
        [
            new("Retrain 150,000 rows × 10 inputs", $"{figures.Seconds:F1} s", "3 s", figures.Seconds < 3),
            new("  its peak memory", $"{figures.PeakGigabytes:F2} GB", "1.5 GB", figures.PeakGigabytes < 1.5),
        ];
    }

    /// <summary>Trains and leaves the model in the folder, for the scoring benchmark.</summary>
    public static async Task<int> RunChildAsync(string folder)
    {
        var csv = Path.Combine(folder, "loans.csv");
        await using (var file = File.Create(csv)) await LoanSample.WriteAsync(file, Rows, seed: 1);
        var clock = Stopwatch.StartNew();
        await using var drop = await LocalDrop.OpenAsync(csv, default);
        var outcome = await ModelTraining.RunAsync(new CreditTrainer(), Contract(), drop, parent: null, checkpoints: null, TimeProvider.System, new Progress<TrainingProgress>(), default);
        if (outcome is not Outcome<NewModel>.Done { Value: var model }) throw new InvalidOperationException("The sample was rejected.");
        await model.Seal(gate: null).WriteFolderAsync(Path.Combine(folder, "model"));
        var seconds = clock.Elapsed.TotalSeconds;
        using var self = Process.GetCurrentProcess();
        Console.WriteLine(JsonSerializer.Serialize(new Figures(seconds, self.PeakWorkingSet64 / 1e9)));
        return 0;
    }

    private static CreditContract Contract()
    {
        var inputs = LoanSample.Contract.Columns.Where(c => c.Role == ColumnRole.Input).Take(Inputs).Select(c => c.Name).ToHashSet();
        return LoanSample.Contract with
        {
            Columns = [.. LoanSample.Contract.Columns.Select(c => c.Role == ColumnRole.Input && !inputs.Contains(c.Name) ? c with { Role = ColumnRole.Ignored } : c)],
        };
    }

    private sealed record Figures(double Seconds, double PeakGigabytes);
}
