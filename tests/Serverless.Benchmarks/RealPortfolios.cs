using Serverless.Serving;
using Serverless.Training;
using Serverless.Training.Credit;
using Serverless.Training.Drops;

namespace Serverless.Benchmarks;

/// <summary>The real credit sets, each under the contract that inference gives it.</summary>
internal static class RealPortfolios
{
    /// <summary>What stands in the table where there are none.</summary>
    public const string Skipped = "skipped: SERVERLESS_DATA names no folder";

    private static readonly (string Folder, string Target, string? Date)[] Sets =
        [("german_credit", "bad", null), ("hmeq", "BAD", null), ("taiwan_default", "default_next_month", null), ("lendingclub", "charged_off", "issue_d"), ("sba", "charged_off", "ApprovalDate")];

    /// <summary>Reads them; none where <c>SERVERLESS_DATA</c> names no folder.</summary>
    public static async Task<IReadOnlyList<(string Name, CreditRows Rows)>> ReadAsync()
    {
        if (Environment.GetEnvironmentVariable("SERVERLESS_DATA") is not { } data) return [];
        List<(string Name, CreditRows Rows)> portfolios = [];
        foreach (var (folder, target, date) in Sets) portfolios.Add((folder, await ReadAsync(Path.Combine(data, folder, "dev.csv"), target, date)));
        return portfolios;
    }

    private static async Task<CreditRows> ReadAsync(string path, string target, string? date)
    {
        await using var file = await LocalDrop.OpenAsync(path, default);
        var inferred = await ContractInference.InferAsync(file, new() { Target = target, Date = date, Portfolio = "real", Bad = ["1"] }, new Progress<TrainingProgress>(), default);
        if (inferred is not Outcome<InferredContract>.Done { Value.Contract: var contract }) throw new InvalidOperationException($"No contract fits '{path}'.");
        var read = await new CreditTrainer().ReadAsync(contract, file, new ReadingContext(TimeProvider.System.GetUtcNow()) { Profiled = false }, new Progress<TrainingProgress>(), default);
        return read.Rows is Outcome<TrainingRows>.Done { Value: CreditRows rows } ? rows : throw new InvalidOperationException($"'{path}' cannot be read.");
    }
}
