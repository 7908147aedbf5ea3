using Serverless.Serving;
using Serverless.Serving.Credit;

namespace Serverless.Tests.Training.Credit;

public class RealLoansTests
{
    // docs/compare/credit_baseline.py on the same six splits: 0.9076 on average (scikit-learn 1.2.1).
    [Fact]
    public async Task Hmeq_scorecard_is_not_below_ten_bin_regression()
    {
        var folder = Environment.GetEnvironmentVariable("SERVERLESS_DATA");
        Assert.SkipWhen(folder is null, "SERVERLESS_DATA names no folder with real data.");
        var csv = await File.ReadAllTextAsync(Path.Combine(folder!, "hmeq", "dev.csv"), TestContext.Current.CancellationToken);
        var columns = csv[..csv.IndexOf('\n', StringComparison.Ordinal)].Trim().Split(',').Select(name => new Column
        {
            Name = name,
            Type = name is "REASON" or "JOB" or "row_id" or "BAD" ? ColumnType.Category : ColumnType.Number,
            Role = name switch { "row_id" => ColumnRole.Id, "BAD" => ColumnRole.Target, _ => ColumnRole.Input },
        });
        var contract = new CreditContract { Family = "credit", Portfolio = "hmeq", Version = "1", Bad = ["1"], Models = new() { Kinds = [ModelKind.Scorecard] }, Columns = [.. columns] };
        List<double> areas = [];
        for (var seed = 1; seed <= 6; seed++)
        {
            var model = await LoanExport.TrainAsync(csv, contract with { Training = new TrainingRules { Seed = seed, Refit = false } });
            areas.Add(model.Metrics["auc"]);
        }

        Assert.True(areas.Average() > 0.915, $"AUC {areas.Average():F4}");
    }
}
