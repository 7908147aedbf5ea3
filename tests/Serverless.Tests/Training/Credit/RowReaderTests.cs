using Serverless.Serving;
using Serverless.Serving.Credit;
using Serverless.Training;

namespace Serverless.Tests.Training.Credit;

public class RowReaderTests
{
    private const string Header = "id,income,region,noise,bad";

    private static string Rows(int count, Func<int, string> row) => string.Join('\n', new[] { Header }.Concat(Enumerable.Range(1, count).Select(row)));

    private static string Good(int i) => $"{i},{1000 + i},R{i % 3},{i % 7},{(i % 4 == 0 ? 1 : 0)}";

    private static async Task<IReadOnlyList<string>> ReasonsAsync(string csv, CreditContract? contract = null) =>
        Assert.IsType<Outcome<TrainingRows>.Rejected>(await LoanExport.ReadAsync(csv, contract)).Reasons;

    [Fact]
    public async Task Empty_file_is_rejected() => Assert.Equal(["The file is empty: drop a CSV with a header line and rows."], await ReasonsAsync(""));

    [Fact]
    public async Task Header_without_rows_is_rejected() => Assert.Equal(["The file has a header but no rows: drop a CSV with rows."], await ReasonsAsync(Header + "\n"));

    [Fact]
    public async Task Missing_columns_are_all_named_with_the_contract() => Assert.Equal(
        ["The header lacks 'region', 'noise', which version '3' of the contract of 'example' asks for: add the columns, or activate a contract without them."],
        await ReasonsAsync("id,income,bad\n1,2,0"));

    [Fact]
    public async Task Outcome_of_a_number_column_counts_by_value_however_it_is_written()
    {
        var contract = LoanExport.Contract with { Columns = [.. LoanExport.Contract.Columns.Select(c => c.Role == ColumnRole.Target ? c with { Type = ColumnType.Number } : c)] };
        var rows = await LoanExport.RowsAsync(Rows(100, i => $"{i},{1000 + i},R,1,{(i % 4 == 0 ? "1.0" : i % 4 == 1 ? "1" : "0.0")}"), contract);
        Assert.Equal(50, rows.Bad.Count(b => b));
    }

    [Fact]
    public async Task One_class_is_rejected()
    {
        Assert.Equal(
            ["Every row is good: a model needs both good and bad loans. Check 'bad', and what the contract lists as bad."],
            await ReasonsAsync(Rows(100, i => $"{i},5,R,1,0")));
        Assert.Equal(
            ["Every row is bad: a model needs both good and bad loans. Check 'bad', and what the contract lists as bad."],
            await ReasonsAsync(Rows(100, i => $"{i},5,R,1,1")));
    }

    [Fact]
    public async Task Too_few_rows_are_rejected() => Assert.Equal(
        ["49 rows with 12 bad loans are too few: a model needs at least 50 rows with 10 good and 10 bad loans."],
        await ReasonsAsync(Rows(49, Good)));

    [Fact]
    public async Task Rows_in_error_up_to_the_share_are_left_out()
    {
        var rows = await LoanExport.RowsAsync(Rows(100, i => i == 7 ? "7,NaN,R,1,0" : Good(i)));
        Assert.Equal((99, 1), (rows.Count, rows.RowsInError));
    }

    [Theory]
    [InlineData("7,5,R,1", "row 7: has another number of fields than the header.")]
    [InlineData("7,abc,R,1,0", "row 7: 'income' is not a number: write it with a decimal point and without thousands separators.")]
    [InlineData("7,NaN,R,1,0", "row 7: 'income' is not a number: write it with a decimal point and without thousands separators.")]
    [InlineData("7,-1,R,1,0", "row 7: 'income' is outside its range, 0 or more: correct it, or the contract.")]
    [InlineData("7,5,R,1,", "row 7: 'bad' is empty: a training row needs its outcome.")]
    [InlineData(",5,R,1,0", "row 7: 'id' is empty: each loan needs its id.")]
    [InlineData("6,5,R,1,0", "row 7: 'id' repeats the id of an earlier row: drop each loan once.")]
    public async Task More_rows_in_error_are_rejected_without_their_values(string seventh, string fault)
    {
        var reasons = await ReasonsAsync(Rows(60, i => i == 7 ? seventh : Good(i)));
        Assert.StartsWith("1 of 60 rows are in error, more than the contract's 1.0", reasons[0], StringComparison.Ordinal);
        Assert.Equal([fault], reasons.Skip(1));
    }

    [Fact]
    public async Task Quote_that_does_not_end_is_rejected()
    {
        var reasons = await ReasonsAsync(Rows(60, i => i == 7 ? "7,5,\"R,1,0" : Good(i)));
        Assert.Contains("is not valid CSV", Assert.Single(reasons), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Empty_date_is_a_fault()
    {
        var csv = LoanExport.Csv(60).Replace(",2020-01-02,", ",,", StringComparison.Ordinal);
        Assert.Contains("row 6: 'date' is empty: each loan needs its date.", await ReasonsAsync(csv, LoanExport.Dated));
    }

    [Fact]
    public async Task Columns_outside_the_contract_are_not_read_and_do_not_change_the_keys()
    {
        var contract = LoanExport.Contract with { Columns = [.. LoanExport.Contract.Columns.Where(c => c.Role != ColumnRole.Id)] };
        var rows = await LoanExport.RowsAsync(Rows(60, Good), contract);
        var more = await LoanExport.RowsAsync("more," + Rows(60, i => "x," + Good(i))[0..], contract);
        Assert.Equal(["income", "region", "noise"], more.Columns.Select(c => c.Column.Name));
        Assert.Equal(rows.Keys, more.Keys);
    }

    [Fact]
    public async Task Missing_and_special_values_have_codes_of_their_own()
    {
        var income = (await LoanExport.RowsAsync(Rows(60, i => i == 7 ? "7,,R,1,0" : i == 8 ? "8,-9.0,R,1,1" : Good(i)))).Columns[0];
        Assert.Equal([0, -1, -2, 0], income.Codes[5..9]);
        Assert.Equal([1006, 0, 0, 1009], income.Numbers[5..9]);
    }
}
