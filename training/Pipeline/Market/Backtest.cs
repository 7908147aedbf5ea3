using Serverless.Serving.Market;

namespace Serverless.Training.Market;

/// <summary>
/// What a strategy would have earned. Weights decided at a day's close are traded at the next day's open, at its price, for commission, half of the spread
/// and impact; cash earns, borrowed money and shares sold short cost. One pass, nothing allocated by day.
/// </summary>
public sealed class Backtest
{
    private readonly CostRules _costs;
    private readonly PositionLimits _limits;
    private readonly double[] _overnight, _intraday, _years, _impact;

    /// <summary>Prepares the days of a symbol.</summary>
    /// <param name="bars">The symbol.</param>
    /// <param name="volatility">Daily volatility forecast at each close, for the impact of the next day's trades.</param>
    /// <param name="costs">What trading and holding cost.</param>
    /// <param name="limits">What positions may be.</param>
    public Backtest(Bars bars, double[] volatility, CostRules costs, PositionLimits limits)
    {
        (_costs, _limits, Days) = (costs, limits, bars.Count);
        (_overnight, _intraday, _years, _impact) = (new double[Days], new double[Days], new double[Days], new double[Days]);
        for (var t = 1; t < Days; t++)
        {
            _overnight[t] = bars.Open[t] / bars.Close[t - 1];
            _intraday[t] = bars.Close[t] / bars.Open[t];
            _years[t] = (bars.Days[t].DayNumber - bars.Days[t - 1].DayNumber) / 365.0;
            _impact[t] = bars.Traded[t] > 0 ? costs.Impact * volatility[t - 1] * Math.Sqrt((double)costs.Capital / bars.Traded[t]) : 0;
        }
    }

    /// <summary>Number of days of the symbol.</summary>
    public int Days { get; }

    /// <summary>Runs weights through days, beginning and never ending with cash.</summary>
    /// <param name="targets">Weight decided at each close; beyond the limits it is cut.</param>
    /// <param name="from">First day traded, at its open, by the weight of the day before; 1 or later.</param>
    /// <param name="to">Day after the last one.</param>
    /// <param name="into">Takes the figures of these days; those of others are 0.</param>
    public void Run(ReadOnlySpan<double> targets, int from, int to, BacktestDays into)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(from, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(to, Days);
        into.Clear();
        var (cash, held, least, most) = (1.0, 0.0, _limits.LongOnly ? 0 : -_limits.MaxLeverage, _limits.MaxLeverage);
        for (var t = from; t < to; t++)
        {
            var before = cash + held;
            var carry = ((cash * (_costs.CashRate + (cash < 0 ? _costs.MarginRate : 0))) + (held < 0 ? held * _costs.BorrowRate : 0)) * _years[t];
            (cash, held) = (cash + carry, held * _overnight[t]);
            var open = cash + held;
            var weight = open > 0 ? held / open : 0;
            var target = Math.Clamp(targets[t - 1], least, most);
            var change = Math.Clamp(target - weight, -_limits.MaxDailyTurnover, _limits.MaxDailyTurnover);
            var closes = target == 0 && held != 0; // what is given up is given up whole, however little it is
            if (open > 0 && (Math.Abs(change) >= _limits.NoTradeBand || closes) && change != 0)
            {
                var paid = Math.Abs(change) * open * (_costs.Proportional + (_impact[t] * Math.Sqrt(Math.Abs(change) * open)));
                held += change * open;
                cash = open - held - paid;
                (into.Turnover[t], into.Cost[t]) = (Math.Abs(change), paid / before);
            }

            held *= _intraday[t];
            var after = cash + held;
            (into.Net[t], into.Carry[t]) = ((after / before) - 1, carry / before);
            if (after <= 0) // everything is lost, and nothing is traded any more
            {
                into.Net[t] = -1;
                return;
            }

            into.Weight[t] = held / after;
        }
    }
}

/// <summary>What a backtest showed of each day; used again by the next one.</summary>
/// <param name="days">Number of days.</param>
public sealed class BacktestDays(int days)
{
    /// <summary>Return after all costs, from close to close.</summary>
    public double[] Net { get; } = new double[days];

    /// <summary>Cost of the day's trades, as a share of the capital at the close before.</summary>
    public double[] Cost { get; } = new double[days];

    /// <summary>Interest less margin and borrowing, as such a share.</summary>
    public double[] Carry { get; } = new double[days];

    /// <summary>Value traded, as a share of the capital.</summary>
    public double[] Turnover { get; } = new double[days];

    /// <summary>Weight held at the close.</summary>
    public double[] Weight { get; } = new double[days];

    internal void Clear()
    {
        foreach (var array in (double[][])[Net, Cost, Carry, Turnover, Weight]) Array.Clear(array);
    }
}
