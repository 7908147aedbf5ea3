using Serverless.Serving.Credit;
using Serverless.Training.Credit;

namespace Serverless.Tests.Training.Credit;

public class ColumnBinsTests
{
    [Fact]
    public void Values_that_differ_by_chance_only_fall_into_one_bin()
    {
        var random = new Random(3);
        int[] codes = [.. Enumerable.Range(0, 4000).Select(i => i % 400)];
        var bad = Array.ConvertAll(codes, _ => random.NextDouble() < 0.2);
        var bins = ColumnBins.Find(Category(codes, 400), bad, [.. Enumerable.Range(0, 4000)]);
        Assert.InRange(bins.Column.Categories.Count, 1, 2);
        Assert.All(bins.Woe, woe => Assert.InRange(woe, -0.1, 0.1));
    }

    [Fact]
    public void Rare_value_weighs_little_and_unknown_nothing()
    {
        var codes = new int[1002];
        for (var i = 0; i < 1000; i++) codes[i] = i % 4;
        (codes[1000], codes[1001]) = (4, 4);
        var bad = codes.Select((code, i) => code == 4 || i % 20 < 2 + code).ToArray();
        var bins = ColumnBins.Find(Category(codes, 5), bad, [.. Enumerable.Range(0, 1002)]);
        Assert.True(bins.Woe[bins.Column.BinOf("v4")] > -1.5);
        Assert.Equal(0, bins.Woe[bins.Column.BinOf("never")]);
        Assert.Equal(0, bins.Woe[bins.Column.MissingBin]);
    }

    [Theory]
    [InlineData(40.37, 44.9, 42)]
    [InlineData(1, 2, 1)]
    [InlineData(2, 3, 2)]
    [InlineData(999.5, 1250, 1000)]
    [InlineData(-3, -2.9, -3)]
    [InlineData(1250, 1290, 1270)]
    [InlineData(0, 1e-9, 0)]
    public void Cut_between_two_values_is_short(double low, double high, double expected) => Assert.Equal(expected, NumberBins.Between(low, high));

    [Fact]
    public void Bins_of_numbers_hold_their_upper_bound()
    {
        double[] numbers = [.. Enumerable.Range(0, 1000).Select(i => (double)(i % 10))];
        var bad = Array.ConvertAll(numbers, n => n > 4);
        for (var i = 0; i < 50; i++) bad[(i * 20) + (i % 5)] = true;
        var input = new InputColumn(new Column { Name = "n", Type = ColumnType.Number }, numbers, new int[1000], []);
        var bins = ColumnBins.Find(input, bad, [.. Enumerable.Range(0, 1000)]).Column;
        Assert.Equal([4.0], bins.Cuts);
        Assert.Equal(["up to 4", "above 4", "missing"], bins.Bins.Select(b => b.Label));
        Assert.Equal([(500, 50), (500, 500), (0, 0)], bins.Bins.Select(b => (b.Rows, b.Bads)));
        Assert.Equal((0, 1), (bins.BinOf(4.0), bins.BinOf(4.1)));
    }

    private static InputColumn Category(int[] codes, int values) =>
        new(new Column { Name = "c", Type = ColumnType.Category }, [], codes, [.. Enumerable.Range(0, values).Select(v => $"v{v}")]);
}
