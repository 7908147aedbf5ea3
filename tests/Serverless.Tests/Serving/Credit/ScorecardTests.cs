using System.Text.Json;
using Serverless.Serving;
using Serverless.Serving.Credit;

namespace Serverless.Tests.Serving.Credit;

public class ScorecardTests
{
    [Theory]
    [InlineData(-5, 0)]
    [InlineData(1000, 0)]
    [InlineData(1000.0000001, 1)]
    [InlineData(2500, 1)]
    [InlineData(1e300, 2)]
    public void Number_falls_in_the_bin_that_its_upper_bound_closes(double number, int bin) => Assert.Equal(bin, CreditExample.Card.Columns[0].BinOf(number));

    [Theory]
    [InlineData("", 3)]
    [InlineData("-9", 4)]
    public void Missing_and_special_follow_the_ordinary_bins_of_a_number(string text, int bin) =>
        Assert.Equal(bin, CreditExample.Card.Columns[0].BinOf(new ColumnReader(CreditExample.Contract.Columns[2]).Read(text)));

    [Fact]
    public void Each_special_code_has_its_bin_in_the_order_of_the_contract()
    {
        var column = new ScorecardColumn("income", ColumnType.Number, [5], [], CreditExample.Bins(1, 2, 3, 4, 5), 0);
        var reader = new ColumnReader(CreditExample.Contract.Columns[2] with { Special = ["-8", "-9"] });
        Assert.Equal([3, 4, 2, 1], new[] { "-8", "-9", "NA", "7" }.Select(text => column.BinOf(reader.Read(text))));
    }

    [Theory]
    [InlineData("boat", 0)]
    [InlineData("travel", 1)]
    [InlineData("", 2)]
    [InlineData("Travel", 3)]
    public void Category_falls_in_the_bin_that_lists_it_or_the_unknown_one(string text, int bin) =>
        Assert.Equal(bin, CreditExample.Card.Columns[1].BinOf(new ColumnReader(CreditExample.Contract.Columns[3]).Read(text)));

    [Fact]
    public void Column_without_cuts_has_one_ordinary_bin()
    {
        var column = new ScorecardColumn("x", ColumnType.Number, [], [], CreditExample.Bins(1, 2), 0);
        Assert.Equal((0, 1), (column.BinOf(7), column.BinOf(default(Cell))));
    }

    [Fact]
    public void Features_written_and_read_find_the_same_bins()
    {
        var cuts = new[] { 0.1, 1.0 / 3, 1e-300 }.Order().ToList();
        var card = CreditExample.Card with { Columns = [new("x", ColumnType.Number, cuts, [], CreditExample.Bins(1, 2, 3, 4, 5), 0), CreditExample.Card.Columns[1]] };
        var json = Json.File(card);
        var read = JsonSerializer.Deserialize<Scorecard>(json, Json.Options)!;
        Assert.Equal(json, Json.File(read));
        foreach (var (bin, cut) in cuts.Index()) Assert.Equal((bin, bin + 1), (read.Columns[0].BinOf(cut), read.Columns[0].BinOf(Math.BitIncrement(cut))));
        Assert.Equal(1, read.Columns[1].BinOf("travel"));
    }

    [Fact]
    public void Field_with_a_fault_has_no_bin() => Assert.Throws<InvalidOperationException>(
        () => CreditExample.Card.Columns[0].BinOf(new ColumnReader(CreditExample.Contract.Columns[2]).Read("x")));
}
