using Serverless.Serving;
using Serverless.Serving.Credit;
using Serverless.Training;
using Serverless.Training.Credit;

namespace Serverless.Tests.Training.Credit;

public class ContractInferenceTargetTests
{
    private static readonly InferenceOptions Options = new() { Target = "target", Portfolio = "loans" };

    [Theory]
    [InlineData("1", "0", "1")]
    [InlineData("1.0", "0.0", "1.0")]
    [InlineData("true", "false", "true")]
    [InlineData("Y", "N", "Y")]
    [InlineData("Charged Off", "Fully Paid", "Charged Off")]
    [InlineData("P I F", "CHGOFF", "CHGOFF")]
    [InlineData("good", "bad", "bad")]
    [InlineData("Default", "None", "Default")]
    [InlineData("Late (31-120 days)", "Current", "Late (31-120 days)")]
    public async Task Bad_value_is_told_by_its_wording_however_common(string one, string other, string bad) =>
        Assert.Equal([bad], (await DoneAsync(i => i % 3 == 0 ? other : one)).Bad);

    [Theory]
    [InlineData("2", "1")]
    [InlineData("-1", "1")]
    [InlineData("A", "B")]
    public async Task Without_wording_the_rarer_value_is_bad_and_the_note_asks_to_check(string rare, string common)
    {
        var contract = await DoneAsync(i => i % 3 == 0 ? rare : common);
        Assert.Equal([rare], contract.Bad);
        Assert.Contains("rarer value: check this guess", TargetOf(contract).Note, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Target_that_is_true_for_good_loans_is_turned()
    {
        var contract = await DoneAsync(i => i % 3 == 0 ? "0" : "1", Options with { Target = "was_repaid" }, header: "was_repaid,x");
        Assert.Equal(["0"], contract.Bad);
    }

    [Fact]
    public async Task Spellings_of_one_value_are_all_bad() =>
        Assert.Equal(["YES", "Yes", "yes"], (await DoneAsync(i => (i % 10) switch { 0 => "yes", 1 => "Yes", 2 => "YES", _ => "no" })).Bad);

    [Fact]
    public async Task More_bad_than_good_loans_are_pointed_out() =>
        Assert.Contains("More than half of the loans are bad", TargetOf(await DoneAsync(i => i % 3 == 0 ? "0" : "1")).Note, StringComparison.Ordinal);

    [Fact]
    public async Task Missing_outcomes_are_tolerated_as_far_as_the_file_has_them()
    {
        var contract = await DoneAsync(i => i % 10 == 0 ? "NA" : i % 10 == 1 ? "" : i % 3 == 0 ? "1" : "0");
        Assert.Equal(["NA"], TargetOf(contract).Missing);
        Assert.Equal(0.21, contract.Training.MaxRowsInError, 3);
        Assert.Contains("40 of 200 rows have no outcome", TargetOf(contract).Note, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Named_bad_values_allow_a_target_of_many_values()
    {
        var contract = await DoneAsync(i => $"s{i % 5}", Options with { Bad = ["s3", "s4"] });
        Assert.Equal(["s3", "s4"], contract.Bad);
    }

    [Fact]
    public Task Named_bad_value_that_no_row_holds_is_rejected() =>
        RejectedAsync(i => $"{i % 2}", Options with { Bad = ["2"] }, "No row of the target 'target' holds '2': its values are '0', '1'.");

    [Fact]
    public Task All_values_named_bad_is_rejected() =>
        RejectedAsync(i => $"{i % 2}", Options with { Bad = ["0", "1"] }, "Every value of the target 'target' was named as bad: name those of the bad loans only.");

    [Fact]
    public Task One_class_is_rejected() => RejectedAsync(_ => "0", Options, "The target 'target' has one value only, '0': training needs good and bad loans.");

    [Fact]
    public Task No_outcome_is_rejected() => RejectedAsync(_ => "", Options, "The target 'target' has no value in any row: choose another column with --target.");

    [Fact]
    public Task Three_values_are_rejected() => RejectedAsync(i => $"{i % 3}", Options, "The target 'target' has more than two values, '0', '1', '2': name those of the bad loans with --bad.");

    [Fact]
    public async Task Many_values_are_not_all_listed()
    {
        var rejected = Assert.IsType<Outcome<InferredContract>.Rejected>(await InferAsync(i => $"{i}.5", Options));
        Assert.EndsWith("'19.5' and more: name those of the bad loans with --bad.", Assert.Single(rejected.Reasons), StringComparison.Ordinal);
    }

    [Fact]
    public Task Absent_target_is_rejected_with_the_columns() =>
        RejectedAsync(i => $"{i % 2}", Options with { Target = "outcome" }, "The header has no column 'outcome': its columns are target, x.");

    [Fact]
    public Task Target_in_other_case_is_rejected_with_a_hint() =>
        RejectedAsync(i => $"{i % 2}", Options with { Target = "TARGET" }, "The header has no column 'TARGET': did you mean 'target'?");

    [Fact]
    public Task Column_in_two_roles_is_rejected() =>
        RejectedAsync(i => $"{i % 2}", Options with { Id = "target" }, "Column 'target' is named for two roles: target, id and date are different columns.");

    [Fact]
    public Task Id_with_repeated_values_is_rejected() =>
        RejectedAsync(i => $"{i % 2}", Options with { Id = "x" }, "Column 'x' cannot be the id: it has empty or repeated values. Choose another with --id.");

    [Fact]
    public Task Date_that_is_none_is_rejected() =>
        RejectedAsync(i => $"{i % 2}", Options with { Date = "x" }, "Column 'x' cannot be the date: 200 of 200 rows hold no date in ISO 8601, such as 2026-11-23.");

    [Fact]
    public Task Portfolio_that_cannot_be_a_path_is_rejected() =>
        RejectedAsync(i => $"{i % 2}", Options with { Portfolio = "../x" }, "portfolio must be 1 to 50 lower-case letters, digits and hyphens, a letter or digit first.");

    [Fact]
    public async Task Date_and_id_as_given_get_their_roles()
    {
        var csv = "key,day,x,target\n" + string.Concat(Enumerable.Range(0, 100).Select(i => $"k{i},2020-01-{1 + (i % 28):D2},{i % 9},{i % 2}\n"));
        var contract = Assert.IsType<Outcome<InferredContract>.Done>(await InferAsync(csv, Options with { Id = "key", Date = "day" })).Value.Contract;
        Assert.Equal([ColumnRole.Id, ColumnRole.Date, ColumnRole.Input, ColumnRole.Target], contract.Columns.Select(c => c.Role));
        Assert.Equal(ColumnType.Date, contract.Columns[1].Type);
    }

    [Fact]
    public async Task Nothing_to_learn_from_is_rejected()
    {
        var csv = "id,sex,target\n" + string.Concat(Enumerable.Range(0, 100).Select(i => $"{i},{i % 3},{i % 2}\n"));
        var rejected = Assert.IsType<Outcome<InferredContract>.Rejected>(await InferAsync(csv, Options));
        Assert.Equal(["No column can be an input: all are constant, empty, identifiers, protected, or tell the outcome."], rejected.Reasons);
    }

    [Theory]
    [InlineData("", "The file is empty: drop a CSV with a header line and rows.")]
    [InlineData("target,x\n", "The file has a header but no rows: drop a CSV with rows.")]
    [InlineData("target,x\n1\n0\n", "No row has as many fields as the header: write the file as RFC 4180.")]
    public async Task File_without_rows_is_rejected(string csv, string reason) =>
        Assert.Equal([reason], Assert.IsType<Outcome<InferredContract>.Rejected>(await InferAsync(csv, Options)).Reasons);

    [Fact]
    public async Task Semicolons_are_found_and_ragged_rows_left_out()
    {
        var csv = "target;x\n" + string.Concat(Enumerable.Range(0, 100).Select(i => i % 10 == 9 ? "1\n" : $"{i % 2};{i % 7}\n"));
        var contract = Assert.IsType<Outcome<InferredContract>.Done>(await InferAsync(csv, Options)).Value.Contract;
        Assert.Equal(0.11, contract.Training.MaxRowsInError, 3);
    }

    private static Column TargetOf(CreditContract contract) => contract.Columns.Single(c => c.Role == ColumnRole.Target);

    private static async Task<CreditContract> DoneAsync(Func<int, string> target, InferenceOptions? options = null, string header = "target,x") =>
        Assert.IsType<Outcome<InferredContract>.Done>(await InferAsync(Csv(target, header), options ?? Options)).Value.Contract;

    private static async Task RejectedAsync(Func<int, string> target, InferenceOptions options, string reason) =>
        Assert.Equal([reason], Assert.IsType<Outcome<InferredContract>.Rejected>(await InferAsync(target, options)).Reasons);

    private static Task<Outcome<InferredContract>> InferAsync(Func<int, string> target, InferenceOptions options) => InferAsync(Csv(target, "target,x"), options);

    private static async Task<Outcome<InferredContract>> InferAsync(string csv, InferenceOptions options)
    {
        await using var file = await DropOf.Text(csv);
        return await ContractInference.InferAsync(file, options, new Progress<TrainingProgress>(), TestContext.Current.CancellationToken);
    }

    private static string Csv(Func<int, string> target, string header) =>
        header + "\n" + string.Concat(Enumerable.Range(0, 200).Select(i => $"\"{target(i)}\",{i * 7919 % 1009 % 7}\n"));
}
