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
        var bins = Find(Category(codes, 400), bad);
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
        var bins = Find(Category(codes, 5), bad);
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
        var bins = Find(input, bad).Column;
        Assert.Equal([4.0], bins.Cuts);
        Assert.Equal(["up to 4", "above 4", "missing"], bins.Bins.Select(b => b.Label));
        Assert.Equal([(500, 50), (500, 500), (0, 0)], bins.Bins.Select(b => (b.Rows, b.Bads)));
        Assert.Equal((0, 1), (bins.BinOf(4.0), bins.BinOf(4.1)));
    }

    [Fact]
    public void Cuts_set_by_hand_are_the_bins_even_where_they_are_empty()
    {
        double[] numbers = [.. Enumerable.Range(0, 1000).Select(i => (double)(i % 10))];
        var bad = Array.ConvertAll(numbers, n => n is 3 or 8);
        var input = new InputColumn(new Column { Name = "n", Type = ColumnType.Number, Cuts = [-5, 2.5, 3, 100], Monotone = Monotone.None }, numbers, new int[1000], []);
        var bins = Find(input, bad);
        Assert.Equal([-5, 2.5, 3, 100], bins.Column.Cuts);
        Assert.Equal([(0, 0), (300, 0), (100, 100), (600, 100), (0, 0), (0, 0)], bins.Column.Bins.Select(b => (b.Rows, b.Bads)));
        Assert.Equal((0, 0), (bins.Woe[0], bins.Woe[4]));
    }

    [Theory]
    [InlineData(Monotone.Auto)]
    [InlineData(Monotone.Unimodal)]
    [InlineData(Monotone.Increasing)]
    public void Cuts_set_by_hand_keep_the_trend(Monotone trend)
    {
        double[] numbers = [.. Enumerable.Range(0, 1000).Select(i => (double)(i % 10))];
        var bad = numbers.Select((n, i) => i % 7 < n % 3).ToArray();
        var input = new InputColumn(new Column { Name = "n", Type = ColumnType.Number, Cuts = [0, 1, 2, 3, 4, 5, 6, 7, 8], Monotone = trend }, numbers, new int[1000], []);
        var bins = Find(input, bad);
        var steps = bins.Woe[..10].Zip(bins.Woe[1..10], (a, b) => Math.Sign(a - b)).Where(s => s != 0).ToArray();
        Assert.True(steps.Zip(steps.Skip(1), (a, b) => a != b).Count(turn => turn) <= (trend == Monotone.Increasing ? 0 : 1));
        Assert.All(bins.Directions[1..10], d => Assert.NotEqual(0, d));
        if (trend == Monotone.Increasing) Assert.DoesNotContain(-1, steps);
    }

    [Fact]
    public void Groups_set_by_hand_are_the_bins_and_other_values_are_unknown()
    {
        int[] codes = [.. Enumerable.Range(0, 900).Select(i => i % 3)];
        var bad = codes.Select((c, i) => i % 10 < c + 1).ToArray();
        var input = Category(codes, 3);
        var bins = Find(input with { Column = input.Column with { Groups = [["v1", "never"], ["v0"]] } }, bad).Column;
        Assert.Equal([["v1", "never"], ["v0"]], bins.Categories);
        Assert.Equal([(300, 60), (300, 30), (0, 0), (300, 90)], bins.Bins.Select(b => (b.Rows, b.Bads)));
        Assert.Equal((0, 3, 3), (bins.BinOf("never"), bins.BinOf("v2"), bins.UnknownBin));
    }

    [Fact]
    public void Bins_have_at_least_the_share_and_at_most_the_number_that_the_contract_says()
    {
        double[] numbers = [.. Enumerable.Range(0, 5000).Select(i => i % 100.0)];
        var bad = numbers.Select((n, i) => i * 7919 % 1009 % 100 < n).ToArray();
        var input = new InputColumn(new Column { Name = "n", Type = ColumnType.Number }, numbers, new int[5000], []);
        var usual = Find(input, bad, new ScorecardRules()).Column;
        var coarse = Find(input, bad, new ScorecardRules { MinBinShare = 0.2 }).Column;
        var few = Find(input, bad, new ScorecardRules { MaxBins = 3 }).Column;
        Assert.InRange(usual.Cuts.Count, 6, 11);
        Assert.All(coarse.Bins.Take(coarse.Cuts.Count + 1), bin => Assert.True(bin.Rows >= 1000));
        Assert.Equal(2, few.Cuts.Count);
    }

    private static ColumnBins Find(InputColumn input, bool[] bad, ScorecardRules? rules = null) =>
        ColumnBins.Find(Prebins.Of(input, new FoldedRows([.. Enumerable.Range(0, bad.Length)], [0, bad.Length], bad)), rules ?? new ScorecardRules());

    private static InputColumn Category(int[] codes, int values) =>
        new(new Column { Name = "c", Type = ColumnType.Category }, [], codes, [.. Enumerable.Range(0, values).Select(v => $"v{v}")]);
}
