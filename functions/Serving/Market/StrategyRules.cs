using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Serverless.Serving.Market;

/// <summary>How strategies of a market portfolio are searched and judged. No order is ever sent: the outcome is target weights and evidence.</summary>
public sealed record StrategyRules
{
    /// <summary>What trading and holding cost.</summary>
    public CostRules Costs { get; init; } = new();

    /// <summary>What positions may be.</summary>
    public PositionLimits Limits { get; init; } = new();

    /// <summary>The forecasts that size positions; null for the volatility of the range of past days and the mean return so far.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)] // left out it would mean the usual forecasts
    public SizingRules? Sizing { get; init; } = new();

    /// <summary>What is tried, inside the training window only.</summary>
    public SearchRules Search { get; init; } = new();

    /// <summary>What a strategy must show before it is promoted; else the portfolio's target is to hold nothing new.</summary>
    public EvidenceRules Evidence { get; init; } = new();
}

/// <summary>
/// What trading and holding cost. Of each trade: <see cref="CommissionBp"/> and <see cref="HalfSpreadBp"/> of its value, and
/// <see cref="Impact"/> × daily volatility × square root of its share of the day's traded money (the square-root law).
/// </summary>
public sealed record CostRules
{
    /// <summary>Commission and fees, in basis points (1/10,000) of the traded value.</summary>
    [Range(0, 1000.0, ErrorMessage = "0.5 is 5 dollars of 100,000")]
    public double CommissionBp { get; init; } = 0.5;

    /// <summary>Half of the spread between bid and ask, in basis points of the traded value.</summary>
    [Range(0, 1000.0, ErrorMessage = "1.5 is a cent and a half of 100 dollars")]
    public double HalfSpreadBp { get; init; } = 1.5;

    /// <summary>Factor of the square-root law of market impact; 0 leaves it out.</summary>
    [Range(0, 10.0, ErrorMessage = "0.1 is what Almgren et al. (2005) measured for a hundredth of a day's volume, others find up to 1 for great orders")]
    public double Impact { get; init; } = 0.1;

    /// <summary>Money that the strategy moves, which decides its share of the market's volume.</summary>
    [Range(0, 1e12, MinimumIsExclusive = true, ErrorMessage = "1000000 is a million of the currency that prices are in")]
    public decimal Capital { get; init; } = 1_000_000m;

    /// <summary>Yearly rate on what is not invested, 0.02 for 2 %.</summary>
    [Range(-0.1, 1.0, ErrorMessage = "0.02 pays 2 % a year on cash")]
    public double CashRate { get; init; }

    /// <summary>Yearly rate, beyond the cash rate, on money borrowed for more than the capital.</summary>
    [Range(0, 1.0, ErrorMessage = "0.015 costs 1.5 % a year on what is borrowed")]
    public double MarginRate { get; init; } = 0.015;

    /// <summary>Yearly rate on the value of shares sold short.</summary>
    [Range(0, 1.0, ErrorMessage = "0.005 costs half a percent a year on what is short")]
    public double BorrowRate { get; init; } = 0.005;

    /// <summary>Commission and half-spread together, as a share of the traded value.</summary>
    [JsonIgnore]
    public double Proportional => (CommissionBp + HalfSpreadBp) / 10_000;
}

/// <summary>The forecasts that size positions: those of the contract's 'forecast', fitted anew every so often on the days before.</summary>
public sealed record SizingRules
{
    /// <summary>Networks of each fit; 0 for the weighted sum of signals alone, which takes a tenth of a second.</summary>
    [Range(0, 16, ErrorMessage = "0 is usual, each of more takes seconds a fit")]
    public int Networks { get; init; }

    /// <summary>Trading days between two fits; each is made from all days before it.</summary>
    [Range(21, 100_000, ErrorMessage = "504 are two years; fewer cost time")]
    public int RefitDays { get; init; } = 504;

    /// <summary>Trading days that the first fit is made from at least.</summary>
    [Range(300, 20_000, ErrorMessage = "504 are two years")]
    public int MinDays { get; init; } = 504;
}

/// <summary>What positions may be, in multiples of the capital.</summary>
public sealed record PositionLimits
{
    /// <summary>Greatest weight of a symbol.</summary>
    [Range(0, 10.0, MinimumIsExclusive = true, ErrorMessage = "1 invests the capital once, 1.5 borrows half of it again")]
    public double MaxLeverage { get; init; } = 1;

    /// <summary>Whether short positions, down to minus the greatest weight, are left out.</summary>
    public bool LongOnly { get; init; } = true;

    /// <summary>Greatest change of a weight in a day.</summary>
    [Range(0, 20.0, MinimumIsExclusive = true, ErrorMessage = "0.5 moves half of the capital at most")]
    public double MaxDailyTurnover { get; init; } = 1;

