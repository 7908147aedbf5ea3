using Serverless.Serving.Credit;

namespace Serverless.Tests.Serving.Credit;

public class FeaturesTests
{
    private static readonly Column Income = CreditExample.Contract.Columns[2];

    [Theory]
    [InlineData("12.5", 12.5)]
    [InlineData(" 1e3 ", 1000)]
    [InlineData("0", 0)]
    [InlineData("1000000", 1e6)]
    public void Number_is_read(string text, double number)
    {
        var cell = new ColumnReader(Income).Read(text);
        Assert.Equal(CellKind.Number, cell.Kind);
        Assert.Equal(number, cell.Number);
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("NA")]
    public void Missing_text_is_missing(string text) => Assert.Equal(CellKind.Missing, new ColumnReader(Income).Read(text).Kind);

    [Theory]
    [InlineData("-9")]
    [InlineData("-9.0")]
    public void Special_code_of_a_number_matches_by_text_and_by_value(string text)
    {
        var cell = new ColumnReader(Income with { Special = ["-8", "-9"] }).Read(text);
        Assert.Equal((CellKind.Special, 1), (cell.Kind, cell.Special));
    }

    [Theory]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("∞")]
    [InlineData("1e999")]
    [InlineData("1,000")]
    [InlineData("1 000")]
    [InlineData("0x10")]
    [InlineData("n/a")]
    [InlineData("true")]
    public void What_is_no_number_is_a_fault_that_hides_the_value(string text) =>
        Assert.Equal("'income' is not a number: write it with a decimal point and without thousands separators.", new ColumnReader(Income).Read(text).Fault);

    [Theory]
    [InlineData("-0.01", 0d, 1e6, "0 to 1000000")]
    [InlineData("1000000.5", 0d, 1e6, "0 to 1000000")]
    [InlineData("-1", 0d, null, "0 or more")]
    [InlineData("8", null, 7.5, "7.5 or less")]
    public void Number_outside_its_range_is_a_fault(string text, double? minimum, double? maximum, string range) => Assert.Equal(
        $"'income' is outside its range, {range}: correct it, or the contract.",
        new ColumnReader(Income with { Minimum = minimum, Maximum = maximum }).Read(text).Fault);

    [Theory]
    [InlineData("1970-01-02", 1)]
    [InlineData("1969-12-31", -1)]
    [InlineData("2024-02-29", 19782)]
    [InlineData("1970-01-02T12:00", 1.5)]
    [InlineData("1970-01-01 06:00:00", 0.25)]
    [InlineData("1970-01-01T00:00:00+06:00", -0.25)]
    [InlineData("1970-01-01T18:00:00.0000000Z", 0.75)]
    public void Date_counts_days_since_1970(string text, double days) =>
        Assert.Equal(days, new ColumnReader(new Column { Name = "d", Type = ColumnType.Date }).Read(text, rowDate: 5).Number);

    [Theory]
    [InlineData("28-Feb-97")]
    [InlineData("2024-02-30")]
    [InlineData("02/28/2024")]
    [InlineData("2024")]
    public void What_is_no_date_is_a_fault(string text) => Assert.Equal(
        "'d' is not a date: write it as yyyy-MM-dd, or as a timestamp of ISO 8601.",
        new ColumnReader(new Column { Name = "d", Type = ColumnType.Date }).Read(text).Fault);

    [Fact]
    public void Date_input_counts_days_to_the_date_of_the_row()
    {
        var reader = ColumnReader.Inputs(CreditExample.Contract).Single(r => r.Column.Type == ColumnType.Date);
        var rowDate = ColumnReader.RowDate(CreditExample.Contract)!.Read("2024-03-01").Number;
        Assert.True(reader.NeedsRowDate);
        Assert.Equal(29, reader.Read("2024-02-01", rowDate).Number);
    }

    [Fact]
    public void Category_is_trimmed_text()
    {
        var cell = new ColumnReader(CreditExample.Contract.Columns[3]).Read(" car ");
        Assert.Equal(CellKind.Category, cell.Kind);
        Assert.Equal("car", cell.Category.ToString());
    }

    [Fact]
    public void Category_outside_the_allowed_ones_is_a_fault() => Assert.Equal(
        "'housing' has a value that its contract does not allow: correct it, or add it to the contract.",
        new ColumnReader(CreditExample.Contract.Columns[4]).Read("Own").Fault);

    [Fact]
    public void Reading_and_binning_do_not_allocate()
    {
        var readers = ColumnReader.Inputs(CreditExample.Contract);
        var card = CreditExample.Card;
        string[] texts = ["1234.5", "travel", "rent", "2024-01-01"];
        long Bins()
        {
            long sum = 0;
            for (var c = 0; c < texts.Length; c++) sum += card.Columns[c].BinOf(readers[c].Read(texts[c], 20000));
            return sum;
        }

        Assert.Equal(1 + 1 + 1 + 0, Bins());
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++) Bins();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
