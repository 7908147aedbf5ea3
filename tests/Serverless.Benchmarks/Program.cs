using Serverless.Benchmarks;
using Spectre.Console;

// A run with these words is the child of a measurement; its figures come back as one line of JSON.
if (args is [RetrainBenchmark.Child, var folder]) return await RetrainBenchmark.RunChildAsync(folder);
if (args is [ReadingBenchmark.Child, var picture, var repeats]) return await ReadingBenchmark.RunChildAsync(picture, int.Parse(repeats, System.Globalization.CultureInfo.InvariantCulture));

var benchmarks = new (string Name, Func<Workplace, Task<IReadOnlyList<Measurement>>> RunAsync)[]
{
    ("retrain", RetrainBenchmark.RunAsync),
    ("score", ScoringBenchmark.RunAsync),
    ("trees", TreesBenchmark.RunAsync),
    ("counterfactuals", CounterfactualBenchmark.RunAsync),
    ("classify", ClassifyBenchmark.RunAsync),
    ("queue", QueueBenchmark.RunAsync),
    ("start", StartBenchmark.RunAsync),
    ("publish", PublishBenchmark.RunAsync),
    ("outliers", OutlierBenchmark.RunAsync),
    ("redaction", RedactionBenchmark.RunAsync),
    ("market", MarketBenchmark.RunAsync),
    ("forecasts", ForecastBenchmark.RunAsync),
    ("reading", ReadingBenchmark.RunAsync),
    ("code", CodeBenchmark.RunAsync),
};
if (args.Except(benchmarks.Select(b => b.Name)).ToList() is { Count: > 0 } unknown)
{
    Console.Error.WriteLine($"No benchmark is named {string.Join(", ", unknown)}. Usage: dotnet run -c Release --project tests/Serverless.Benchmarks -- [{string.Join('|', benchmarks.Select(b => b.Name))}] (all when none is named)");
    return 2;
}

#if DEBUG
Console.Error.WriteLine("Debug build: figures are not comparable; run with -c Release.");
#endif
await using var workplace = new Workplace();
var table = new Table().AddColumns("What", "Measured", "Goal", "");
foreach (var (name, run) in benchmarks.Where(b => args.Length == 0 || args.Contains(b.Name)))
{
    Console.Error.WriteLine($"{name} …");
    foreach (var line in await run(workplace))
    {
        Console.Error.WriteLine($"  {line.What.Trim()}: {line.Figure}");
        table.AddRow(line.What, line.Figure, line.Goal, line.Met switch { true => "met", false => "missed", null => "" });
    }
}

Console.WriteLine($"{Environment.ProcessorCount} cores, {Environment.OSVersion}, .NET {Environment.Version}");
AnsiConsole.Write(table);
return 0;
