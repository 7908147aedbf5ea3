namespace Serverless.Serving.Market;

/// <summary>
/// Daily bars of one symbol, oldest first, as parallel arrays. Prices are adjusted for splits and dividends from the first day on: new days, splits and
/// dividends change no earlier price, so that what was known on a day is a prefix (<see cref="Until(int)"/>). Only ratios of prices mean something.
/// </summary>
public sealed class Bars
{
    private readonly DateOnly[] _days;
    private readonly double[] _open, _high, _low, _close, _traded;

    /// <summary>Takes the arrays, which are not copied and must not be changed later.</summary>
    /// <param name="symbol">The symbol.</param>
    /// <param name="days">Trading days, ascending, none twice.</param>
    /// <param name="open">Opening prices, above 0.</param>
    /// <param name="high">Highest prices, at least open, low and close.</param>
    /// <param name="low">Lowest prices, above 0, at most open and close.</param>
    /// <param name="close">Closing prices.</param>
    /// <param name="traded">Money traded on the day, shares × price as quoted; 0 where it is not known.</param>
    /// <exception cref="ArgumentException">An array has another length, days do not ascend, or a bar is none.</exception>
    public Bars(string symbol, DateOnly[] days, double[] open, double[] high, double[] low, double[] close, double[] traded)
        : this(symbol, days, open, high, low, close, traded, days.Length)
    {
        foreach (var array in (double[][])[open, high, low, close, traded])
        {
            if (array.Length != days.Length) throw new ArgumentException($"The bars of '{symbol}' have arrays of different lengths.", nameof(days));
        }

        for (var t = 0; t < days.Length; t++)
        {
            if (t > 0 && days[t] <= days[t - 1]) throw new ArgumentException($"The bars of '{symbol}' do not ascend at {days[t]:yyyy-MM-dd}.", nameof(days));
            var whole = low[t] > 0 && low[t] <= Math.Min(open[t], close[t]) && high[t] >= Math.Max(open[t], close[t]) && double.IsFinite(high[t]) && traded[t] >= 0 && double.IsFinite(traded[t]);
            if (!whole) throw new ArgumentException($"The bar of '{symbol}' on {days[t]:yyyy-MM-dd} is none: prices above 0, low at most and high at least open and close.", nameof(days));
        }
    }

    private Bars(string symbol, DateOnly[] days, double[] open, double[] high, double[] low, double[] close, double[] traded, int count) =>
        (Symbol, _days, _open, _high, _low, _close, _traded, Count) = (symbol, days, open, high, low, close, traded, count);

    /// <summary>The symbol.</summary>
    public string Symbol { get; }

    /// <summary>Number of days.</summary>
    public int Count { get; }

    /// <summary>Trading days, ascending.</summary>
    public ReadOnlySpan<DateOnly> Days => _days.AsSpan(0, Count);

    /// <summary>Opening prices, adjusted.</summary>
    public ReadOnlySpan<double> Open => _open.AsSpan(0, Count);

    /// <summary>Highest prices, adjusted.</summary>
    public ReadOnlySpan<double> High => _high.AsSpan(0, Count);

    /// <summary>Lowest prices, adjusted.</summary>
    public ReadOnlySpan<double> Low => _low.AsSpan(0, Count);

    /// <summary>Closing prices, adjusted.</summary>
    public ReadOnlySpan<double> Close => _close.AsSpan(0, Count);

    /// <summary>Money traded on the day; 0 where it is not known.</summary>
    public ReadOnlySpan<double> Traded => _traded.AsSpan(0, Count);

    /// <summary>What was known at the close of the <paramref name="days"/>-th day; shares the arrays.</summary>
    /// <param name="days">0 to <see cref="Count"/>.</param>
    public Bars Until(int days)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(days);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(days, Count);
        return new(Symbol, _days, _open, _high, _low, _close, _traded, days);
    }

    /// <summary>What was known at the close of a date.</summary>
    public Bars Until(DateOnly date) => Until(Known(date));

    /// <summary>How many days are not after a date; the last of them is the latest known at its close.</summary>
    public int Known(DateOnly date)
    {
        var place = Array.BinarySearch(_days, 0, Count, date);
        return place >= 0 ? place + 1 : ~place;
    }

    /// <summary>Log return from one day's close to the next, 0 on the first day.</summary>
    public double[] LogReturns()
    {
        var returns = new double[Count];
        for (var t = 1; t < Count; t++) returns[t] = Math.Log(_close[t] / _close[t - 1]);
        return returns;
    }
}
