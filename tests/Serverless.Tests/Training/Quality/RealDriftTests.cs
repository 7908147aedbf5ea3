using Serverless.Serving.Credit;
using Serverless.Training;
using Serverless.Training.Credit;
using Serverless.Training.Drops;
using Serverless.Training.Quality;

namespace Serverless.Tests.Training.Quality;

public class RealDriftTests
{
    [Fact]
    public async Task Loans_of_twenty_years_drift_in_term_and_outcome()
    {
        var folder = Environment.GetEnvironmentVariable("SERVERLESS_DATA");
        Assert.SkipWhen(folder is null, "SERVERLESS_DATA names no folder with real data.");
        await using var drop = await LocalDrop.OpenAsync(Path.Combine(folder!, "sba", "dev.csv"), TestContext.Current.CancellationToken);
        var contract = new CreditContract
        {
            Family = "credit",
            Portfolio = "sba",
            Version = "1",
            Bad = ["1"],
            Columns =
            [
                new() { Name = "row_id", Type = ColumnType.Category, Role = ColumnRole.Id },
                new() { Name = "ApprovalDate", Type = ColumnType.Date, Role = ColumnRole.Date },
                new() { Name = "Term", Type = ColumnType.Number },
                new() { Name = "NoEmp", Type = ColumnType.Number },
                new() { Name = "charged_off", Type = ColumnType.Category, Role = ColumnRole.Target },
            ],
        };
        var read = await new CreditTrainer().ReadAsync(contract, drop, DropOf.Context with { KeepRows = false }, new Progress<TrainingProgress>(), TestContext.Current.CancellationToken);
        var quality = read.Quality!;
        Assert.True(quality.Accepted);
        Assert.Equal((15_322, Drift.Drifted, Drift.Stable), (quality.Rows, quality.Columns[2].WithinDrop!.Band, quality.Columns[3].WithinDrop!.Band));
        Assert.Equal([null, "Term"], quality.Findings.Where(f => f.Gravity == Gravity.Mend).Select(f => f.Column));
        Assert.StartsWith("The share of bad outcomes moves from 13.7 % to 25.0 % in the last fifth of the rows, from 2004-09-28 on", quality.Findings[0].Text, StringComparison.Ordinal);
    }
}
