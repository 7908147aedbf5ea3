using CsCheck;
using Serverless.Serving.Market;
using Serverless.Training.Market;

namespace Serverless.Tests.Training.Market;

public class BacktestTests
{
    private static readonly CostRules Free = new() { CommissionBp = 0, HalfSpreadBp = 0, Impact = 0, MarginRate = 0, BorrowRate = 0 };
    private static readonly PositionLimits Loose = new() { MaxLeverage = 3, LongOnly = false, MaxDailyTurnover = 20, NoTradeBand = 0 };

    // Three days of one price each: 100, opens at 110 and closes at 121, opens at 121 and closes at 133.1.
    private static readonly Bars Rising = new(
        "A", [new(2024, 1, 2), new(2024, 1, 3), new(2024, 1, 4)], [100, 110, 121], [100, 121, 133.1], [100, 110, 121], [100, 121, 133.1], [1e6, 1e6, 1e6]);

    [Fact]
    public void Weight_of_a_close_is_traded_at_the_next_open()
    {
        var days = Run(Rising, [1, 1, 1], Free, Loose);
        Assert.Equal([0, 0.1, 0.1], days.Net.Select(r => Math.Round(r, 12))); // not the way from 100 to 110, which was over at the open
        Assert.Equal([0, 1, 0], days.Turnover.Select(r => Math.Round(r, 12)));
        Assert.Equal([0, 0.1, 0], Run(Rising, [1, 0, 0], Free, Loose).Net.Select(r => Math.Round(r, 12)));
    }

    [Fact]
    public void Trade_pays_commission_half_spread_and_impact()
    {
        var days = Run(Rising, [1, 1, 1], Free with { CommissionBp = 1, HalfSpreadBp = 2 }, Loose);
        Assert.Equal(0.0003, days.Cost[1], 12);
        Assert.Equal(0.1 - 0.0003, days.Net[1], 12);
        var impact = Run(Rising, [1, 1, 1], Free with { Impact = 0.5, Capital = 10_000m }, Loose); // a hundredth of the day's money, volatility 0.02
        Assert.Equal(0.5 * 0.02 * 0.1, impact.Cost[1], 12);
    }

    [Fact]
    public void Cash_earns_borrowed_money_and_shares_sold_short_cost()
    {
        var rates = Free with { CashRate = 0.0365, MarginRate = 0.0365, BorrowRate = 0.073 };
        Assert.Equal([0, 0.0001, 0.0001], Run(Rising, [0, 0, 0], rates, Loose).Net.Select(r => Math.Round(r, 12)));
        var bought = Run(Rising, [2, 2, 2], rates, Loose);
        Assert.Equal(-0.0002 * (1.1 * 1.0001 / 1.2) / 1.1, bought.Carry[2] * 1, 4); // about one capital borrowed at twice the rate
        var sold = Run(Rising, [-0.5, -0.5, -0.5], rates, Loose);
        Assert.Equal((0.0001 * 1.5 / 0.95) - (0.0002 * 0.55 / 0.95), sold.Carry[2], 7);
    }

    [Fact]
    public void Limits_cut_weights_and_small_changes_are_not_traded()
    {
        Assert.Equal(0, Run(Rising, [-1, -1, -1], Free, new()).Turnover.Sum());
        Assert.Equal(1.5, Run(Rising, [9, 9, 9], Free, new() { MaxLeverage = 1.5, MaxDailyTurnover = 20 }).Turnover[1], 12);
        Assert.Equal(0.25, Run(Rising, [1, 1, 1], Free, new() { MaxDailyTurnover = 0.25 }).Turnover[1], 12);
        Assert.Equal(0, Run(Rising, [0.05, 0.05, 0.05], Free, new()).Turnover.Sum()); // within the band
        Assert.True(Run(Rising, [0.12, 0, 0], Free, new()).Turnover[2] > 0.1); // given up whole
    }

    [Fact]
    public void Ruin_ends_trading()
    {
        var crash = new Bars("A", Rising.Days.ToArray(), [100, 100, 40], [100, 100, 40], [100, 100, 40], [100, 100, 40], new double[3]);
        var days = Run(crash, [2, 2, 2], Free, Loose);
        Assert.Equal([0, 0, -1], days.Net);
    }

    [Fact]
    public void Holding_one_capital_without_costs_is_the_symbols_own_return() =>
        Gen.Int[1, 1000].Sample(seed =>
        {
            var bars = Serving.Market.MadeBars.Of(seed, 50);
            var days = Run(bars, [.. Enumerable.Repeat(1.0, 50)], Free, Loose);
            for (var t = 2; t < 50; t++) Assert.Equal((bars.Close[t] / bars.Close[t - 1]) - 1, days.Net[t], 10);
        });

    /// <summary>The look-ahead canary of the harness itself: what a day earned never depends on a later bar or weight.</summary>
    [Fact]
    public void Later_bars_and_weights_leave_earlier_days_as_they_were() =>
        Gen.Select(Gen.Int[1, 1000], Gen.Int[5, 95]).Sample((seed, known) =>
        {
            var bars = Serving.Market.MadeBars.Of(seed, 100);
            var random = new Random(seed);
            var weights = Enumerable.Range(0, 100).Select(_ => (3 * random.NextDouble()) - 1.5).ToArray();
            var before = Run(bars, weights, new(), new() { LongOnly = false });
            var after = Run(Serving.Market.MadeBars.CorruptedAfter(bars, known), [.. weights[..(known - 1)], .. weights[(known - 1)..].Select(w => -w)], new(), new() { LongOnly = false });
            Assert.Equal(before.Net[..known], after.Net[..known]);
        });

    private static BacktestDays Run(Bars bars, double[] targets, CostRules costs, PositionLimits limits)
    {
        var days = new BacktestDays(bars.Count);
        new Backtest(bars, [.. Enumerable.Repeat(0.02, bars.Count)], costs, limits).Run(targets, 1, bars.Count, days);
        return days;
    }
}
