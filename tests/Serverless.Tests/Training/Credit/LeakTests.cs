using System.Globalization;
using System.Text;
using Serverless.Serving;
using Serverless.Serving.Credit;
using Serverless.Training;
using Serverless.Training.Credit;

namespace Serverless.Tests.Training.Credit;

/// <summary>Columns that were written after the outcome was known, and columns that only look so.</summary>
public class LeakTests
{
    private const string Ask = "so it was probably written or changed after the outcome was known. Set the role to 'input' only if it is known when a loan is applied for.";

    [Theory]
    [InlineData(400)]
    [InlineData(6000)]
    public async Task Number_that_nearly_decides_is_a_likely_leak_with_its_figure(int rows)
    {
        // Bad loans end early, and a few good ones too.
        var (column, warning) = await ColumnAsync("term", (i, bad) => (bad || Noise(i) < 0.08 ? Noise(i + 9) * 30 : 30 + (Noise(i + 9) * 70)).ToString("F4", CultureInfo.InvariantCulture), rows);
        Assert.Equal((ColumnRole.Ignored, null), (column.Role, column.Reason));
        Assert.Matches("^LIKELY LEAK: it alone tells good from bad loans with an area under the ROC curve of 0\\.9[5-7] \\(0\\.90 and above is suspect\\), ", column.Note);
        Assert.EndsWith(Ask, column.Note, StringComparison.Ordinal);
        Assert.Equal(column.Note, warning);
    }

    [Fact]
    public async Task Category_that_nearly_decides_is_a_likely_leak() =>
        Assert.StartsWith("LIKELY LEAK: ", (await ColumnAsync("state", (i, bad) => bad == Noise(i) > 0.04 ? "closed" : $"open {i % 3}")).Column.Note, StringComparison.Ordinal);

    [Fact]
    public async Task Date_that_nearly_decides_is_a_likely_leak() =>
        Assert.StartsWith("LIKELY LEAK: ", (await ColumnAsync("last_seen", (i, bad) => Day((bad == Noise(i) > 0.05 ? 0 : 900) + (i * 7919 % 890)), 4000)).Column.Note, StringComparison.Ordinal);

    [Fact]
    public async Task Area_from_which_on_a_column_is_suspect_can_be_set()
    {
        static string Cell(int i, bool bad) => bad == Noise(i) > 0.2 ? "1" : "0";
        Assert.Equal(ColumnRole.Input, (await ColumnAsync("flag", Cell)).Column.Role);
        Assert.Equal(ColumnRole.Ignored, (await ColumnAsync("flag", Cell, suspect: 0.7)).Column.Role);
    }

