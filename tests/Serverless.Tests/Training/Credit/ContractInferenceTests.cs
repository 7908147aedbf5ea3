using System.Globalization;
using System.Text;
using Serverless.Serving;
using Serverless.Serving.Credit;
using Serverless.Training;
using Serverless.Training.Credit;

namespace Serverless.Tests.Training.Credit;

public class ContractInferenceTests
{
    private const int Rows = 400;

    [Fact]
    public async Task Whole_and_decimal_numbers_are_number_inputs_with_a_sentence()
    {
        var column = await ColumnAsync("loanAmount", i => (100.5 + (i % 50)).ToString(CultureInfo.InvariantCulture));
        Assert.Equal((ColumnType.Number, ColumnRole.Input), (column.Type, column.Role));
        Assert.Equal("The value given for 'loan amount' lies in a range in which loans were repaid less often.", column.Reason);
        Assert.Null(column.Note);
    }

    [Fact]
    public async Task Two_valued_number_is_a_number() => Assert.Equal(ColumnType.Number, (await ColumnAsync("flag", i => i % 3 == 0 ? "1" : "0")).Type);

    [Fact]
    public async Task Texts_are_a_category_and_none_is_one_of_them()
    {
        var column = await ColumnAsync("collateral", i => (i % 4) switch { 0 => "house", 1 => "car", 2 => "none", _ => "n/a" });
        Assert.Equal((ColumnType.Category, ColumnRole.Input), (column.Type, column.Role));
        Assert.Equal(["n/a"], column.Missing);
    }

    [Fact]
    public async Task Missing_words_among_numbers_are_missing_codes()
    {
        var column = await ColumnAsync("balance", i => (i % 8) switch { 0 => "NONE", 1 => "?", 2 => "", 3 => "NaN", _ => $"{i % 37}" });
        Assert.Equal(ColumnType.Number, column.Type);
        Assert.Equal(["?", "NONE", "NaN"], column.Missing);
        Assert.Empty(column.Special);
    }

    [Fact]
    public async Task Repeated_odd_text_among_numbers_is_special_and_a_single_one_missing()
    {
        var column = await ColumnAsync("balance", i => i is 10 or 20 ? "<10" : i == 30 ? "about 5" : $"{i % 37}");
        Assert.Equal(ColumnType.Number, column.Type);
        Assert.Equal(["<10"], column.Special);
        Assert.Equal(["about 5"], column.Missing);
        Assert.Equal("Repeated texts among the numbers have bins of their own ('special'). Single odd texts among the numbers count as missing.", column.Note);
    }

    [Fact]
    public async Task Numbers_mixed_with_many_texts_are_a_category() =>
        Assert.Equal(ColumnType.Category, (await ColumnAsync("employment", i => i % 2 == 0 ? $"{i % 9}" : $"{i % 5} to {i % 7}")).Type);

