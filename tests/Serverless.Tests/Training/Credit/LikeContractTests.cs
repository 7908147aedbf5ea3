using Serverless.Serving;
using Serverless.Serving.Credit;
using Serverless.Training;
using Serverless.Training.Credit;

namespace Serverless.Tests.Training.Credit;

public class LikeContractTests
{
    private static readonly CreditContract Like = new()
    {
        Family = "credit",
        Portfolio = "loans",
        Version = "6",
        Bad = ["1"],
        MaxReasons = 3,
        Segments = ["region", "gone"],
        Columns =
        [
            new() { Name = "id", Type = ColumnType.Category, Role = ColumnRole.Id },
            new() { Name = "income", Type = ColumnType.Number, Minimum = 0, Monotone = Monotone.Decreasing, Cuts = [10, 20], Actionable = true, Reason = "Your income is low.", Missing = ["NA"], Note = "Net." },
            new() { Name = "region", Type = ColumnType.Category, Role = ColumnRole.Protected },
            new() { Name = "gone", Type = ColumnType.Number },
            new() { Name = "bad", Type = ColumnType.Category, Role = ColumnRole.Target },
        ],
    };

    [Fact]
    public async Task What_people_decided_is_kept_and_the_file_adds_what_is_new()
    {
        var made = Assert.IsType<Outcome<InferredContract>.Done>(await MakeAsync(Like, (i, bad) => $"{i},{(i % 20 == 0 ? "?" : $"{i * 7919 % 97}")},R{i % 3},{i % 11},{bad}", "id,income,region,savings,bad")).Value;
        var contract = made.Contract;
        Assert.Equal(("7", 3, "region"), (contract.Version, contract.MaxReasons, Assert.Single(contract.Segments)));
        Assert.Equal(["id", "income", "region", "savings", "bad"], contract.Columns.Select(c => c.Name));
        var income = contract.Columns[1];
        Assert.Equal((0, Monotone.Decreasing, true, "Your income is low.", "Net."), (income.Minimum, income.Monotone, income.Actionable, income.Reason, income.Note));
        Assert.Equal(["NA", "?"], income.Missing);
        Assert.Equal([10, 20], income.Cuts);
        Assert.Equal(ColumnRole.Protected, contract.Columns[2].Role);
        Assert.Equal([new("gone", "Version '6' has this column and the file has not, so it is left out: add it to the export if that is a mistake.")], made.Warnings);
        Assert.Equal(["segments", "columns[income].missing", "columns[gone]", "columns[savings]"], made.Changes.Select(c => c.Member));
    }

    [Fact]
    public async Task Column_that_a_person_made_an_input_keeps_its_warning()
    {
        var made = Assert.IsType<Outcome<InferredContract>.Done>(await MakeAsync(Like, (i, bad) => $"{i},{(bad * 1000) + (i % 900)},R{i % 3},1,{bad}", "id,income,region,gone,bad")).Value;
        Assert.Equal(ColumnRole.Input, made.Contract.Columns[1].Role);
        Assert.StartsWith("LEAK: it tells the outcome exactly", Assert.Single(made.Warnings).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Contract_that_no_longer_fits_is_rejected_with_its_faults()
    {
        var like = Like with { PerformanceMonths = 12, Columns = [.. Like.Columns, new() { Name = "day", Type = ColumnType.Date, Role = ColumnRole.Date }] };
        var rejected = Assert.IsType<Outcome<InferredContract>.Rejected>(await MakeAsync(like, (i, bad) => $"{i},{i % 90},R{i % 3},{bad}", "id,income,region,bad"));
        Assert.Equal(["The header has no column 'day': its columns are id, income, region, bad."], rejected.Reasons);
    }

    private static async Task<Outcome<InferredContract>> MakeAsync(CreditContract like, Func<int, int, string> row, string header)
    {
        var csv = $"{header}\n" + string.Concat(Enumerable.Range(0, 400).Select(i => $"{row(i, i * 7919 % 1009 % 5 == 0 ? 1 : 0)}\n"));
        var options = LikeContract.Options(new InferenceOptions { Target = "", Portfolio = "loans" }, like);
        await using var file = await DropOf.Text(csv);
        var inferred = await ContractInference.InferAsync(file, options, new Progress<TrainingProgress>(), TestContext.Current.CancellationToken);
        return inferred.Then(made => LikeContract.Of(made, like, options, "7"));
    }
}