    [Fact]
    public async Task Copy_of_the_target_with_gaps_is_a_leak()
    {
        var (column, warning) = await ColumnAsync("status", (i, bad) => i % 3 == 0 ? "" : bad ? "B" : i % 2 == 0 ? "A1" : "A2");
        Assert.Equal(ColumnRole.Ignored, column.Role);
        Assert.StartsWith("LEAK: where it has a value, it tells the outcome exactly, as a copy of the target would.", warning, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Value_that_one_class_hardly_has_is_a_possible_leak_and_stays_an_input()
    {
        var (column, warning) = await ColumnAsync("visit_cost", (i, bad) => (bad ? Noise(i) < 0.5 : Noise(i) < 0.01) ? $"{i % 90}" : "", 2000);
        Assert.Equal(ColumnRole.Input, column.Role);
        Assert.Matches("^POSSIBLE LEAK: \\d+ % of the loans of one outcome have a value and [01]\\.\\d % of those of the other, as if it were written after the outcome\\.", warning);
        Assert.StartsWith(warning!, column.Note, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("recoveries", "recoveries"), InlineData("ChargeOffAmount", "charge off"), InlineData("collection_recovery_fee", "collection"), InlineData("last_pymnt_d", "last pymnt")]
    [InlineData("lastPaymentAmount", "last payment"), InlineData("settlement_status", "settlement"), InlineData("ChgOffPrinGr", "chg off"), InlineData("default_date", "default date")]
    public async Task Name_of_what_comes_after_the_outcome_is_a_possible_leak(string name, string part)
    {
        var (column, warning) = await ColumnAsync(name, (i, _) => $"{i % 7}");
        Assert.Equal(ColumnRole.Input, column.Role);
        Assert.Equal($"POSSIBLE LEAK: the name says '{part}', which is usually known only after the outcome. Set the role to 'ignored' unless it is known when a loan is applied for.", warning);
    }

    [Theory]
    [InlineData("collections_12_mths_ex_med"), InlineData("chargeoff_within_12_mths"), InlineData("months_since_last_payment"), InlineData("payment"), InlineData("num_charge_offs")]
    public async Task Name_of_an_applicants_history_is_none(string name) => Assert.Null((await ColumnAsync(name, (i, _) => $"{i % 7}")).Warning);

    [Theory]
    [InlineData(1000, 3)]
    [InlineData(4000, 50)]
    public async Task Many_values_that_tell_nothing_are_no_leak(int rows, int rarity)
    {
        // With rare bad loans nearly every bad one would have a category of its own: small categories count together.
        var (column, warning) = await ColumnAsync("shop", (i, _) => $"s{i * 7919L % 15485863 % 400}", rows, rarity);
        Assert.True(column.Role == ColumnRole.Input, column.Note);
        Assert.Null(warning);
    }

    [Fact]
    public async Task Warnings_name_protected_columns_stand_ins_and_doubtful_targets()
    {
        var csv = "sex,zip,x,target\n" + string.Concat(Enumerable.Range(0, 300).Select(i => $"{i % 2},{100 + (i % 40)}xx,{i % 9},{(i % 4 == 0 ? "B" : "A")}\n"));
        Assert.Equal(
            [
                new("target", "'B' means bad, because it is the rarer value: check this guess, and name the other with --bad if it is wrong; 25.0 % of 300 loans are bad."),
                new("sex", "Protected: the name says 'sex', so it is no input."),
                new("zip", "A small area can stand in for race or origin: check that its use is lawful (ECOA, 12 CFR 1002.6)."),
            ],
            (await InferAsync(csv, 0.9)).Warnings);
    }

    [Fact]
    public async Task Numbers_and_dates_of_a_culture_are_read_as_its_files_are_written()
    {
        var csv = "income;opened;target\n" + string.Concat(Enumerable.Range(0, 300).Select(i => $"{1 + (i % 7)}.{100 + (i % 90)},5;{1 + (i % 28)}.11.20{10 + (i % 9)};{(Noise(i) < 0.3 ? 1 : 0)}\n"));
        await using var file = await DropOf.Text(csv);
        var options = new InferenceOptions { Target = "target", Portfolio = "loans", Format = new() { Culture = "de-DE" } };
        var outcome = await ContractInference.InferAsync(file, options, new Progress<TrainingProgress>(), TestContext.Current.CancellationToken);
        var contract = Assert.IsType<Outcome<InferredContract>.Done>(outcome).Value.Contract;
        Assert.Equal("de-DE", contract.Format.Culture);
        Assert.Equal([(ColumnType.Number, ColumnRole.Input), (ColumnType.Date, ColumnRole.Input)], contract.Columns.Take(2).Select(c => (c.Type, c.Role)));
        var rows = await new CreditTrainer().ReadAsync(contract, file, DropOf.Context, new Progress<TrainingProgress>(), TestContext.Current.CancellationToken);
        Assert.Equal((300, 0), Assert.IsType<Outcome<TrainingRows>.Done>(rows.Rows).Value is var read ? (read.Count, read.RowsInError) : default);
    }

    [Fact]
    public async Task Format_that_is_none_is_rejected()
    {
        await using var file = await DropOf.Text("x,target\n1,0\n2,1\n");
        var options = new InferenceOptions { Target = "target", Portfolio = "loans", Format = new() { Delimiter = ";;", Encoding = "klingon" } };
        var outcome = await ContractInference.InferAsync(file, options, new Progress<TrainingProgress>(), TestContext.Current.CancellationToken);
        Assert.Equal(
            [
                "'format.delimiter' must be one character that is no letter, digit, quote, sign or line break: a comma, semicolon, tab or bar is usual.",
                "'format.encoding' names no encoding that is known: write its IANA name, such as utf-8, utf-16, iso-8859-1, iso-8859-15 or windows-1252.",
            ],
            Assert.IsType<Outcome<InferredContract>.Rejected>(outcome).Reasons);
    }

    private static async Task<(Column Column, string? Warning)> ColumnAsync(string name, Func<int, bool, string> cell, int rows = 1000, int rarity = 3, double suspect = 0.9)
    {
        var csv = new StringBuilder($"{name},other,target\n");
        for (var i = 0; i < rows; i++)
        {
            var bad = Noise(i + 77) * rarity < 1;
            csv.Append(CultureInfo.InvariantCulture, $"{cell(i, bad)},{i % 13},{(bad ? 1 : 0)}\n");
        }

        var inferred = await InferAsync(csv.ToString(), suspect);
        return (inferred.Contract.Columns[0], inferred.Warnings.SingleOrDefault(w => w.Column == name)?.Text);
    }

    private static async Task<InferredContract> InferAsync(string csv, double suspect)
    {
        var options = new InferenceOptions { Target = "target", Portfolio = "loans", LeakAuc = suspect };
        await using var file = await DropOf.Text(csv);
        var outcome = await ContractInference.InferAsync(file, options, new Progress<TrainingProgress>(), TestContext.Current.CancellationToken);
        return Assert.IsType<Outcome<InferredContract>.Done>(outcome).Value;
    }

    private static string Day(int days) => new DateTime(2015, 1, 1).AddDays(days).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>0 to 1, the same for the same row.</summary>
    private static double Noise(int row)
    {
        var mixed = (uint)row * 2654435761u;
        mixed = (mixed ^ (mixed >> 15)) * 2246822519u;
        mixed = (mixed ^ (mixed >> 13)) * 3266489917u;
        return (mixed ^ (mixed >> 16)) / (double)uint.MaxValue;
    }
}