    [Theory]
    [InlineData("-9", 0, 40)]
    [InlineData("-999", -50, 40)]
    [InlineData("99", 0, 17)]
    [InlineData("9999", 300, 850)]
    [InlineData("99999999", 0, 200000)]
    [InlineData("365243", -18000, 0)]
    public async Task Repeated_number_far_from_all_others_is_a_special_code(string code, int least, int most)
    {
        var column = await ColumnAsync("score", i => i % 20 == 0 ? code : (least + (i * 7919 % (most - least + 1))).ToString(CultureInfo.InvariantCulture));
        Assert.Equal([code], column.Special);
        Assert.StartsWith($"Special codes, far from all other values: {code};", column.Note, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Several_codes_of_one_column_are_all_special()
    {
        var column = await ColumnAsync("late_payments", i => (i % 20) switch { 0 => "-9.0", 1 => "96", 2 => "98", 3 => "-8", _ => $"{i % 19 % 9}" });
        Assert.Equal(["-9", "-8", "96", "98"], column.Special);
    }

    [Theory]
    [InlineData(-2, 8)]
    [InlineData(0, 99)]
    [InlineData(-500, 500)]
    [InlineData(0, 9)]
    public async Task Numbers_that_belong_to_the_rest_are_no_codes(int least, int most) =>
        Assert.Empty((await ColumnAsync("status", i => (least + (i * 7919 % (most - least + 1))).ToString(CultureInfo.InvariantCulture))).Special);

    [Fact]
    public async Task Single_extreme_amount_is_no_code() => Assert.Empty((await ColumnAsync("income", i => i == 7 ? "99999999" : $"{i % 90}")).Special);

    [Fact]
    public async Task Leading_zeros_make_a_category() => Assert.Equal(ColumnType.Category, (await ColumnAsync("branch", i => $"0{i % 40:D2}")).Type);

    [Theory]
    [InlineData("postal_code", ColumnType.Category)]
    [InlineData("NAICS2", ColumnType.Category)]
    [InlineData("months", ColumnType.Number)]
    public async Task Numbers_named_as_codes_are_a_category(string name, ColumnType type) => Assert.Equal(type, (await ColumnAsync(name, i => $"{11 + (i % 40)}")).Type);

    [Theory]
    [InlineData("yyyy-MM-dd")]
    [InlineData("yyyy-MM-dd HH:mm:ss")]
    [InlineData("yyyy-MM-dd'T'HH:mm:ss'Z'")]
    public async Task Iso_dates_are_date_inputs(string format)
    {
        var column = await ColumnAsync("opened", i => i % 9 == 0 ? "null" : new DateTime(2001, 1, 1).AddDays(i % 300).ToString(format, CultureInfo.InvariantCulture));
        Assert.Equal((ColumnType.Date, ColumnRole.Input), (column.Type, column.Role));
        Assert.Equal(["null"], column.Missing);
    }

    [Theory]
    [InlineData("dd/MM/yyyy")]
    [InlineData("MMM-yyyy")]
    [InlineData("d.M.yyyy")]
    public async Task Other_dates_are_ignored_with_a_note(string format)
    {
        var column = await ColumnAsync("opened", i => new DateTime(2001, 1, 1).AddDays(i).ToString(format, CultureInfo.InvariantCulture));
        Assert.Equal(ColumnRole.Ignored, column.Role);
        Assert.Equal("Ignored: its dates are not in ISO 8601; write them as 2026-11-23 to use them.", column.Note);
    }

    [Fact]
    public async Task Amounts_with_signs_and_separators_are_ignored_with_a_note()
    {
        var column = await ColumnAsync("income", i => $"${1 + i:D3},{i * 7 % 1000:D3}.00");
        Assert.Equal("Ignored: its numbers are written with units, signs or separators; write them as 1234.5 to use them.", column.Note);
    }

    [Theory]
    [InlineData("7")]
    [InlineData("same")]
    public async Task Constant_is_ignored(string value)
    {
        var column = await ColumnAsync("country", _ => value);
        Assert.Equal((ColumnRole.Ignored, "Ignored: it has the same value in every row."), (column.Role, column.Note));
    }

    [Fact]
    public async Task Nearly_constant_is_ignored() =>
        Assert.Equal("Ignored: 99.50 % of the rows have the same value.", (await ColumnAsync("country", i => i < 2 ? "B" : "A")).Note);

    [Fact]
    public async Task Rare_second_value_is_an_input() => Assert.Equal(ColumnRole.Input, (await ColumnAsync("country", i => i < 4 ? "B" : "A")).Role);

    [Fact]
    public async Task Empty_column_is_ignored() => Assert.Equal("Ignored: it has no value in any row.", (await ColumnAsync("nothing", i => i % 2 == 0 ? "" : "NA")).Note);

    [Fact]
    public async Task Free_text_is_ignored() =>
        Assert.Equal("Ignored: too many different texts to learn from.", (await ColumnAsync("remark", i => $"said {i % 250} things")).Note);

    [Fact]
    public async Task More_texts_than_a_thousand_are_ignored()
    {
        var column = await ColumnAsync("employer", i => $"company {i % 1100}", rows: 5000);
        Assert.Equal("Ignored: too many different texts to learn from.", column.Note);
    }

    [Theory]
    [InlineData("record")]
    [InlineData("applicationRef")]
    public async Task First_column_of_different_whole_numbers_is_the_id(string name) => Assert.Equal(ColumnRole.Id, (await ColumnAsync(name, i => $"{i + 1000}")).Role);

    [Fact]
    public async Task Different_texts_are_the_id() => Assert.Equal(ColumnRole.Id, (await ColumnAsync("anything", i => $"CL-{i * 7919 % 1000}")).Role);

    [Fact]
    public async Task Second_identifier_is_ignored()
    {
        var contract = await InferAsync(Csv(i => $"{i},X{i},{i % 9},{i % 5 / 4}", "a,b,c,target"));
        Assert.Equal([ColumnRole.Id, ColumnRole.Ignored, ColumnRole.Input, ColumnRole.Target], contract.Columns.Select(c => c.Role));
        Assert.Equal("Ignored: every value is different, and another column is the id.", contract.Columns[1].Note);
    }

    [Fact]
    public async Task Different_decimal_amounts_are_an_input() =>
        Assert.Equal(ColumnRole.Input, (await ColumnAsync("amount", i => (i * 7919 % 400 * 1.37).ToString("F2", CultureInfo.InvariantCulture))).Role);

    [Fact]
    public async Task Different_amounts_that_are_too_sparse_to_meet_are_an_input() =>
        Assert.Equal(ColumnRole.Input, (await ColumnAsync("amount", i => $"{(i * 7919 % 401 * 1000L) + 5}")).Role);

    [Fact]
    public async Task Repeated_customer_ids_are_ignored() => Assert.Equal(ColumnRole.Ignored, (await ColumnAsync("customer_id", i => $"{i * 7919 % 398}")).Role);

    [Fact]
    public async Task Column_with_the_outcome_in_other_words_is_ignored_loudly()
    {
        var contract = await InferAsync(Csv(i => $"{i % 11},{(i % 5 == 0 ? "written off" : "fine")},{(i % 5 == 0 ? 1 : 0)}", "x,state,target"));
        Assert.Equal(ColumnRole.Ignored, contract.Columns[1].Role);
        Assert.StartsWith("LEAK: it tells the outcome exactly", contract.Columns[1].Note, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Number_that_separates_the_outcomes_is_ignored_loudly()
    {
        var contract = await InferAsync(Csv(i => $"{i % 11},{(i % 5 == 0 ? 1000 + (i * 0.5) : 0)},{(i % 5 == 0 ? 1 : 0)}", "x,recovered,target"));
        Assert.Contains("LEAK", contract.Columns[1].Note, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Column_that_only_bad_loans_have_is_ignored_loudly()
    {
        var contract = await InferAsync(Csv(i => $"{i % 11},{(i % 5 == 0 ? $"2020-01-{1 + (i % 28):D2}" : "")},{(i % 5 == 0 ? 1 : 0)}", "x,default_date,target"));
        Assert.Contains("LEAK", contract.Columns[1].Note, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sex"), InlineData("CODE_GENDER"), InlineData("applicantRace"), InlineData("ethnicity_group"), InlineData("Religion")]
    [InlineData("MARRIAGE"), InlineData("maritalStatus"), InlineData("personal_status_sex"), InlineData("foreign_worker"), InlineData("nationality")]
    [InlineData("national_origin"), InlineData("has_disability"), InlineData("isPregnant"), InlineData("AGE"), InlineData("age_years"), InlineData("date_of_birth")]
    public async Task Protected_attribute_is_no_input(string name)
    {
        var column = await ColumnAsync(name, i => $"{i % 7}");
        Assert.Equal((ColumnRole.Protected, null), (column.Role, column.Reason));
        Assert.Contains("12 CFR 1002.4", column.Note, StringComparison.Ordinal);
        Assert.Contains("change the role to 'input'", column.Note, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("account_age"), InlineData("CLAGE"), InlineData("mortgage"), InlineData("vehicleAge"), InlineData("foreign_currency_debt")]
    [InlineData("average_balance"), InlineData("sextant"), InlineData("origination_fee")]
    public async Task Similar_names_are_inputs(string name) => Assert.Equal(ColumnRole.Input, (await ColumnAsync(name, i => $"{i % 7}")).Role);

    [Fact]
    public async Task Small_area_is_an_input_with_a_warning() =>
        Assert.Contains("can stand in for race", (await ColumnAsync("zip_code", i => $"{100 + (i % 40)}xx")).Note, StringComparison.Ordinal);

    [Fact]
    public async Task Contract_is_valid_and_says_what_the_gate_asks()
    {
        var contract = await InferAsync(Csv(i => $"{i % 11},{(i % 20 == 0 ? "-9" : $"{i % 97}")},{(i % 5 == 0 ? 1 : 0)}", "x,y,target"));
        Assert.IsType<Outcome<DataContract>.Done>(new CreditFamily().ReadContract(Json.File(contract)));
        Assert.Equal(("credit", "loans", "1"), (contract.Family, contract.Portfolio, contract.Version));
        Assert.Equal(0.55, contract.Gate.Floors["auc"]);
    }

    private static async Task<Column> ColumnAsync(string name, Func<int, string> cell, int rows = Rows)
    {
        // The outcome follows no cell: a prime's multiples, hashed once more.
        var contract = await InferAsync(Csv(i => $"\"{cell(i)}\",{i % 13},{(i * 7919 % 1009 % 5 == 0 ? 1 : 0)}", $"{name},other,target", rows));
        return contract.Columns[0];
    }

    private static string Csv(Func<int, string> row, string header, int rows = Rows)
    {
        var csv = new StringBuilder(header).Append('\n');
        for (var i = 0; i < rows; i++) csv.Append(row(i)).Append('\n');
        return csv.ToString();
    }

    private static async Task<CreditContract> InferAsync(string csv)
    {
        var options = new InferenceOptions { Target = "target", Portfolio = "loans" };
        await using var file = await DropOf.Text(csv);
        var outcome = await ContractInference.InferAsync(file, options, new Progress<TrainingProgress>(), TestContext.Current.CancellationToken);
        return Assert.IsType<Outcome<InferredContract>.Done>(outcome).Value.Contract;
    }
}