    /// <summary>Changes of a weight smaller than this are not traded, for they cost more than they bring.</summary>
    [Range(0, 1.0, ErrorMessage = "0.1 trades when the target has moved by a tenth of the capital")]
    public double NoTradeBand { get; init; } = 0.1;
}

/// <summary>What is tried. Every combination is a trial, and every trial makes the evidence that is asked of the best one greater.</summary>
public sealed record SearchRules
{
    /// <summary>Kinds of strategies. Mean reversion is left out by default: it trades far more than the others.</summary>
    public IReadOnlyList<StrategyKind> Kinds { get; init; } = [StrategyKind.VolatilityTarget, StrategyKind.Trend, StrategyKind.ForecastSized, StrategyKind.Combined];

    /// <summary>Volatilities aimed at, in multiples of the symbol's own so far; above 0, at most 10.</summary>
    public IReadOnlyList<double> Targets { get; init; } = [0.3, 0.45, 0.6];

    /// <summary>Powers of the ratio of target to forecast volatility: 1 scales by volatility, 2 by variance; above 0, at most 4.</summary>
    public IReadOnlyList<double> Powers { get; init; } = [1, 2];

    /// <summary>Days back to the price that tells a trend; 2 to 1,000.</summary>
    public IReadOnlyList<int> TrendDays { get; init; } = [126, 252];

    /// <summary>Days of the average price that tells a trend; 2 to 1,000.</summary>
    public IReadOnlyList<int> AverageDays { get; init; } = [100, 200];

    /// <summary>Shares of a weight kept against a falling trend; 0 to 1.</summary>
    public IReadOnlyList<double> Floors { get; init; } = [0, 0.5];

    /// <summary>Days of a way that is expected to turn back; 1 to 250.</summary>
    public IReadOnlyList<int> ReversalDays { get; init; } = [5];

    /// <summary>Standard deviations from which on a turn is expected; above 0, at most 10.</summary>
    public IReadOnlyList<double> ReversalEntries { get; init; } = [1, 1.5, 2];

    /// <summary>Shares of the weight at which capital would grow fastest; above 0, at most 2.</summary>
    public IReadOnlyList<double> Kelly { get; init; } = [0.25, 0.5];

    /// <summary>
    /// Share of a kind's settings, the best by Sharpe ratio after costs, whose weights are averaged: the best alone is mostly luck. Kinds share the
    /// capital by how much likelier their training returns are with their Sharpe ratio than without any skill.
    /// </summary>
    [Range(0, 1.0, MinimumIsExclusive = true, ErrorMessage = "0.5 averages the better half")]
    public double Kept { get; init; } = 0.5;

    /// <summary>Trading days between two choices of parameters; each is made from the days before it alone.</summary>
    [Range(21, 2520, ErrorMessage = "252 chooses once a year")]
    public int Every { get; init; } = 252;

    /// <summary>Trading days that a choice looks back on at least.</summary>
    [Range(252, 20_000, ErrorMessage = "1008 are four years")]
    public int MinDays { get; init; } = 1008;

    /// <summary>Whether a choice looks back on the last <see cref="MinDays"/> only (rolling), instead of on all days before it (expanding).</summary>
    public bool Rolling { get; init; }

    /// <summary>Days left out between the days that a choice looks back on and those that it is judged on (purge and embargo, López de Prado 2018).</summary>
    [Range(0, 252, ErrorMessage = "5 leave a week between them")]
    public int Embargo { get; init; } = 5;
}

/// <summary>A kind of strategy.</summary>
public enum StrategyKind
{
    /// <summary>Holds the symbol in proportion to a volatility target over the forecast volatility (Moreira and Muir 2017; Harvey et al. 2018).</summary>
    VolatilityTarget,

    /// <summary>Holds what has risen over months (time-series momentum; Moskowitz, Ooi and Pedersen 2012).</summary>
    Trend,

    /// <summary>Buys what has fallen far within days (Lehmann 1990).</summary>
    MeanReversion,

    /// <summary>A share of the weight at which capital would grow fastest by the forecast of return and volatility (Kelly 1956).</summary>
    ForecastSized,

    /// <summary>The volatility target, less of it against a falling trend.</summary>
    Combined,
}

/// <summary>What a strategy must show on days that no choice has seen.</summary>
public sealed record EvidenceRules
{
    /// <summary>
    /// Least deflated Sharpe ratio (Bailey and López de Prado 2014), a probability, of what is left of the returns when holding the symbol explains
    /// all that it can: being long what has risen is no skill.
    /// </summary>
    [Range(0.5, 1.0, ErrorMessage = "0.95 lets luck explain it in one of twenty")]
    public double MinDeflatedSharpe { get; init; } = 0.95;

    /// <summary>Least ratio of the cost at which nothing is left of the gain to the assumed cost.</summary>
    [Range(1.0, 100.0, ErrorMessage = "1 asks that it survives the assumed cost, 2 twice of it")]
    public double MinBreakEven { get; init; } = 1;
}
