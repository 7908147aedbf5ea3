using Serverless.Serving.Market;
using Serverless.Tests.Serving.Market;
using Serverless.Training;
using Serverless.Training.Market.Strategies;
using Serverless.Training.Samples;

namespace Serverless.Tests.Training.Market.Strategies;

public class SizingForecastsTests
{
    private const int First = 400, Every = 200;

    private static readonly Bars Stock = MadeBars.Of(4, 900);
    private static readonly SizingRules Rules = new() { MinDays = First, RefitDays = Every };

    [Theory]
    [InlineData(450)]
    [InlineData(600)]
    [InlineData(601)]
    public void Bars_after_a_day_leave_every_forecast_up_to_it_as_it_was(int known)
    {
        var (whole, corrupted) = (Signals(Stock, Rules), Signals(MadeBars.CorruptedAfter(Stock, known), Rules));
        Assert.Equal(whole.Volatility[..known], corrupted.Volatility[..known]);
        Assert.Equal(whole.Drift[..known], corrupted.Drift[..known]);
        Assert.NotEqual(whole.Volatility[known..], corrupted.Volatility[known..]);
    }

    [Fact]
    public void Days_before_the_first_fit_have_the_range_and_the_mean_return_and_later_ones_a_forecast()
    {
        var (sized, plain) = (Signals(Stock, Rules), Signals(Stock, null));
        Assert.Equal(plain.Volatility[..(First - 1)], sized.Volatility[..(First - 1)]);
        Assert.Equal(plain.Drift[..(First - 1)], sized.Drift[..(First - 1)]);
        Assert.All(Enumerable.Range(First - 1, Stock.Count - First + 1), t => Assert.NotEqual(plain.Volatility[t], sized.Volatility[t]));
        Assert.All(sized.Volatility, v => Assert.InRange(v, 1e-4, 1));
        Assert.Equal(new Signals(Stock).Volatility, plain.Volatility);
    }

    [Fact]
    public void Drift_is_that_of_the_last_fit()
    {
        var drift = Signals(Stock, Rules).Drift;
        var returns = Enumerable.Range(1, First - 1).Average(t => Math.Log(Stock.Close[t] / Stock.Close[t - 1]));
        Assert.All(drift[(First - 1)..(First + Every - 1)], d => Assert.Equal(returns, d, 6));
        Assert.NotEqual(drift[First - 1], drift[First + Every - 1]);
    }

    [Fact]
    public void Networks_change_what_is_forecast_and_the_same_seed_gives_the_same()
    {
        var few = Rules with { RefitDays = 2000, Networks = 1 };
        var network = Signals(Stock, few);
        Assert.Equal(network.Volatility, Signals(Stock, few).Volatility);
        Assert.NotEqual(Signals(Stock, few with { Networks = 0 }).Volatility[First..], network.Volatility[First..]);
    }

    [Fact]
    public void Symbol_that_does_not_move_keeps_the_volatility_of_its_range()
    {
        var still = Enumerable.Repeat(50.0, 900).ToArray();
        var bars = new Bars("STILL", Stock.Days.ToArray(), still, still, still, still, still);
        Assert.Equal(new Signals(bars).Volatility, Signals(bars, Rules).Volatility);
    }

    private static Signals Signals(Bars bars, SizingRules? sizing)
    {
        var contract = MarketSample.Contract with { Strategy = new() { Sizing = sizing }, Forecast = new() { Epochs = 1, Units = 4 } };
        return Assert.Single(SizingForecasts.Of(new(contract, [bars], [], 0, []), new Progress<TrainingProgress>(), TestContext.Current.CancellationToken));
    }
}
