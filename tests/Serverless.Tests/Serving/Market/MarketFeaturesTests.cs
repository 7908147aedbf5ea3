using Serverless.Serving.Market;

namespace Serverless.Tests.Serving.Market;

public class MarketFeaturesTests
{
    private static readonly Bars Stock = MadeBars.Of(1, 300), Vix = MadeBars.Of(2, 280, "VIX");

    [Fact]
    public void Row_of_a_day_is_what_its_definitions_say()
    {
        var table = MarketFeatures.Of(Stock, [Vix]);
        const int day = 100;
        double Of(string name) => table[day][table.Names.ToList().IndexOf(name)];
        double Mean(int window, Func<int, double> of) => Enumerable.Range(day - window + 1, window).Average(of);
        double Log(double ratio) => Math.Log(ratio);
        Assert.Equal(Log(Stock.Close[day] / Stock.Close[day - 21]), Of("return_21"));
        Assert.Equal(0.5 * Log(Mean(22, t => Math.Pow(Log(Stock.Close[t] / Stock.Close[t - 1]), 2))), Of("volatility_22"), 12);
        Assert.Equal(0.5 * Log(Math.Pow(Log(Stock.High[day] / Stock.Low[day]), 2) / (4 * Log(2))), Of("parkinson_1"), 12);
        Assert.Equal(0.5 * Log(Mean(5, t => (0.5 * Math.Pow(Log(Stock.High[t] / Stock.Low[t]), 2)) - ((2 * Log(2) - 1) * Math.Pow(Log(Stock.Close[t] / Stock.Open[t]), 2)))), Of("garman_klass_5"), 12);
        Assert.Equal(Of("return_1"), Of("overnight") + Of("intraday"), 12);
        Assert.Equal(Log(Vix.Close[day]), Of("VIX_level"));
        Assert.Equal(Log(Vix.Close[day] / Vix.Close[day - 5]), Of("VIX_change_5"));
        Assert.InRange(Of("volume_z"), -3, 3);
    }

    [Fact]
    public void Table_begins_where_every_feature_looks_back_on_known_days_and_is_never_NaN()
    {
        var late = MadeBars.Of(3, 280, "LATE");
        var table = MarketFeatures.Of(Stock, [Stale(late, 90)]);
        Assert.Equal(95, table.First); // five changes of a series that begins on day 90
        Assert.Equal(MarketFeatures.Names(["LATE"]), table.Names);
        Assert.Equal(table.Names.Count * Stock.Count, table.Values.Length);
        Assert.All(table.Values, v => Assert.True(double.IsFinite(v)));
        Assert.All(table.Values[..(95 * table.Names.Count)], v => Assert.Equal(0, v));
        Assert.Equal(63, MarketFeatures.Of(Stock, []).First);
        Assert.Equal(Stock.Count, MarketFeatures.Of(Stock, [Vix.Until(5)]).First);
        Assert.Equal(40, MarketFeatures.Of(Stock.Until(40), []).First);
    }

    [Fact]
    public void Prices_that_stand_still_have_the_least_volatility_and_unknown_volume_no_score()
    {
        var (days, ones) = (Stock.Days.ToArray(), Enumerable.Repeat(1.0, 300).ToArray());
        var table = MarketFeatures.Of(new Bars("A", days, ones, ones, ones, ones, new double[300]), []);
        var row = table[200].ToArray().Zip(table.Names).ToDictionary(p => p.Second, p => p.First);
        foreach (var name in (string[])["volatility_5", "parkinson_1", "garman_klass_22"]) Assert.Equal(0.5 * Math.Log(MarketFeatures.LeastVariance), row[name]);
        Assert.Equal(0, row["volume_z"]);
    }

    [Fact]
    public void Series_is_seen_as_of_the_day_where_its_calendar_differs()
    {
        var (days, prices) = (Vix.Days.ToArray().Where((_, t) => t != 150).ToArray(), Vix.Close.ToArray().Where((_, t) => t != 150).ToArray());
        var holed = new Bars("VIX", days, prices, prices, prices, prices, new double[days.Length]);
        var table = MarketFeatures.Of(Stock, [holed]);
        Assert.Equal(Math.Log(Vix.Close[149]), table[150][table.Names.ToList().IndexOf("VIX_level")]);
        Assert.Equal(Math.Log(Vix.Close[^1]), table[299][table.Names.ToList().IndexOf("VIX_level")]); // Vix ends before the stock does
    }

    /// <summary>The look-ahead canary.</summary>
    [Theory]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(170)]
    [InlineData(299)]
    public void Bars_after_a_day_leave_every_feature_up_to_it_as_it_was(int known)
    {
        var whole = MarketFeatures.Of(Stock, [Vix]);
        var corrupted = MarketFeatures.Of(MadeBars.CorruptedAfter(Stock, known), [MadeBars.CorruptedAfter(Vix, Math.Min(known, Vix.Count))]);
        var prefix = MarketFeatures.Of(Stock.Until(known), [Vix.Until(Stock.Days[known - 1])]);
        var cells = known * whole.Names.Count;
        Assert.Equal(whole.Values[..cells], corrupted.Values[..cells]);
        Assert.Equal(whole.Values[..cells], prefix.Values);
        Assert.NotEqual(whole.Values[cells..], corrupted.Values[cells..]);
    }

    private static Bars Stale(Bars bars, int from) => new(
        bars.Symbol, bars.Days[from..].ToArray(), bars.Open[from..].ToArray(), bars.High[from..].ToArray(), bars.Low[from..].ToArray(), bars.Close[from..].ToArray(), bars.Traded[from..].ToArray());
}
