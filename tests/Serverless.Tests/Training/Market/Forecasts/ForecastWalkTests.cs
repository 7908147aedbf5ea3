using Serverless.Serving.Market;
using Serverless.Tests.Serving.Market;
using Serverless.Training;
using Serverless.Training.Market.Forecasts;

namespace Serverless.Tests.Training.Market.Forecasts;

public class ForecastWalkTests
{
    private const int Days = 700, Corrupted = 640;

    private static readonly MarketContract Contract = new()
    {
        Family = "market",
        Portfolio = "walk",
        Version = "1",
        Columns = new() { Date = "date", Close = "close" },
        Symbol = "A",
        Forecast = new() { Networks = 1, Epochs = 1, Window = 5, Units = 3, RefitDays = 40 },
    };

    private static readonly Bars Made = MadeReturns.Bars("A", Days, 1);

    /// <summary>The canary: whatever happens later, every forecast of an earlier day stays as it was, bit for bit, through fits, networks and graphs.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    public void Corrupting_later_days_changes_no_earlier_forecast(int horizon)
    {
        var (one, two) = (Walk(Made, horizon), Walk(MadeBars.CorruptedAfter(Made, Corrupted), horizon));
        var before = Enumerable.Range(0, one.Count).Count(i => one.Day(i) < Corrupted);
        Assert.InRange(before, 100, one.Count - 1);
        foreach (var kind in Enum.GetValues<ForecastKind>())
        {
            Assert.Equal(one.Of(kind)[..before], two.Of(kind)[..before]);
            Assert.NotEqual(one.Of(kind)[before], two.Of(kind)[before]);
        }

        foreach (var (mine, other) in one.Means.Zip(two.Means)) Assert.Equal(mine[..before], other[..before]);
    }

    [Fact]
    public void Every_day_behind_the_last_learned_one_is_forecast_once()
    {
        var walked = Walk(Made, 5);
        Assert.Equal((Made.Days[500], Made.Days[505], Made.Days[Days - 1]), (Made.Days[walked.Day(0)], walked.Ends(0), walked.Ends(walked.Count - 1)));
        foreach (var kind in Enum.GetValues<ForecastKind>()) Assert.All(walked.Of(kind), f => Assert.True(f.Variance > 0 && f.Ahead.Variance > f.Variance && f.Ahead.Freedom > 2));
        Assert.Equal(walked.Symbol.ReturnAfter(500, 5), walked.Returns()[0]);
    }

    private static JudgedSymbol Walk(Bars bars, int horizon) => ForecastWalk.Run(
        [SymbolDays.Of(bars, [])], [], bars.Days[500], Contract with { Horizon = horizon }, new Progress<TrainingProgress>(), TestContext.Current.CancellationToken).Symbols[0];
}
