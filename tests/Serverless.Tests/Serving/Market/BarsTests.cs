using Serverless.Serving.Market;

namespace Serverless.Tests.Serving.Market;

public class BarsTests
{
    private static readonly DateOnly[] Days = [new(2024, 1, 5), new(2024, 1, 8), new(2024, 1, 9)];

    [Theory]
    [InlineData("2024-01-04", 0)]
    [InlineData("2024-01-05", 1)]
    [InlineData("2024-01-07", 1)]
    [InlineData("2024-01-09", 3)]
    [InlineData("2030-01-01", 3)]
    public void Date_is_answered_with_what_was_known_at_its_close(string date, int known)
    {
        var bars = Flat(10, 11, 12);
        var then = bars.Until(DateOnly.Parse(date, System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal((known, known), (bars.Known(DateOnly.Parse(date, System.Globalization.CultureInfo.InvariantCulture)), then.Count));
        Assert.Equal(bars.Close[..known].ToArray(), then.Close.ToArray());
        Assert.Equal(known, then.LogReturns().Length);
    }

    [Fact]
    public void Days_that_do_not_ascend_are_refused() =>
        Assert.Contains("do not ascend at 2024-01-05", Assert.Throws<ArgumentException>(() => new Bars("A", [Days[1], Days[0]], [1, 1], [1, 1], [1, 1], [1, 1], [0, 0])).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(0, 1, 1, 0)] // no price
    [InlineData(2, 1, 1, 0)] // open above high
    [InlineData(1, 1, 2, 0)] // close above high
    [InlineData(1, double.PositiveInfinity, 1, 0)]
    [InlineData(1, 1, 1, -1)]
    [InlineData(1, 1, 1, double.NaN)]
    [InlineData(double.NaN, 1, 1, 0)]
    public void Bar_that_is_none_is_refused(double open, double high, double close, double traded) =>
        Assert.Contains("on 2024-01-05 is none", Assert.Throws<ArgumentException>(() => new Bars("A", [Days[0]], [open], [high], [Math.Min(open, close)], [close], [traded])).Message, StringComparison.Ordinal);

    [Fact]
    public void Arrays_of_different_lengths_are_refused() =>
        Assert.Throws<ArgumentException>(() => new Bars("A", Days, [1, 1], [1, 1, 1], [1, 1, 1], [1, 1, 1], [0, 0, 0]));

    [Fact]
    public void Log_return_is_from_close_to_close() =>
        Assert.Equal([0, Math.Log(1.1), Math.Log(12.0 / 11)], Flat(10, 11, 12).LogReturns());

    private static Bars Flat(params double[] prices) => new("A", Days, prices, prices, prices, prices, new double[prices.Length]);
}
